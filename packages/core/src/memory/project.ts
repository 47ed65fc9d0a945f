import type { Fact, MemoryRecord, Retraction, Tombstone } from "@mh/contract/values/memory.ts";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { isHandOrigin } from "./hand-written.ts";

/** A row of the projection, as far as the store needs it. */
export interface MemoryRow {
  rowid: number;
  id: string;
  rev: number;
  file: string;
  record: string;
}

/**
 * Makes a revision the live one. Older revisions and forgotten memories change nothing. `indexTexts` makes it findable.
 * `stored` is the record as its line has it.
 */
export function putMemory(
  db: Database,
  crypto: Crypto,
  record: MemoryRecord,
  file: string,
  stored = canonical(record),
): void {
  const { isBuried, isLine, isTakenOut, isThere } = knownOf(db, record.id);
  if (isBuried) return;
  noteRevision(db, record, file, isLine);
  noteFactRevision(db, record);
  if (isTakenOut) {
    if (retractionOf(db, record.id, record.rev)) return;
    db.prepare("DELETE FROM retractions WHERE id = ?").run(record.id);
  }
  const earlier = isThere ? memoryRow(db, record.id) : undefined;
  if (earlier && earlier.rev > record.rev) return;
  // All that its row says follows from these two. To write the text index anew is what costs.
  if (earlier?.record === stored && earlier.file === file) return;
  if (earlier) dropParts(db, earlier.rowid);
  const columns = [
    record.rev,
    record.kind,
    Date.parse(record.at),
    record.session ?? null,
    record.speaker ?? null,
    record.source,
    record.externalId ?? null,
    file,
    textKey(crypto, record.content, record.speaker),
    stored,
    checkOf(crypto, stored),
    file.endsWith(".ndjson") && record.origins.some(isHandOrigin) ? 1 : 0,
    record.archived === undefined ? 0 : 1,
  ];
  const rowid = earlier ? update(db, earlier.rowid, columns) : insert(db, record.id, columns);
  for (const { name, kind } of record.entities) {
    db.prepare("INSERT OR FAIL INTO entities VALUES (?, ?, ?, ?)").run(rowid, entityKey(name), name, kind);
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
  noteFactRevision(db, retraction);
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
  db.prepare("DELETE FROM lines WHERE id = ?").run(id);
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
  dropParts(db, row.rowid);
  db.prepare("DELETE FROM memories WHERE rowid = ?").run(row.rowid);
}

export function memoryRow(db: Database, id: string): MemoryRow | undefined {
  return db.prepare("SELECT rowid, id, rev, file, record FROM memories WHERE id = ?").get(id) as MemoryRow | undefined;
}

export function tombstoneOf(db: Database, id: string): { line: string } | undefined {
  return db.prepare("SELECT line FROM tombstones WHERE id = ?").get(id) as { line: string } | undefined;
}

/** What the tables know of an id, in one look: of most nothing. */
function knownOf(db: Database, id: string) {
  return db
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM tombstones WHERE id = :id) AS isBuried, EXISTS (SELECT 1 FROM lines WHERE id = :id) AS isLine,
         EXISTS (SELECT 1 FROM retractions WHERE id = :id) AS isTakenOut, EXISTS (SELECT 1 FROM memories WHERE id = :id) AS isThere`,
    )
    .get({ id }) as Record<"isBuried" | "isLine" | "isTakenOut" | "isThere", 0 | 1>;
}

/** The retraction of a memory, if it is at least of that revision. */
function retractionOf(db: Database, id: string, rev: number): boolean {
  return db.prepare("SELECT 1 FROM retractions WHERE id = ? AND rev >= ?").get(id, rev) !== undefined;
}

/** `isLine` says whether there may be a line of that id already. */
function noteRevision(
  db: Database,
  { id, rev, cmd }: { id: string; rev: number; cmd: string },
  file: string,
  isLine: 0 | 1 = 1,
): void {
  const numbers = "(SELECT number FROM line_names WHERE name = ?), (SELECT number FROM line_names WHERE name = ?)";
  // Not from a SELECT, which may give several rows: for those SQLite keeps each page that it changes.
  const add = db.prepare(`INSERT OR IGNORE INTO lines (id, rev, file, cmd) VALUES (?, ?, ${numbers})`);
  // Ignored where a name has no number yet.
  if (!isLine && add.run(id, rev, file, cmd).changes > 0) return;
  const name = db.prepare("INSERT OR IGNORE INTO line_names (name) VALUES (?)");
  name.run(file);
  name.run(cmd);
  if (isLine && db.prepare("SELECT 1 FROM lines WHERE id = ? AND rev = ?").get(id, rev)) {
    // Not REPLACE, which fires no triggers for the row that it takes away.
    const update = db.prepare(
      `UPDATE lines SET (file, cmd, missing) = (SELECT ${numbers}, 0) WHERE id = ? AND rev = ?`,
    );
    update.run(file, cmd, id, rev);
  } else add.run(id, rev, file, cmd);
}

/** Of what was never a fact nothing is noted, its removal included. */
function noteFactRevision(db: Database, line: MemoryRecord | Retraction): void {
  if (line.kind !== "semantic") return;
  const fact = line.op === "put" ? line.fact : undefined;
  db.prepare("INSERT OR REPLACE INTO fact_revisions VALUES (?, ?, ?, ?, ?, ?)").run(
    ...[line.id, line.rev, Date.parse(line.recordedAt)],
    ...(fact ? [entityKey(fact.subject), entityKey(fact.object), canonical(line)] : [null, null, null]),
  );
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
  "rev, kind, at_ms, session, speaker, source, external_id, file, text_key, record, check_sum, by_hand, archived";

/**
 * A new row, and what counts it. No trigger does that, and where one is needed `OR FAIL` stands: SQLite keeps what a statement
 * changes that may fail half-way, which costs more than all the rest within the savepoint of a command of many memories.
 * That takes everything back if one fails.
 */
function insert(db: Database, id: string, columns: unknown[]): number {
  const sql = `INSERT INTO memories (id, ${names}) VALUES (${Array(14).fill("?").join(", ")})`;
  const rowid = Number(db.prepare(sql).run(id, ...columns).lastInsertRowid);
  db.prepare("INSERT INTO text_pending VALUES (?, NULL) ON CONFLICT DO NOTHING").run(rowid);
  db.prepare("INSERT INTO text_changes (memory) VALUES (?)").run(rowid);
  db.prepare("UPDATE OR FAIL memory_total SET memories = memories + 1").run();
  return rowid;
}

function update(db: Database, rowid: number, columns: unknown[]): number {
  const sets = names.split(", ").map((name) => `${name} = ?`);
  db.prepare(`UPDATE memories SET ${sets.join(", ")} WHERE rowid = ?`).run(...columns, rowid);
  return rowid;
}

/** What was found in its text. */
function dropParts(db: Database, rowid: number): void {
  db.prepare("DELETE FROM entities WHERE memory = ?").run(rowid);
  db.prepare("DELETE FROM links WHERE memory = ?").run(rowid);
  db.prepare("DELETE FROM event_times WHERE memory = ?").run(rowid);
  db.prepare("DELETE FROM facts WHERE memory = ?").run(rowid);
}
