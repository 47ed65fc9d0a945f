import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Decision } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { LineSplitter } from "@mh/core/model/lines.ts";
import { isInside } from "@mh/core/model/scope.ts";
import { localOf, weekdayOf } from "@mh/core/model/wall-clock.ts";
import { loadPolicySet, shippedRules } from "@mh/core/policy/policy-set.ts";
import { decodeUtf8 } from "@mh/core/ports/bytes.ts";
import { type ReplayContext, type ReplayedAs, type ReplayedCall, replay } from "@mh/core/replay/replay.ts";
import { TranscriptReader, type TranscriptSession } from "@mh/core/replay/transcript.ts";
import ipaddr from "ipaddr.js";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { readPlain } from "../adapters/plain-file.ts";
import { isPublicAddress } from "../adapters/public-address.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";
import { chunksOf, whyUnread } from "../import/chunks.ts";

/** A call with what a home without rules and grants of its own says, and what this home says. */
export interface ReplayedTwice extends ReplayedCall {
  file: string;
  /** Absent where there is no home. */
  here?: Pick<ReplayedCall, "verdict" | "layer" | "reasons" | "values" | "rules">;
}

export interface Replayed {
  files: number;
  sessions: number;
  calls: ReplayedTwice[];
  fresh: Record<Decision, number>;
  here?: Record<Decision, number>;
  /** Files and lines that could not be read, each with the reason. */
  unread: { file: string; why: string }[];
}

export interface ReplayRights {
  rules: readonly PolicyRule[];
  as: ReplayedAs;
}

/** The machine and the home that the calls are judged for. */
export interface ReplayedOn {
  here?: ReplayRights;
  environment: Record<string, string | undefined>;
  /** Folders with rules, settings or keys of mh. */
  own: string[];
  closed: Pick<ClosedPlaces, "toSkills" | "toPrograms">;
}

const fileBytesMax = 256_000_000;
const lineBytesMax = 16_000_000;

/**
 * Reads the transcripts below a folder, or one, and says what the gate would have said to each call: by the shipped rules
 * with nothing granted, and by the rules and rights of a home. Links are not followed. Throws `import.unreadable`.
 */
export function replayTranscripts(place: string, { here, environment, own, closed }: ReplayedOn): Replayed {
  const base = path.resolve(place);
  const stat = fs.lstatSync(base, { throwIfNoEntry: false });
  if (!stat)
    throw new Fault("import.unreadable", `There is nothing at ${place}. Name a folder with transcripts, or one.`);
  const program = programFolder(base);
  const local = localOf(Date.now(), undefined);
  const context: Omit<ReplayContext, "as"> = {
    at: { hour: local.hour, weekday: weekdayOf(local) },
    home: environment.HOME || os.homedir(),
    isInward,
    closed: { toSkills: closed.toSkills(), toPrograms: closed.toPrograms() },
    isProtected: (touched) => own.some((folder) => isInside(folder, touched)) || isOfProgram(program, touched),
  };
  const fresh = { set: loadPolicySet(nodeCrypto, shippedRules()), as: nobody };
  const home = here && { set: loadPolicySet(nodeCrypto, here.rules), as: here.as };
  const replayed: Replayed = { files: 0, sessions: 0, calls: [], fresh: none(), unread: [] };
  if (home) replayed.here = none();
  const nameOf = (file: string) => path.relative(path.dirname(base), file);
  const tell = (file: string, why: string) => void replayed.unread.push({ file: nameOf(file), why });
  for (const file of stat.isDirectory() ? transcriptsBelow(base, tell) : [base]) {
    const name = nameOf(file);
    const reader = new TranscriptReader();
    const why = readInto(reader, file);
    if (why !== undefined) tell(file, why);
    const sessions = reader.sessions();
    if (sessions.length > 0) replayed.files += 1;
    for (const each of sessions) {
      const session = withinBounds(each, (left) => tell(file, left));
      replayed.sessions += 1;
      const verdicts = replay(fresh.set, session, { ...context, as: fresh.as });
      const again = home && replay(home.set, session, { ...context, as: home.as });
      for (const [n, call] of verdicts.entries()) {
        replayed.fresh[call.verdict] += 1;
        const other = again?.[n];
        if (other && replayed.here) replayed.here[other.verdict] += 1;
        const { verdict, layer, reasons, values, rules } = other ?? call;
        replayed.calls.push({
          file: name,
          ...call,
          ...(other && { here: { verdict, layer, reasons, values, rules } }),
        });
      }
    }
  }
  return replayed;
}

/** Of one session: the work for a call grows with what came before it. */
const [callsMax, saidMax] = [10_000, 1_000];

