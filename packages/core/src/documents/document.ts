import { Fault } from "@mh/contract/values/fault.ts";
import type { Transaction } from "../journal/transaction.ts";
import { shortId } from "../model/short-id.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";

/** A kind of file that the owner may edit by hand: how it is read into the index. */
export interface DocumentKind {
  /** Whether a path, relative to the home, is one of these. */
  owns(path: string): boolean;
  /** The folder or file that holds them. */
  where: string;
  /** Only the owner changes it, by its own commands: no snapshot brings an old one back. */
  isGuarded?: boolean;
  /** What a hand overwrites of it, or takes away, is kept: it has versions, by hand as by command. */
  keepsFormer?: boolean;
  /** Throws `document.invalid` with the line where a text cannot be taken in. */
  check(path: string, text: string): void;
  /**
   * Takes a text in, or throws as `check` does, having changed nothing. `changedAt` dates what is undated. `byHand`: no
   * command wrote it, and whatever it says of its author vouches for nobody.
   */
  project(db: Database, path: string, text: string, changedAt: number, byHand: boolean): void;
  /** The id that a text gives itself: a file that comes under another name with the same one was renamed. */
  idOf?(path: string, text: string): string;
  /** Takes what the file said out. */
  drop(db: Database, path: string): void;
  /** A command of the owner writes the file: what the journal should say besides. */
  written?(tx: Transaction, commandId: string, text: string): void;
}

export const kindFor = (kinds: readonly DocumentKind[], path: string): DocumentKind | undefined =>
  kinds.find((kind) => kind.owns(path));

/**
 * Writes a document or, without a text, removes it: file, index and everything else that shows it. `byHand`: not all of the
 * text was written by a command.
 */
export function writeDocument(
  tx: Transaction,
  kinds: readonly DocumentKind[],
  commandId: string,
  path: string,
  text: string | undefined,
  byHand = false,
): void {
  const kind = kindFor(kinds, path);
  // A hand overwrote what is in force, and nobody looked yet.
  const former = kind?.keepsFormer ? textInForce(tx.db, path) : undefined;
  if (former !== undefined && former !== decodeUtf8(tx.read(path) ?? new Uint8Array())) tx.object(utf8.encode(former));
  if (kind && text === undefined) dropDocument(tx.db, kind, path);
  if (kind && text !== undefined) {
    projectDocument(tx.db, kind, path, text, { changedAt: tx.now, byHand });
    kind.written?.(tx, commandId, text);
  }
  tx.write(path, text === undefined ? undefined : utf8.encode(text), byHand);
}

/** Puts the bytes of an earlier state in place. Throws `document.invalid`, having changed nothing, where nobody can read them. */
export function writeDocumentBytes(
  tx: Transaction,
  kinds: readonly DocumentKind[],
  commandId: string,
  path: string,
  bytes: Uint8Array | undefined,
  byHand: boolean,
): void {
  if (!kindFor(kinds, path)) return tx.write(path, bytes, byHand);
  const text = bytes && decodeUtf8(bytes);
  if (bytes && text === undefined) throw new Fault("document.invalid", `${path} was not UTF-8 text.`);
  writeDocument(tx, kinds, commandId, path, text, byHand);
}

/** The last good text of a document; undefined where there is none. */
export function textInForce(db: Database, path: string): string | undefined {
  const row = db.prepare("SELECT text FROM documents WHERE path = ?").get(path);
  return (row as { text: string } | undefined)?.text;
}

export function projectDocument(
  db: Database,
  kind: DocumentKind,
  path: string,
  text: string,
  { changedAt, byHand }: { changedAt: number; byHand: boolean },
): void {
  kind.project(db, path, text, changedAt, byHand);
  db.prepare("INSERT OR REPLACE INTO documents VALUES (?, ?)").run(path, text);
}

export function dropDocument(db: Database, kind: DocumentKind, path: string): void {
  kind.drop(db, path);
  db.prepare("DELETE FROM documents WHERE path = ?").run(path);
}

/** The text of a document as it stands on disk, in this transaction. */
export function documentText(tx: Transaction, path: string): string {
  const bytes = tx.read(path);
  const text = bytes && decodeUtf8(bytes);
  if (text !== undefined) return text;
  throw new Fault(
    "document.invalid",
    `${path} is ${bytes ? "not UTF-8" : "gone"}. \`mh review\` shows what can be done.`,
  );
}

/** A path for a new document: named after its title, and after its id besides where that name is taken. */
export function freePath(tx: Transaction, folder: string, slug: string, id: string): string {
  const path = `${folder}/${slug}.md`;
  return tx.read(path) === undefined ? path : `${folder}/${slug}-${shortId(id)}.md`;
}

/** The id of a document that names none: always the same for the same path. */
export function idOfPath(sha256Hex: (text: string) => string, path: string): string {
  const hex = sha256Hex(path);
  // RFC 9562 version 8: the bits are ours.
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
