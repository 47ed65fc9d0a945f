import type { SelfKind } from "@mh/contract/self.ts";
import type { GrantRow } from "@mh/contract/values/grant.ts";
import type { MemoryLine, MemoryRecord, Retraction, Tombstone } from "@mh/contract/values/memory.ts";
import { type DocumentKind, kindFor } from "../documents/document.ts";
import { isByHand } from "../documents/put-back.ts";
import { listSegments } from "../journal/segments.ts";
import { trustOf } from "../kernel/state.ts";
import { byHand, isByCommand } from "../memory/hand-written.ts";
import { readMemoryFile } from "../memory/read-lines.ts";
import { memoryFiles } from "../memory/reload.ts";
import { forgottenElsewhere, isForgotten, type MemoryDeps } from "../memory/store.ts";
import { canonical } from "../model/canonical.ts";
import { isCutOffWrite } from "../model/home-files.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import { settingsPath } from "../settings/settings.ts";
import { forgottenName, grantsName, homeFolder, memoriesName, revisionsName, trustName } from "./archive.ts";

export interface BelongingsDeps extends MemoryDeps {
  files: Files;
  reader: Database;
  kinds: readonly DocumentKind[];
  /** Whether the text of an agent came with mh: in a clone, what came lies beside what is the owner's. */
  isShippedAgent: (text: string) => boolean;
  /** Whether mh itself lies in this home, with its own prompts. */
  isClone: boolean;
  redact: (text: string) => string;
}

/** One file of an archive, as its bytes come. */
export interface Belonging {
  path: string;
  kind: SelfKind;
  /** How many things it holds; called once all of it was read. */
  count: () => number;
  chunks: Iterable<Uint8Array>;
  changedAt?: string;
  byHand?: boolean;
  /** A secret's value was replaced in it; called once all of it was read. */
  isRedacted: () => boolean;
}

/** Everything of a home that is its owner's, but for the log. Nothing of the machine: no key, no value, no index, no run. */
export function* belongings(deps: BelongingsDeps, now: number): Generator<Belonging> {
  const { reader, files } = deps;
  yield ofLines(deps, memoriesName, "memory", memoryLines(reader));
  yield ofLines(deps, revisionsName, "revision", earlierLines(deps));
  yield ofLines(deps, forgottenName, "forgotten", forgottenLines(reader));
  yield ofLines(deps, grantsName, "grant", grantLines(reader, now));
  yield ofLines(deps, trustName, "trust", trustLines(reader));
  for (const path of [settingsPath, ...ownFolders.flatMap((folder) => files.list(folder))]) {
    const kind = kindOfPath(path);
    if (kind && isOwners(deps, path, kind)) yield* ofFile(deps, path, kind);
  }
}

const ownFolders = [
  ...["memory/tasks", "memory/procedural", "memory/preferences", "persona"],
  ...["brain/agents", "brain/skills", "brain/prompts", "out"],
];

