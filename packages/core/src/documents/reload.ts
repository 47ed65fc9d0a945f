import { Fault } from "@mh/contract/values/fault.ts";
import { expectedHash, expectFile, isByCommand } from "../kernel/changes.ts";
import { type FileChanges, fileChanges, rememberFile } from "../memory/data-files.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { FileFacts, Files } from "../ports/files.ts";
import { type DocumentKind, dropDocument, kindFor, projectDocument, textInForce } from "./document.ts";
import { fileName } from "./file-name.ts";
import { textIn } from "./markdown.ts";

/** What happened to documents without our doing. */
export interface DocumentReport {
  /** Taken as they are; `after` names what they say now, `former` is what was in force before, where that is kept. */
  adopted: { path: string; after: string; isNew: boolean; former?: string }[];
  /** Come back under another name. */
  renamed: { from: string; to: string }[];
  /** Gone, and nobody said so: damage until accepted. */
  missing: string[];
  /** Not readable: the last good text stays in force. */
  broken: { path: string; reason: string }[];
}

interface Deps {
  files: Files;
  crypto: Crypto;
  kinds: readonly DocumentKind[];
  hmacKey: Uint8Array;
  /** The path that a file's name in the journal stands for. */
  pathOf: (file: string) => string | undefined;
}

/** Brings the index up to the documents on disk: size, times and inode tell which to read again. */
export function reloadDocuments(db: Database, deps: Deps): DocumentReport {
  const { files, kinds } = deps;
  const report: DocumentReport = { adopted: [], renamed: [], missing: [], broken: [] };
  const changes = kinds.map((kind) => documentChanges(db, files, kind));
  // A file may be of two kinds.
  const others = new Map(changes.flatMap(({ changed }) => changed).map((each) => [each.path, each]));
  const gone = [...new Set(changes.flatMap((each) => each.gone))];
  const lost = lostDocuments(db, deps, gone);
  for (const path of gone) rememberFile(db, deps, path, undefined);
  for (const { from, to } of renames(db, deps, lost)) {
    const kind = kindFor(kinds, from);
    if (kind) dropDocument(db, kind, from);
    expectFile(db, fileName(deps, from), null);
    report.renamed.push({ from, to });
  }
  for (const [path, facts] of others) reloadDocument(db, deps, path, facts, report);
  // What is as it was known is no stray: of the others alone is looked up how the journal calls them.
  const names = new Set([...others.keys()].map((path) => fileName(deps, path)));
  db.prepare("DELETE FROM missing_documents").run();
  for (const file of expectedStrays(db)) {
    const path = names.has(file) ? undefined : deps.pathOf(file);
    if (!path || !kindFor(kinds, path)) continue;
    report.missing.push(path);
    db.prepare("INSERT INTO missing_documents VALUES (?, ?)").run(file, path);
  }
  dropRemoved(db, deps, lost);
  return report;
}

function documentChanges(db: Database, files: Files, kind: DocumentKind): FileChanges {
  const { where } = kind;
  const facts = kind.owns(where) ? files.facts(where) : undefined;
  const found = facts ? [{ path: where, ...facts }] : files.found(where);
  return fileChanges(db, where, found, (path) => kind.owns(path));
}

/** Documents of the index that are not there. How those looked that are `gone` the index knew until now; of the others it knows nothing. */
function lostDocuments(db: Database, { files, kinds }: Deps, gone: readonly string[]): string[] {
  // In order, so that both are read side by side.
  const sql = "SELECT path FROM documents EXCEPT SELECT path FROM data_files ORDER BY path";
  const unknown = (db.prepare(sql).all() as { path: string }[]).map(({ path }) => path);
  const isThere = (path: string) => kindFor(kinds, path) && files.facts(path);
  return [...gone.filter((path) => textInForce(db, path) !== undefined), ...unknown.filter((path) => !isThere(path))];
}

/** Names of files that the log expects and of which the index does not know how they look. */
function expectedStrays(db: Database): string[] {
  const sql = "SELECT file FROM expected_files EXCEPT SELECT name FROM data_files ORDER BY file";
  return (db.prepare(sql).all() as { file: string }[]).map(({ file }) => file);
}

/** What a command took away while the index did not see it: it is expected nowhere, and nobody misses it. */
function dropRemoved(db: Database, deps: Deps, lost: readonly string[]): void {
  for (const path of lost) {
    const kind = kindFor(deps.kinds, path);
    const isRenamed = textInForce(db, path) === undefined;
    if (kind && !isRenamed && expectedHash(db, fileName(deps, path)) === undefined) dropDocument(db, kind, path);
  }
}

/** Files that are gone while a new one bears the same id. */
function renames(db: Database, deps: Deps, lost: readonly string[]): { from: string; to: string }[] {
  if (lost.length === 0) return [];
  const isKnown = db.prepare("SELECT 1 FROM documents WHERE path = ?");
  const present = [...new Set(deps.kinds.flatMap((kind) => documentPaths(deps.files, kind)))];
  const ids = new Map(
    lost.flatMap((path) => {
      const text = textInForce(db, path);
      return text === undefined ? [] : [[idIn(deps, path, text), path] as const];
    }),
  );
  return present.flatMap((to) => {
    if (isKnown.get(to)) return [];
    const id = idIn(deps, to, decodeUtf8(deps.files.read(to) ?? new Uint8Array()) ?? "");
    const from = id === undefined ? undefined : ids.get(id);
    return from === undefined ? [] : [{ from, to }];
  });
}

/** A text that cannot be read has no id: it is named when it is taken in. */
function idIn({ kinds }: Deps, path: string, text: string): string | undefined {
  const kind = kindFor(kinds, path);
  try {
    kind?.check(path, text);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return undefined;
  }
  return kind?.idOf?.(path, text);
}

/** The documents of one kind that are there. */
export function documentPaths(files: Files, kind: DocumentKind): string[] {
  if (kind.owns(kind.where) && files.facts(kind.where)) return [kind.where];
  return files.list(kind.where).filter((path) => kind.owns(path));
}

function reloadDocument(db: Database, deps: Deps, path: string, facts: FileFacts, report: DocumentReport): void {
  const bytes = deps.files.read(path) ?? new Uint8Array();
  const kind = kindFor(deps.kinds, path);
  if (!kind) return;
  const after = deps.crypto.hmacHex(deps.hmacKey, bytes);
  const former = kind.keepsFormer ? textInForce(db, path) : undefined;
  const byHand = !isByCommand(db, fileName(deps, path), after);
  try {
    projectDocument(db, kind, path, textIn(path, bytes), { changedAt: facts.mtimeMs, byHand });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    report.broken.push({ path, reason: error.message });
    return;
  }
  const expected = expectedHash(db, fileName(deps, path));
  if (after !== expected)
    report.adopted.push({ path, after, isNew: expected === undefined, ...(former !== undefined && { former }) });
  rememberFile(db, deps, path, facts);
}
