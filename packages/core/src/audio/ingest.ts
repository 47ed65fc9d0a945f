import { audioIngest, audioNext } from "@mh/contract/audio.ts";
import type { OutputOf } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { moneyWords } from "@mh/contract/values/money.ts";
import type { Recording } from "@mh/contract/values/recording.ts";
import { canonicalPath, refuseClosed } from "../disk/outside-path.ts";
import { type Classification, type CommandContext, defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { wasForgotten } from "../memory/store.ts";
import type { Config } from "../model/config.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Disk } from "../ports/disk.ts";
import type { Transcriber, Transcript } from "../ports/transcriber.ts";
import { minorFor, minutesCounted } from "./cost.ts";
import { audioSource, nameOf, recordingOf, recordingsIn } from "./recordings.ts";
import { type AudioServer, audioSettings, serverIn, whyNoServer } from "./settings.ts";
import { isSoundName, plainName, soundType } from "./sound-type.ts";

export interface AudioDeps {
  crypto: Pick<Crypto, "sha256Hex">;
  disk: Disk;
  /** Sees committed state only. */
  reader: Database;
  /** A text without the values of secrets. */
  redact: (text: string) => string;
  serverOf: (server: AudioServer) => Promise<Transcriber>;
  /** Writes how a recording stands, as a command that this one caused. */
  note: (args: { recording: Recording; text?: string }, context: CommandContext) => Promise<string | null>;
}

type Stands = OutputOf<typeof audioIngest>;

/** A server that was busy or away is asked again so often. */
const triesMax = 5;
/** A file that was changed just now may be on its way still. */
const settledMs = 10_000;
const inboxFilesMax = 1_000;

/** Takes in one file that its caller names. */
export function ingestAudioSkill(deps: AudioDeps) {
  return defineOutside(audioIngest, {
    stored: "kept",
    classify({ path }, config) {
      refuseClosed(audioIngest.name, "path", path, deps.disk.closed);
      const asked = asking(config);
      const paths = [canonicalPath(path)];
      return { ...asked, effect: asked.effect === "read" ? "local" : asked.effect, scope: { ...asked.scope, paths } };
    },
    async pin({ path }, { config }) {
      const bytes = await deps.disk.read(canonicalPath(path), bytesMaxIn(config));
      return { pins: [{ argument: "path", what: path, hash: deps.crypto.sha256Hex(bytes), bytes: bytes.length }] };
    },
    async run({ path, language }, context) {
      const bytes = await deps.disk.read(canonicalPath(path), bytesMaxIn(context.config));
      const [pin] = context.pins ?? [];
      if (pin && pin.hash !== deps.crypto.sha256Hex(bytes))
        throw new Fault("audio.failed", `${path} is not the file that was approved. Ingest it again.`);
      const stands = await take(deps, { path: canonicalPath(path), language }, bytes, context);
      if (stands.status === "failed") throw new Fault("audio.failed", `${stands.name}: ${stands.reason}`);
      return stands;
    },
  });
}

/** Looks into the inbox, and transcribes the first that waits there. */
export function nextAudioSkill(deps: AudioDeps) {
  return defineOutside(audioNext, {
    stored: "kept",
    classify: (_args, config) => asking(config),
    async run(_args, context) {
      const { config, now } = context;
      const { inbox } = audioSettings.of(config);
      const server = serverIn(config) !== undefined;
      if (inbox === undefined) return { taken: null, found: 0, ignored: 0, waiting: 0, server };
      const folder = canonicalPath(inbox);
      const { entries } = await deps.disk.list(folder, inboxFilesMax);
      const files = entries.filter(({ kind }) => kind === "file");
      const sounds = files.filter(({ name }) => isSoundName(name));
      const places = sounds.map((each) => ({ ...each, path: `${folder}/${each.name}` }));
      const known = new Map(
        recordingsIn(deps.reader, inboxFilesMax).map((each) => [each.recording.path, each.recording]),
      );
      const todo = places.filter(({ path, bytes, changedAt }) => {
        const before = known.get(path);
        const isSame = before?.bytes === bytes && before.changedAt === changedAt;
        return Date.parse(changedAt) <= now - settledMs && !(isSame && before?.status !== "waiting");
      });
      // Without a server only what is new is looked at: what waits goes on waiting.
      const fresh = todo.filter(({ path, bytes }) => known.get(path)?.bytes !== bytes);
      const [first] = server ? todo : fresh;
      const counts = { found: fresh.length, ignored: files.length - sounds.length, server };
      if (!first) return { taken: null, ...counts, waiting: todo.length };
      const taken = await takeFromInbox(deps, first, context);
      return { taken, ...counts, waiting: todo.length - (taken.status === "waiting" ? 0 : 1) };
    },
  });
}

async function takeFromInbox(
  deps: AudioDeps,
  { path, changedAt, bytes: size }: { path: string; changedAt: string; bytes: number },
  context: OutsideContext,
): Promise<Stands> {
  const bytesMax = bytesMaxIn(context.config);
  if (size <= bytesMax) return take(deps, { path, changedAt }, await deps.disk.read(path, bytesMax), context);
  const sha256 = deps.crypto.sha256Hex(`${path} ${size} ${changedAt}`);
  const reason = `It is larger than ${bytesMax / 1e6} MB (audio.megabytesMax). Cut it into pieces, or compress it.`;
  const recording = { path, sha256, bytes: size, changedAt, mediaType: "audio/unknown", tries: 0 };
  return noted(deps, { ...recording, status: "failed", reason }, context);
}

/** One file, from its bytes to a memory; what fails is noted with the reason, and the next step. */
async function take(
  deps: AudioDeps,
  file: { path: string; changedAt?: string; language?: string | undefined },
  bytes: Uint8Array,
  context: OutsideContext,
): Promise<Stands> {
  const { path, changedAt, language = audioSettings.of(context.config).language } = file;
  const sha256 = deps.crypto.sha256Hex(bytes);
  const name = nameOf(path);
  if (wasForgotten(deps.reader, audioSource, sha256))
    return { id: null, name, status: "failed", known: true, reason: "It was forgotten before, and stays so." };
  const before = recordingOf(deps.reader, sha256);
  if (before?.recording.status === "done") return { id: before.id, name, status: "done", known: true, reason: null };
  const mediaType = soundType(bytes);
  const recording = {
    ...{ path, sha256, bytes: bytes.length, mediaType: mediaType ?? "application/octet-stream" },
    ...{ tries: before?.recording.tries ?? 0, ...(changedAt && { changedAt }) },
  };
  if (mediaType === undefined) {
    const reason = "It is no sound file that is known: mp3, m4a, wav, ogg, flac or webm. Convert it, and ingest that.";
    return noted(deps, { ...recording, status: "failed", reason }, context);
  }
  // Before anything is sent: a run that is cut off leaves it waiting.
  const waiting = await noted(deps, { ...recording, status: "waiting", ...whyWaiting(context.config) }, context);
  const server = serverIn(context.config);
  if (!server) return waiting;
  return transcribed(deps, server, { ...recording, mediaType }, { bytes, language }, context);
}

const whyWaiting = (config: Config): { reason?: string } => {
  const reason = whyNoServer(config);
  return reason === undefined ? {} : { reason };
};

async function transcribed(
  deps: AudioDeps,
  server: AudioServer,
  recording: Omit<Recording, "status">,
  { bytes, language }: { bytes: Uint8Array; language: string | undefined },
  context: OutsideContext,
): Promise<Stands> {
  const { signal, progress } = context;
  const { mediaType } = recording;
  const sound = { bytes, mediaType, name: plainName(mediaType), ...(language && { language }) };
  progress({ done: 0, total: bytes.length, unit: "bytes", note: nameOf(recording.path) });
  pay(server, server.minutesMax, context);
  try {
    const given = await (await deps.serverOf(server)).transcribe(sound, signal);
    progress({ done: bytes.length, total: bytes.length, unit: "bytes", note: nameOf(recording.path) });
    const minutes = minutesCounted(sound, given);
    if (minutes !== undefined) pay(server, minutes, context);
    return await noted(
      deps,
      { ...recording, ...heard(given), status: "done", server: `${server.model} at ${server.host}` },
      context,
      deps.redact(given.text),
    );
  } catch (error) {
    if (signal.aborted || !(error instanceof Fault) || error.code === "secret.locked") throw error;
    const tries = recording.tries + 1;
    const isOver = error.code !== "http.failed" || tries >= triesMax;
    return noted(deps, { ...recording, tries, status: isOver ? "failed" : "waiting", reason: error.message }, context);
  }
}

const heard = ({ language, seconds, segments, remark }: Transcript) => ({
  ...(language !== undefined && { language }),
  ...(seconds !== undefined && { seconds }),
  ...(segments !== undefined && { segments }),
  ...(remark !== undefined && { remark }),
});

async function noted(deps: AudioDeps, recording: Recording, context: OutsideContext, text?: string): Promise<Stands> {
  const id = await deps.note({ recording, ...(text !== undefined && { text }) }, context);
  const { path, status, reason = null } = recording;
  return { id, name: nameOf(path), status, known: false, reason };
}

/** As what a command counts that asks this server. */
function asking(config: Config): Classification {
  const server = serverIn(config);
  if (!server) return { effect: "read", risk: "low", scope: {} };
  const { host, isElsewhere, price, minutesMax } = server;
  const effect = price ? "spend" : isElsewhere ? "send" : "local";
  const minor = Math.ceil(minorFor(server, minutesMax) ?? 0);
  const costs = price && `it costs ${moneyWords(minor, price.currency)} at most`;
  const warning = [isElsewhere && `the recording leaves this machine for ${host}`, costs].filter(Boolean).join("; ");
  return {
    ...{ effect, risk: effect === "local" ? "low" : "medium", scope: { hosts: [host] } },
    ...(price && { amount: { minor, currency: price.currency } }),
    ...(warning && { warning }),
  };
}

function pay(server: AudioServer, minutes: number, { note }: OutsideContext): void {
  const minor = minorFor(server, minutes);
  if (minor !== undefined) note({ spent: { tokens: 0, minor } });
}

const bytesMaxIn = (config: Config): number => audioSettings.of(config).megabytesMax * 1_000_000;