/** As much of a session as is judged, and what the owner typed as far as it is heard: what is not vouches for nothing. */
function withinBounds(session: TranscriptSession, tell: (why: string) => void): TranscriptSession {
  const { calls } = session;
  if (calls.length > callsMax)
    tell(`Its last ${calls.length - callsMax} calls were not judged: of one session ${callsMax} are.`);
  let said = 0;
  const heard = calls.slice(0, callsMax).map((call) => {
    if (call.said === undefined) return call;
    said += 1;
    const { said: _said, ...unheard } = call;
    return said > saidMax ? unheard : call;
  });
  if (said > saidMax) tell(`What you typed last does not count: of one session ${saidMax} messages do.`);
  return { ...session, calls: heard };
}

const none = (): Record<Decision, number> => ({ allow: 0, ask: 0, deny: 0 });
/** Who comes to a home that has granted nothing: at the trust that an agent begins with. */
const nobody: ReplayedAs = { principal: "agent:replayed", trust: "suggest", grants: [] };

/** An address that is no name: of this machine, or of a network of its own. Names are looked up when they are fetched. */
function isInward(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "");
  return bare === "localhost" || bare.endsWith(".localhost") || (ipaddr.isValid(bare) && !isPublicAddress(bare));
}

/** The folder of the program whose transcripts lie there: transcripts may be deep within it. */
function programFolder(base: string): string {
  for (let at = base; at !== path.dirname(at); at = path.dirname(at)) if (/^\.[^.]/.test(path.basename(at))) return at;
  return base;
}

/** Rules, settings and keys of the program that is replayed: files right in its folder, and what runs by itself. */
function isOfProgram(folder: string, touched: string): boolean {
  const name = path.basename(folder);
  // The folder may be a copy of one that lay elsewhere.
  const inside = isInside(folder, touched)
    ? folder
    : name.startsWith(".") && `${touched.split(`/${name}/`)[0]}/${name}`;
  if (inside === false || !isInside(inside, touched) || touched === inside) return false;
  const place = touched.slice(inside.length + 1);
  return /^[^/]+\.(?:json|json5|ya?ml|toml|env|db|pem|key)$|^\.env|^(?:hooks|plugins|cron|credentials)\//i.test(place);
}

const depthMax = 12;

function* transcriptsBelow(folder: string, tell: (place: string, why: string) => void, depth = 0): Generator<string> {
  for (const entry of entriesOf(folder, tell)) {
    const full = path.join(folder, entry.name);
    const isTranscript = /\.(?:jsonl|json|af)$/i.test(entry.name);
    if (entry.isSymbolicLink()) tell(full, "It is a link, and was not followed.");
    else if (entry.isFile()) {
      if (isTranscript) yield full;
    } else if (!entry.isDirectory()) {
      if (isTranscript) tell(full, notPlain);
    } else if (!/^(?:node_modules|\.git)$/.test(entry.name)) {
      if (depth < depthMax) yield* transcriptsBelow(full, tell, depth + 1);
      else tell(full, `Nobody looked deeper than ${depthMax} folders.`);
    }
  }
}

const notPlain = "It is a pipe or a device, and no file.";

function entriesOf(folder: string, tell: (place: string, why: string) => void): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const why = whyUnread(error);
    if (why === undefined) throw error;
    tell(folder, why);
    return [];
  }
}

/** Why some of a file could not be read. A whole file of JSON is one entry; else each line is. */
function readInto(reader: TranscriptReader, file: string): string | undefined {
  try {
    const stat = fs.lstatSync(file);
    if (!stat.isFile()) return notPlain;
    if (stat.size > fileBytesMax) return "It is longer than 256 MB.";
    if (!/\.jsonl$/i.test(file)) {
      const whole = parsed(readPlain(file));
      if (whole === undefined) return "It is no JSON.";
      return void reader.take(whole.value);
    }
    let bad = 0;
    const lines = new LineSplitter(lineBytesMax);
    const take = ({ bytes, isTooLong }: { bytes: Uint8Array; isTooLong: boolean }) => {
      const line = isTooLong ? undefined : parsed(bytes);
      if (line) reader.take(line.value);
      else if (isTooLong || bytes.some((byte) => byte > 0x20)) bad += 1;
    };
    for (const chunk of chunksOf(file)) for (const line of lines.push(chunk)) take(line);
    const last = lines.finish();
    if (last) take(last);
    return bad > 0 ? `${bad} of its lines are no JSON, or longer than 16 MB.` : undefined;
  } catch (error) {
    const why = whyUnread(error);
    if (why === undefined) throw error;
    return why;
  }
}

function parsed(bytes: Uint8Array): { value: unknown } | undefined {
  const text = decodeUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Said by the principal that asked for it.
    return undefined;
  }
}
