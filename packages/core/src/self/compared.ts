import { once } from "@mh/contract/once.ts";
import {
  type SelfDecision,
  type SelfDifference,
  type SelfEnd,
  type SelfHistory,
  type SelfKind,
  type SelfStandings,
  selfKinds,
} from "@mh/contract/self.ts";
import { trustLevels } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { principalSchema } from "@mh/contract/values/principal-schema.ts";
import { scopeSchema } from "@mh/contract/values/record.ts";
import { z } from "zod";
import type { OutsideContext } from "../kernel/skill.ts";
import { liveGrants, trustOf } from "../kernel/state.ts";
import { memoryRow } from "../memory/project.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { shellWord } from "../model/shell-word.ts";
import { decodeLossy } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Gzip } from "../ports/files.ts";
import { settingsPath } from "../settings/settings.ts";
import type { SettingsForm } from "../settings/settings-form.ts";
import { grantsName, homeFolder, type OpenedArchive, trustName } from "./archive.ts";
import { bySchema, parsedLines } from "./archive-lines.ts";
import { kindOfPath } from "./belongings.ts";
import { followChain } from "./follow-chain.ts";
import { type ArchiveEntry, unreadable } from "./manifest.ts";
import { type ArchivedFile, placeOf } from "./standing.ts";

const differencesMax = 100;

/** What was found of an archive, one thing after the other. */
export class Compared {
  readonly standings: Partial<Record<SelfKind, SelfStandings>> = {};
  readonly differences: SelfDifference[] = [];

  readonly #stillHere: string[] = [];

  count(kind: SelfKind, end: SelfEnd): void {
    this.standings[kind] ??= { ...none };
    this.standings[kind][end] += 1;
  }

  note(kind: SelfKind, end: SelfEnd, name: string, about: string): void {
    this.count(kind, end);
    if ((end !== "newerThere" && end !== "newerHere") || this.differences.length >= differencesMax) return;
    const newer = end === "newerThere" ? "there" : "here";
    this.differences.push({ kind, name, newer, about: begun(about) });
  }

  /** That one is a memory no more is one of the lines that are counted as revisions. */
  noteMemory(end: SelfEnd, last: SelfHistory["last"], id: string): void {
    if (last.op === "put") this.note("memory", end, id, last.content);
    else this.note("revision", end, id, `is no memory there any more: ${last.why}`);
  }

  noteForgotten(end: SelfEnd, id: string): void {
    this.count("forgotten", end);
    if (end === "kept" && this.#stillHere.length < differencesMax) this.#stillHere.push(id);
  }

  /** What the other home forgot, and this one holds: nothing but the owner's own word makes it forget. */
  stillHere(db: Database): SelfDecision[] {
    return this.#stillHere.flatMap((id): SelfDecision[] => {
      const row = memoryRow(db, id);
      if (!row) return [];
      const { content } = JSON.parse(row.record) as MemoryRecord;
      const about = `was forgotten there and is still here: ${begun(content)}`;
      return [{ kind: "forgotten", name: id, about, next: `mh memory forget ${shellWord(id)}` }];
    });
  }
}

const none: SelfStandings = {
  ...{ new: 0, same: 0, newerThere: 0, newerHere: 0, forgotten: 0, removed: 0, kept: 0, left: 0 },
};

const begun = (text: string): string => text.replace(/\s+/g, " ").slice(0, 120).toWellFormed();

/** The files of some kinds that it brings into a home, those of one package one after the other. */
export function* filesIn(
  archive: OpenedArchive,
  kinds: readonly SelfKind[] = selfKinds,
): Generator<ArchivedFile & { kind: SelfKind; byHand: boolean }> {
  for (const entry of archive.manifest.entries) {
    const path = homePath(entry);
    const kind = path === undefined ? undefined : kindOfPath(path);
    if (path === undefined || kind === undefined || kind === "settings" || !kinds.includes(kind)) continue;
    const bytes = archive.files.read(entry.path) ?? new Uint8Array();
    yield { path, kind, bytes, changedAt: entry.changedAt ?? archive.manifest.at, byHand: entry.byHand === true };
  }
}

const homePath = ({ path }: ArchiveEntry): string | undefined =>
  path.startsWith(homeFolder) ? path.slice(homeFolder.length) : undefined;

/** Follows the chain of the other home's log. Throws `self.unreadable` where it does not add up to what was signed. */
export async function checkLog(
  archive: OpenedArchive,
  { crypto, gzip, pause }: { crypto: Crypto; gzip: Gzip; pause: () => Promise<void> },
  context: OutsideContext,
): Promise<{ records: number; root: string }> {
  const files = below(archive.files, homeFolder);
  // The manifest, which is signed, has a hash of each of its files.
  const { records, root, damage } = await followChain({ crypto, gzip, files, pause, mayCover: true }, context);
  if (damage) throw unreadable(`its log does not add up at record ${damage.seq}: ${damage.reason}`);
  const log = { records, root };
  if (canonical(log) !== canonical(archive.manifest.log)) throw unreadable("its log is not the one that was signed");
  return log;
}

/** Files whose paths begin in a folder of others. */
function below(files: OpenedArchive["files"], folder: string): OpenedArchive["files"] {
  return {
    ...files,
    read: (path) => files.read(`${folder}${path}`),
    readPart: (path, from, to) => files.readPart(`${folder}${path}`, from, to),
    facts: (path) => files.facts(`${folder}${path}`),
    list: (path) => files.list(`${folder}${path}`).map((each) => each.slice(folder.length)),
  };
}