/** What a file of a home is, where it is its owner's; undefined for all others. */
export function kindOfPath(path: string): SelfKind | undefined {
  if (isCutOffWrite(path) || /(^|\/)node_modules\//.test(path)) return undefined;
  return places.find(([place]) => place.test(path))?.[1];
}

const places: readonly (readonly [RegExp, SelfKind])[] = [
  [/^memory\/tasks\/.+\.md$/, "task"],
  [/^memory\/(procedural|preferences)\/.+\.md$/, "note"],
  [/^persona\/policy\/.+/, "rule"],
  [/^persona\/[^/]+\.md$/, "persona"],
  [/^config\.yaml$/, "settings"],
  [/^brain\/agents\/[^/]+\.ts$/, "agent"],
  [/^brain\/skills\/[^/]+\/.+/, "skill"],
  [/^brain\/prompts\/[^/]+\.md$/, "prompt"],
  [/^out\/.+/, "file"],
];

function isOwners(deps: BelongingsDeps, path: string, kind: SelfKind): boolean {
  if (kind === "prompt") return !deps.isClone;
  if (kind !== "agent") return true;
  const bytes = deps.files.read(path);
  return bytes !== undefined && !deps.isShippedAgent(decodeUtf8(bytes) ?? "");
}

function* ofFile(deps: BelongingsDeps, path: string, kind: SelfKind): Generator<Belonging> {
  const bytes = deps.files.read(path);
  const facts = deps.files.facts(path);
  if (!bytes || !facts) return;
  const text = decodeUtf8(bytes);
  const shown = text === undefined ? undefined : deps.redact(text);
  const isDocument = text !== undefined && kindFor(deps.kinds, path) !== undefined;
  yield {
    path: `${homeFolder}${path}`,
    kind,
    count: () => 1,
    chunks: [shown === undefined || shown === text ? bytes : utf8.encode(shown)],
    changedAt: new Date(Math.floor(facts.mtimeMs)).toISOString(),
    ...(isDocument && isByHand(deps.reader, deps, path, text) && { byHand: true }),
    isRedacted: () => shown !== text,
  };
}

const linesPerChunk = 200;

function ofLines(deps: BelongingsDeps, path: string, kind: SelfKind, lines: Iterable<string>): Belonging {
  let [count, isRedacted] = [0, false];
  function* chunks(): Generator<Uint8Array> {
    let chunk: string[] = [];
    for (const line of lines) {
      const shown = deps.redact(line);
      isRedacted ||= shown !== line;
      count += 1;
      chunk.push(`${shown}\n`);
      if (chunk.length < linesPerChunk) continue;
      yield utf8.encode(chunk.join(""));
      chunk = [];
    }
    yield utf8.encode(chunk.join(""));
  }
  return { path, kind, count: () => count, chunks: chunks(), isRedacted: () => isRedacted };
}

/** Page by page: between two, others write, and a statement that is under way would stand in their way. */
function* pages<T extends { id: string }>(db: Database, sql: string): Generator<T> {
  const page = db.prepare(`${sql} ORDER BY id LIMIT 500`);
  for (let after = ""; ; ) {
    const rows = page.all(after) as T[];
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

/** What each memory says now. Those of Markdown files are these files. */
function* memoryLines(db: Database): Generator<string> {
  const sql = "SELECT id, record FROM memories WHERE id > ? AND cmd <> ''";
  for (const { record } of pages<{ id: string; record: string }>(db, sql)) yield record;
}

/** What memories said before, and that some are none any more. Of what was forgotten nothing, wherever it was. */
function* earlierLines(deps: BelongingsDeps): Generator<string> {
  const live = deps.reader.prepare("SELECT rev FROM memories WHERE id = ?");
  for (const path of memoryFiles(deps.files)) {
    const isEarlier = ({ id, rev }: MemoryLine) => (live.get(id) as { rev: number } | undefined)?.rev !== rev;
    for (const line of linesHere(deps, path, isEarlier)) if (!isForgotten(deps.reader, line.id)) yield canonical(line);
  }
}

/** The wanted lines of a memory file as this home takes them: whether a command wrote a line costs more than all else. */
export function* linesHere(
  deps: Pick<BelongingsDeps, "files" | "reader" | "crypto" | "lineKey">,
  path: string,
  isWanted: (line: MemoryLine) => boolean,
): Generator<MemoryRecord | Retraction> {
  for (const read of readMemoryFile(deps, path)) {
    if (!("line" in read) || read.line.op === "tombstone" || !isWanted(read.line)) continue;
    const isOurs = isByCommand(deps.reader, deps, read.line);
    if (read.line.op === "put") yield isOurs ? read.line : byHand(read.line, path);
    else if (isOurs && read.line.why !== forgottenElsewhere) yield read.line;
  }
}

/** Which memories were forgotten; what was kept of their words is worth nothing without this home's keys. */
function* forgottenLines(db: Database): Generator<string> {
  const sql = `SELECT id, line FROM (SELECT id, line FROM tombstones
    UNION ALL SELECT id, line FROM retractions WHERE why = '${forgottenElsewhere}') WHERE id > ?`;
  for (const { id, line } of pages<{ id: string; line: string }>(db, sql)) {
    const { source, externalId = null, kind, recordedAt: at } = JSON.parse(line) as Tombstone;
    yield canonical({ id, source, externalId, kind, at });
  }
}

/** Those that stand for all tasks: one for a single task ended with it. */
function* grantLines(db: Database, now: number): Generator<string> {
  const rows = db.prepare("SELECT * FROM grants WHERE status = 'given' AND task IS NULL ORDER BY given_ms").all();
  for (const { principal, skill, scope, expires_ms } of rows as GrantRow[]) {
    if (expires_ms !== null && expires_ms <= now) continue;
    const expiresAt = expires_ms === null ? null : new Date(expires_ms).toISOString();
    yield canonical({ principal, skill, scope: JSON.parse(scope), expiresAt });
  }
}

function* trustLines(db: Database): Generator<string> {
  const rows = db.prepare("SELECT principal FROM trust ORDER BY principal").all() as { principal: string }[];
  for (const { principal } of rows) yield canonical({ principal, level: trustOf(db, principal) });
}

const segmentPart = 1 << 20;

/** The files of the log up to where its chain was followed: whole, as they are stored. */
export function* logFiles(files: Files, end: { path: string; offset: number }): Generator<Omit<Belonging, "kind">> {
  for (const { path } of listSegments(files)) {
    const size = path === end.path ? end.offset : (files.facts(path)?.size ?? 0);
    yield { path: `${homeFolder}${path}`, count: () => 0, chunks: partsOf(files, path, size), isRedacted: () => false };
    if (path === end.path) return;
  }
}

function* partsOf(files: Files, path: string, size: number): Generator<Uint8Array> {
  for (let at = 0; at < size; at += segmentPart)
    yield files.readPart(path, at, Math.min(size, at + segmentPart)) ?? new Uint8Array();
}
