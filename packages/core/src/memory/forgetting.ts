import type { MemoryRecord, Tombstone } from "@mh/contract/values/memory.ts";
import { fileName } from "../documents/file-name.ts";
import { lineFolders } from "../documents/folders.ts";
import { resealed } from "../history/snapshot-file.ts";
import { snapshots } from "../history/snapshots.ts";
import type { Transaction } from "../journal/transaction.ts";
import type { ChangeBody } from "../kernel/changes.ts";
import { isCutOffWrite } from "../model/home-files.ts";
import { holdsOneOf, linesIn, partsWithoutLines, withoutLines } from "../ports/byte-lines.ts";
import { utf8, wholeOf } from "../ports/bytes.ts";
import type { Files } from "../ports/files.ts";
import { linesOfFile } from "./read-lines.ts";
import { memoryFiles } from "./reload.ts";
import { isDocument, type MemoryDeps, write } from "./store.ts";
import { marksOf, PassageFinder } from "./traces/marks.ts";

const [, factFolder] = lineFolders;

type Deps = MemoryDeps & { files: Files };

/**
 * Removes what a memory said from every file that held it, and leaves a tombstone. Cannot be undone. `note` learns how
 * many lines of which commands went, so that nobody takes them for lost.
 */
export function forget(
  tx: Transaction,
  deps: Deps,
  commandId: string,
  record: MemoryRecord,
  note: (more: Partial<ChangeBody>) => void,
): Tombstone {
  const { id, kind, source, externalId } = record;
  const lines = tx.db.prepare("SELECT file, cmd FROM revisions WHERE id = ?").all(id) as {
    file: string;
    cmd: string;
  }[];
  const files = [...new Set(lines.map((line) => line.file))];
  const document = files.find(isDocument);
  const inLines = files.filter((file) => !isDocument(file));
  const said = [record.content, ...inLines.flatMap((file) => saidIn(deps, file, id))];
  const words = JSON.stringify(record.content).slice(1, -1);
  const documents = document === undefined ? [] : [document];
  eraseLines(tx, deps, inLines, { id, documents, isSaid: (line) => line.includes(words) });
  if (document !== undefined) {
    forgetDocument(tx, document);
    const file = fileName(deps, document);
    tx.dropObject(file);
    tx.append({ phase: "adopt", id: commandId, principal: "owner", body: { what: "document", file } });
  }
  note({ removed: countBy(lines.filter(({ file }) => !isDocument(file)).map(({ cmd }) => cmd)) });
  const tombstone: Tombstone = {
    v: 1,
    op: "tombstone",
    id,
    rev: record.rev + 1,
    cmd: commandId,
    kind,
    recordedAt: new Date(tx.now).toISOString(),
    source,
    ...(externalId !== undefined && { externalId }),
    contentHmac: deps.crypto.hmacHex(deps.hmacKey, record.content),
    marks: marksOf(deps, id, [...said, ...documents]),
  };
  write(tx, deps, tombstone);
  return tombstone;
}

/**
 * Finishes what a crash cut off after the tombstone was on disk. Nobody has the memory's words any more: where a line is no
 * memory's, the marks tell. `documents` are the files that its command removes.
 */
export function forgetRest(
  tx: Transaction,
  deps: Deps,
  { id, marks = [] }: Tombstone,
  documents: readonly string[],
): void {
  const finder = new PassageFinder(deps, [{ id, marks }]);
  const isSaid = (line: string) => !finder.in(utf8.encode(line)).next().done;
  const holding = memoryFiles(deps.files).filter((file) =>
    linesIn(tx.read(file) ?? new Uint8Array()).some((line) => line.includes(id)),
  );
  eraseLines(tx, deps, holding, { id, documents, isSaid });
  for (const document of documents) forgetDocument(tx, document);
}

function forgetDocument(tx: Transaction, path: string): void {
  tx.eraseFile(path);
  tx.db.prepare("DELETE FROM documents WHERE path = ?").run(path);
  tx.db.prepare("DELETE FROM missing_documents WHERE path = ?").run(path);
}

interface Gone {
  id: string;
  documents: readonly string[];
  /** Whether a line that was set aside as unreadable holds its words. */
  isSaid: (line: string) => boolean;
}

function eraseLines(tx: Transaction, deps: Deps, lineFiles: readonly string[], gone: Gone): void {
  const { id, isSaid } = gone;
  const { files } = deps;
  for (const file of lineFiles) {
    // A file of facts is called after their subject: without any, it goes.
    const isCalledAfterIt = file.startsWith(`${factFolder}/`);
    tx.erase(file, (bytes) => {
      const left = withoutMemory(bytes, gone);
      return isCalledAfterIt && left.length === 0 ? undefined : left;
    });
  }
  for (const file of snapshots(files))
    tx.erase(file, (bytes) => resealed(deps, bytes, wholeOf(withoutMemory(bytes, gone))));
  for (const file of files.list("logs/torn"))
    tx.erase(file, (bytes) => withoutLines(bytes, (line) => line.includes(id) || isSaid(line)));
  for (const file of cutOffWrites(files)) tx.erase(file, () => undefined);
}

const cutOffWrites = (files: Files): string[] =>
  ["memory", "persona", "logs"].flatMap((folder) => files.list(folder)).filter(isCutOffWrite);

/** What the lines of a file say of one memory, its earlier revisions included. */
function saidIn(deps: Deps, file: string, id: string): string[] {
  return [...linesOfFile(deps, file, id)].flatMap((line) => (line.op === "put" ? [line.content] : []));
}

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** Lines without those of a memory but its tombstone and blank ones, and in a snapshot without its document. */
function withoutMemory(bytes: Uint8Array, gone: Pick<Gone, "id" | "documents">): Uint8Array[] {
  const named = [gone.id, ...gone.documents];
  const keep = (stored: string): boolean => {
    // What does not have its name as it is, and nothing written otherwise, need not be read.
    if (!stored.includes("\\") && !named.some((name) => stored.includes(name))) return true;
    try {
      const line = JSON.parse(stored) as {
        id?: unknown;
        op?: unknown;
        document?: unknown;
        text?: unknown;
      };
      if (line.document === undefined) return line.id !== gone.id || line.op === "tombstone";
      // Its file may have had another name then.
      return !gone.documents.includes(String(line.document)) && !bearsId(String(line.text), gone.id);
    } catch {
      return true;
    }
  };
  const mayBeNamed = holdsOneOf(bytes, ["\\", ...named]);
  return partsWithoutLines(
    bytes,
    (line) => line.trim() === "" || !keep(line),
    // A line that begins as JSON does is not blank.
    (from, to) => bytes[from] !== brace || mayBeNamed(from, to),
  );
}

const brace = 0x7b;

/** Whether the front matter of a document's text says that it is this memory. */
export function bearsId(text: string, id: string): boolean {
  return text.split("\n").some((line) => /^id: *["']?(.*?)["']? *\r?$/.exec(line)?.[1] === id);
}