const grantSchema = once(() =>
  z.strictObject({
    principal: principalSchema,
    skill: z.string().max(200),
    scope: scopeSchema(),
    expiresAt: z.iso.datetime().nullable(),
  }),
);
const trustSchema = once(() => z.strictObject({ principal: principalSchema, level: z.enum(trustLevels) }));

interface DecisionDeps {
  db: Database;
  form: SettingsForm;
  now: number;
  read: (path: string) => Uint8Array | undefined;
  /** Whether an agent's or a package's file here is one that the owner allowed as it is. */
  isAdopted: (kind: "agent" | "skill", name: string) => boolean;
}

/** What an archive holds that gives or bounds rights, and is not so here: the owner decides on each. */
export function decisionsIn(archive: OpenedArchive, deps: DecisionDeps): SelfDecision[] {
  return [
    ...grants(archive, deps),
    ...trust(archive, deps),
    ...rulesAndPrompts(archive, deps),
    ...programs(archive, deps),
    ...settings(archive, deps),
  ];
}

function grants(archive: OpenedArchive, { db, now }: DecisionDeps): SelfDecision[] {
  const found: SelfDecision[] = [];
  for (const { value } of parsedLines(archive, grantsName, bySchema(grantSchema()))) {
    const { principal, skill, scope, expiresAt } = value;
    if (expiresAt !== null && Date.parse(expiresAt) <= now) continue;
    const given = liveGrants(db, principal, skill, undefined, now);
    if (given.some((each) => canonical(JSON.parse(each.scope)) === canonical(scope))) continue;
    const flags = (name: string, values: readonly string[] = []) => values.map((each) => `${name} ${shellWord(each)}`);
    const words = [
      ...["mh grant give", principal, shellWord(skill)],
      ...[...flags("--path", scope.paths), ...flags("--host", scope.hosts), ...flags("--recipient", scope.recipients)],
      ...(expiresAt === null ? [] : [`--until ${expiresAt}`]),
    ];
    const about = `may use ${skill}${expiresAt === null ? "" : ` until ${expiresAt}`}`;
    found.push({ kind: "grant", name: principal, about, next: words.join(" ") });
  }
  return found;
}

function trust(archive: OpenedArchive, { db }: DecisionDeps): SelfDecision[] {
  const found: SelfDecision[] = [];
  for (const { value } of parsedLines(archive, trustName, bySchema(trustSchema()))) {
    const { principal, level } = value;
    const here = trustOf(db, principal);
    if (here === level) continue;
    const next = `mh trust ${principal} ${level}`;
    found.push({ kind: "trust", name: principal, about: `is trusted as ${level} there, and as ${here} here`, next });
  }
  return found;
}

function rulesAndPrompts(archive: OpenedArchive, { read }: DecisionDeps): SelfDecision[] {
  return [...filesIn(archive, ["rule", "prompt"])].flatMap(({ path, kind, bytes }): SelfDecision[] => {
    const aside = placeOf(path);
    const here = read(path);
    if (aside === path || (here && decodeLossy(here) === decodeLossy(bytes))) return [];
    const about = here ? "says something else here" : "is not in force here; its text is laid beside";
    const next = here
      ? `unzip -p ARCHIVE ${shellWord(homeFolder + path)}`
      : `mv ${shellWord(aside)} ${shellWord(path)}`;
    return [{ kind, name: path, about, next }];
  });
}

function programs(archive: OpenedArchive, { isAdopted }: DecisionDeps): SelfDecision[] {
  return (["agent", "skill"] as const).flatMap((kind) => {
    const named = [...filesIn(archive, [kind])].map(({ path }) => (path.split("/")[2] ?? "").replace(/\.ts$/, ""));
    const waiting = [...new Set(named)].filter((name) => !isAdopted(kind, name));
    const about = "runs once you allow it, as it lies here then";
    return waiting.map((name) => ({ kind, name, about, next: `mh ${kind} allow ${shellWord(name)}` }));
  });
}

function settings(archive: OpenedArchive, { form, read }: DecisionDeps): SelfDecision[] {
  const there = archive.files.read(`${homeFolder}${settingsPath}`);
  const here = read(settingsPath);
  if (!there) return [];
  const values = settingsIn(form, there);
  // The settings of another mh, or broken by hand: what else the archive holds comes all the same.
  if (values instanceof Fault) {
    const next = `unzip -p ARCHIVE ${homeFolder}${settingsPath}`;
    return [{ kind: "settings", name: settingsPath, about: `cannot be read here: ${values.message}`, next }];
  }
  const ours = here && form.parse(decodeLossy(here));
  return form.names().flatMap((name): SelfDecision[] => {
    const [value, own] = [values, ours].map((config) => valueAt(config, name));
    if (canonical(value) === canonical(own)) return [];
    const shown = typeof value === "string" ? value : canonical(value);
    const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    const next = isPlain ? `mh config set ${name} ${shellWord(shown)}` : "mh config edit";
    return [{ kind: "settings", name, about: `is ${shown.slice(0, 200).toWellFormed()} there`, next }];
  });
}

function settingsIn(form: SettingsForm, bytes: Uint8Array): Config | Fault {
  try {
    return form.parse(decodeLossy(bytes));
  } catch (error) {
    if (error instanceof Fault && error.code === "document.invalid") return error;
    throw error;
  }
}

/** A setting by its dotted name; null where there is none. */
function valueAt(config: unknown, name: string): unknown {
  let at = config;
  for (const key of name.split(".")) at = (at as Record<string, unknown> | undefined)?.[key];
  return at ?? null;
}
