import { Fault } from "@mh/contract/values/fault.ts";
import { expectedHash, expectFile, isByCommand } from "../kernel/changes.ts";
import { type KnownFiles, rememberFile } from "../memory/data-files.ts";
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
export function reloadDocuments(db: Database, deps: Deps, known: KnownFiles): DocumentReport {
  const { files, kinds } = deps;
  const report: DocumentReport = { adopted: [], renamed: [], missing: [], broken: [] };
  const present = new Set(kinds.flatMap((kind) => documentPaths(files, kind)));
  const gone = known.goneFrom(present).filter((path) => kindFor(kinds, path));
  const lost = lostDocuments(db, gone, present);
  for (const path of gone) rememberFile(db, deps, path, undefined);
  for (const { from, to } of renames(db, deps, present, lost)) {
    const kind = kindFor(kinds, from);
    if (kind) dropDocument(db, kind, from);
    expectFile(db, fileName(deps, from), null);
    report.renamed.push({ from, to });
  }
  const others: string[] = [];
  for (const path of present) {
    const facts = files.facts(path);
    if (facts && known.isAsKnown(path, facts)) continue;
    others.push(path);
    if (facts) reloadDocument(db, deps, path, facts, report);
  }
  // What is as it was known is no stray: of the others alone is looked up how the journal calls them.
  const names = new Set(others.map((path) => fileName(deps, path)));
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

/** Documents of the index that are not there. How those looked that are `gone` the index knew until now; of the others it knows nothing. */
function lostDocuments(db: Database, gone: readonly string[], present: ReadonlySet<string>): string[] {
  const sql = `SELECT path FROM documents
    WHERE NOT EXISTS (SELECT 1 FROM data_files f WHERE f.path = documents.path)`;
  const unknown = (db.prepare(sql).all() as { path: string }[]).map(({ path }) => path);
  return [
    ...gone.filter((path) => textInForce(db, path) !== undefined),
    ...unknown.filter((path) => !present.has(path)),
  ];
}

/** Names of files that the log expects and of which the index does not know how they look. */
function expectedStrays(db: Database): string[] {
  const sql = `SELECT file FROM expected_files
    WHERE NOT EXISTS (SELECT 1 FROM data_files f WHERE f.name = expected_files.file)`;
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
function renames(
  db: Database,
  deps: Deps,
  present: ReadonlySet<string>,
  lost: readonly string[],
): { from: string; to: string }[] {
  if (lost.length === 0) return [];
  const isKnown = db.prepare("SELECT 1 FROM documents WHERE path = ?");
  const ids = new Map(
    lost.flatMap((path) => {
      const text = textInForce(db, path);
      return text === undefined ? [] : [[idIn(deps, path, text), path] as const];
    }),
  );
  return [...present].flatMap((to) => {
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
  if (files.facts(kind.where) && kind.owns(kind.where)) return [kind.where];
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
