import type { SelfEnd } from "@mh/contract/self.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { type DocumentKind, kindFor } from "../documents/document.ts";
import { memoryRow, tombstoneOf } from "../memory/project.ts";
import { memoryBySource, wasForgotten } from "../memory/store.ts";
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

/** How a memory of an archive stands to what is here: by its id, and by where it was imported from. */
export function standingOfMemory(db: Database, record: MemoryRecord): SelfEnd {
  const { id, source, externalId } = record;
  if (tombstoneOf(db, id)) return "forgotten";
  const live = memoryRow(db, id);
  if (live) {
    const here = JSON.parse(live.record) as MemoryRecord;
    if (said(here) === said(record)) return "same";
    return record.recordedAt > here.recordedAt ? "newerThere" : "newerHere";
  }
  if (externalId !== undefined) {
    if (wasForgotten(db, source, externalId)) return "forgotten";
    if (memoryBySource(db, source, externalId)) return "same";
  }
  const gone = db.prepare("SELECT why FROM retractions WHERE id = ?").get(id) as { why: string } | undefined;
  // What was undone may come again; what was merged or retired was meant to go.
  return gone && gone.why !== "undone" ? "removed" : "new";
}

/** A memory without what only its revision knows. */
function said({ rev, cmd, recordedAt, ...rest }: MemoryRecord): string {
  return canonical(rest);
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
  if (document?.id !== undefined && tombstoneOf(db, document.id)) return "forgotten";
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
