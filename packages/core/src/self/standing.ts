import type { SelfEnd, SelfForgotten, SelfHistory } from "@mh/contract/self.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { type DocumentKind, kindFor } from "../documents/document.ts";
import { type MemoryRow, memoryRow } from "../memory/project.ts";
import { isForgotten, memoryBySource, wasForgotten } from "../memory/store.ts";
import { canonical } from "../model/canonical.ts";
import { decodeUtf8, toBase64 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import { kindOfPath } from "./belongings.ts";

/** A file of the home as an archive holds it. */
export interface ArchivedFile {
  path: string;
  bytes: Uint8Array;
  changedAt: string;
}

/**
 * How a memory of an archive stands to what is here: by its id, and by where it was imported from. What is no memory there any
 * more stands as new where nothing of it is here: its earlier words come, and that they are none any more.
 */
export function standingOfMemory(db: Database, { earlier, last }: SelfHistory): SelfEnd {
  const { id } = last;
  const said = saidLast({ earlier, last });
  const { source, externalId } = said ?? {};
  const live = memoryRow(db, id);
  if (isForgotten(db, id)) return "forgotten";
  if (live) {
    const here = JSON.parse(live.record) as MemoryRecord;
    if (last.op === "put" && saidBy(here) === saidBy(last)) return "same";
    return last.recordedAt > here.recordedAt ? "newerThere" : "newerHere";
  }
  if (source !== undefined && externalId !== undefined) {
    if (wasForgotten(db, source, externalId)) return "forgotten";
    // Each home imported it for itself: by when, and so by whatever follows from that, they always differ.
    const other = memoryBySource(db, source, externalId);
    if (other && (last.op !== "put" || other.content === last.content)) return "same";
    if (other) return last.recordedAt > other.recordedAt ? "newerThere" : "newerHere";
  }
  const gone = db.prepare("SELECT why FROM retractions WHERE id = ?").get(id) as { why: string } | undefined;
  if (last.op === "retract") return gone || !said ? "same" : "new";
  // What was undone may come again; what was merged or retired was meant to go.
  return gone && gone.why !== "undone" ? "removed" : "new";
}

/** The memory here that one of an archive is, if there is one: the same, or the same of its source under another id. */
export function idHere(db: Database, history: SelfHistory): string {
  const { id } = history.last;
  const { source, externalId } = saidLast(history) ?? {};
  if (source === undefined || externalId === undefined || lastHere(db, id)) return id;
  return memoryBySource(db, source, externalId)?.id ?? id;
}

const saidLast = ({ earlier, last }: SelfHistory): MemoryRecord | undefined =>
  last.op === "put" ? last : earlier.findLast((line) => line.op === "put");

/** A memory without what only its revision knows. */
function saidBy({ rev, cmd, recordedAt, ...rest }: MemoryRecord): string {
  return canonical(rest);
}

/** How what was forgotten there stands to what is here, and the memory that is still here, if one is. */
export function standingOfForgotten(
  db: Database,
  { id, source, externalId }: SelfForgotten,
): { end: "new" | "same" | "kept"; id: string } {
  if (isForgotten(db, id)) return { end: "same", id };
  const here = memoryRow(db, id) ?? (externalId === null ? undefined : memoryBySource(db, source, externalId));
  if (here) return { end: "kept", id: here.id };
  return { end: externalId !== null && wasForgotten(db, source, externalId) ? "same" : "new", id };
}

/** The latest line of a memory that is here, live or not. */
export function lastHere(db: Database, id: string): { rev: number; recordedAt: string } | undefined {
  const { rev } = db.prepare("SELECT coalesce(max(rev), 0) AS rev FROM revisions WHERE id = ?").get(id) as MemoryRow;
  if (rev === 0) return undefined;
  const sql =
    "SELECT record AS line FROM memories WHERE id = :id UNION ALL SELECT line FROM retractions WHERE id = :id";
  const row = db.prepare(sql).get({ id }) as { line: string } | undefined;
  return { rev, recordedAt: row ? (JSON.parse(row.line) as MemoryRecord).recordedAt : "" };
}

interface Here {
  db: Database;
  kinds: readonly DocumentKind[];
  files: Pick<Files, "facts" | "list">;
  read: (path: string) => Uint8Array | undefined;
}

/** How a file of an archive stands to what is here. Throws `args.invalid` for one that no archive brings. */
export function standingOfFile(here: Here, file: ArchivedFile): SelfEnd {
  const kind = kindOfPath(file.path);
  if (kind === undefined || kind === "settings")
    throw new Fault("args.invalid", `${file.path} is no file that an archive brings into a home.`);
  const { db, files, read } = here;
  const document = documentIn(here.kinds, file);
  if (document?.id !== undefined && isForgotten(db, document.id)) return "forgotten";
  const place = otherPlace(db, here.kinds, file) ?? [file.path, placeOf(file.path)].find((each) => read(each));
  const bytes = place === undefined ? undefined : read(place);
  if (place === undefined || !bytes) return kind === "skill" && hasPackage(files, file.path) ? "newerHere" : "new";
  if (toBase64(bytes) === toBase64(file.bytes)) return "same";
  const changedHere = files.facts(place)?.mtimeMs ?? Number.POSITIVE_INFINITY;
  return Date.parse(file.changedAt) > changedHere ? "newerThere" : "newerHere";
}

/** A package is what all its files are: none is added to one that is here. */
const hasPackage = (files: Pick<Files, "list">, path: string): boolean =>
  files.list(path.split("/").slice(0, 3).join("/")).length > 0;

/** A file as the document that it is; undefined where it is none, or cannot be read as one. */
export function documentIn(kinds: readonly DocumentKind[], { path, bytes }: Pick<ArchivedFile, "path" | "bytes">) {
  const kind = kindFor(kinds, path);
  const text = decodeUtf8(bytes);
  if (!kind || text === undefined) return undefined;
  try {
    kind.check(path, text);
    return { kind, text, id: kind.idOf?.(path, text) };
  } catch (error) {
    if (error instanceof Fault && error.code === "document.invalid") return undefined;
    throw error;
  }
}

/** The file here that is the same document by its id, and has another name. */
export function otherPlace(db: Database, kinds: readonly DocumentKind[], file: ArchivedFile): string | undefined {
  const { kind, id } = documentIn(kinds, file) ?? {};
  if (!kind || id === undefined) return undefined;
  const sql = "SELECT path, text FROM documents WHERE path LIKE ? || '/%' AND path <> ? AND instr(text, ?) > 0";
  const rows = db.prepare(sql).all(kind.where, file.path, id) as { path: string; text: string }[];
  return rows.find(({ path, text }) => kind.idOf?.(path, text) === id)?.path;
}

/** Where a file is put: one that would count at once as soon as it lies there is laid aside. */
export function placeOf(path: string): string {
  const kind = kindOfPath(path);
  return (kind === "rule" && /\.cedar$/i.test(path)) || kind === "prompt" ? `${path}.off` : path;
}
