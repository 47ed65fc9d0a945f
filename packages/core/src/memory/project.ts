import type { Fact, MemoryRecord, Retraction, Tombstone } from "@mh/contract/values/memory.ts";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { isHandOrigin } from "./hand-written.ts";
import { searchText } from "./search/search-text.ts";

/** A row of the projection, as far as the store needs it. */
export interface MemoryRow {
  rowid: number;
  id: string;
  rev: number;
  file: string;
  record: string;
}

/** Makes a revision the live one. Older revisions and forgotten memories change nothing. */
export function putMemory(db: Database, crypto: Crypto, record: MemoryRecord, file: string): void {
  if (tombstoneOf(db, record.id)) return;
  noteRevision(db, record, file);
  if (retractionOf(db, record.id, record.rev)) return;
  db.prepare("DELETE FROM retractions WHERE id = ?").run(record.id);
  const earlier = memoryRow(db, record.id);
  if (earlier && earlier.rev > record.rev) return;
  if (earlier) dropText(db, earlier.rowid);
  const text = searchText(record.content);
  const stored = canonical(record);
  const columns = [
    record.rev,
    record.kind,
    record.content,
    text,
    Date.parse(record.at),
    record.session ?? null,
    record.speaker ?? null,
    record.source,
    record.externalId ?? null,
    record.cmd,
    file,
    textKey(crypto, record.content, record.speaker),
    stored,
    checkOf(crypto, stored),
    file.endsWith(".ndjson") && record.origins.some(isHandOrigin) ? 1 : 0,
  ];
  const rowid = earlier ? update(db, earlier.rowid, columns) : insert(db, record.id, columns);
  db.prepare("INSERT INTO memory_text (rowid, search_text) VALUES (?, ?)").run(rowid, text);
  for (const { name, kind } of record.entities) {
    db.prepare("INSERT INTO entities VALUES (?, ?, ?, ?)").run(rowid, entityKey(name), name, kind);
  }
  for (const { to } of record.links) db.prepare("INSERT INTO links VALUES (?, ?)").run(rowid, to);
  for (const { from, to } of record.eventAt) {
    db.prepare("INSERT INTO event_times VALUES (?, ?, ?)").run(rowid, Date.parse(from), Date.parse(to));
  }
  if (record.fact) putFact(db, rowid, record.fact);
}

/** Takes a memory out until a later revision brings it back. */
export function retractMemory(db: Database, retraction: Retraction, file: string): void {
  const { id, rev } = retraction;
  if (tombstoneOf(db, id)) return;
  noteRevision(db, retraction, file);
  const live = memoryRow(db, id);
  if ((live && live.rev > rev) || retractionOf(db, id, rev + 1)) return;
  dropMemory(db, id);
  const { why, into, source, externalId } = retraction;
  db.prepare("INSERT OR REPLACE INTO retractions VALUES (?, ?, ?, ?, ?, ?, ?, ?)").run(
    ...[id, rev, why, into ?? null, source ?? null, externalId ?? null, canonical(retraction), file],
  );
}

/** Takes a memory out for good; what stays keeps importers from bringing it back. */
export function buryMemory(db: Database, tombstone: Tombstone, file: string): void {
  const { id, cmd, source, externalId } = tombstone;
  dropMemory(db, id);
  db.prepare("DELETE FROM revisions WHERE id = ?").run(id);
  db.prepare("DELETE FROM retractions WHERE id = ?").run(id);
  db.prepare("INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?, ?, ?, ?)").run(
    id,
    source,
    externalId ?? null,
    cmd,
    canonical(tombstone),
    file,
  );
}

export function dropMemory(db: Database, id: string): void {
  const row = memoryRow(db, id);
  if (!row) return;
  dropText(db, row.rowid);
  db.prepare("DELETE FROM memories WHERE rowid = ?").run(row.rowid);
}

export function memoryRow(db: Database, id: string): MemoryRow | undefined {
  return db.prepare("SELECT rowid, id, rev, file, record FROM memories WHERE id = ?").get(id) as MemoryRow | undefined;
}

export function tombstoneOf(db: Database, id: string): { line: string } | undefined {
  return db.prepare("SELECT line FROM tombstones WHERE id = ?").get(id) as { line: string } | undefined;
}

/** The retraction of a memory, if it is at least of that revision. */
function retractionOf(db: Database, id: string, rev: number): boolean {
  return db.prepare("SELECT 1 FROM retractions WHERE id = ? AND rev >= ?").get(id, rev) !== undefined;
}

function noteRevision(db: Database, { id, rev, cmd }: { id: string; rev: number; cmd: string }, file: string): void {
  // Not REPLACE, which fires no triggers for the row that it takes away.
  db.prepare(
    `INSERT INTO revisions VALUES (?, ?, ?, ?, 0)
     ON CONFLICT (id, rev) DO UPDATE SET file = excluded.file, cmd = excluded.cmd, missing = 0`,
  ).run(id, rev, file, cmd);
}

function putFact(db: Database, rowid: number, fact: Fact): void {
  const { subject, predicate, object, status, validFrom, validTo } = fact;
  db.prepare("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?, ?, ?, ?)").run(
    rowid,
    entityKey(subject),
    predicate,
    entityKey(object),
    status,
    validFrom ?? null,
    validTo ?? null,
  );
}

export const entityKey = (name: string): string => name.normalize("NFKC").toLowerCase();

/** Names the same words by the same speaker, whatever the spacing. */
export function textKey(crypto: Crypto, content: string, speaker: string | undefined): string {
  const words = content.normalize("NFC").trim().replace(/\s+/g, " ");
  return crypto.sha256Hex(`${speaker ?? ""}\n${words}`).slice(0, 32);
}

/** A damaged cache must not answer: what a row says is compared with this before it is believed. */
export const checkOf = (crypto: Crypto, record: string): string => crypto.sha256Hex(record).slice(0, 16);

const names =
  "rev, kind, content, search_text, at_ms, session, speaker, source, external_id, cmd, file, text_key, record, check_sum, by_hand";

function insert(db: Database, id: string, columns: unknown[]): number {
  const sql = `INSERT INTO memories (id, ${names}) VALUES (${Array(16).fill("?").join(", ")})`;
  return Number(db.prepare(sql).run(id, ...columns).lastInsertRowid);
}

function update(db: Database, rowid: number, columns: unknown[]): number {
  const sets = names.split(", ").map((name) => `${name} = ?`);
  db.prepare(`UPDATE memories SET ${sets.join(", ")} WHERE rowid = ?`).run(...columns, rowid);
  return rowid;
}

function dropText(db: Database, rowid: number): void {
  const { search_text } = db.prepare("SELECT search_text FROM memories WHERE rowid = ?").get(rowid) as {
    search_text: string;
  };
  db.prepare("INSERT INTO memory_text (memory_text, rowid, search_text) VALUES ('delete', ?, ?)").run(
    rowid,
    search_text,
  );
  db.prepare("DELETE FROM entities WHERE memory = ?").run(rowid);
  db.prepare("DELETE FROM links WHERE memory = ?").run(rowid);
  db.prepare("DELETE FROM event_times WHERE memory = ?").run(rowid);
  db.prepare("DELETE FROM facts WHERE memory = ?").run(rowid);
}
