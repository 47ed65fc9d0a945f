import { floatBytes, floatsOf } from "../../models/float-bytes.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Database } from "../../ports/database.ts";
import { type Int8Vector, int8Of, minus } from "./int8.ts";
import { vectorSchema, vectorVersion } from "./vector-schema.ts";

/** What one model makes of texts. */
export interface Space {
  id: number;
  /** The embedder's name in the settings. */
  name: string;
  /** Which model it is, wherever it runs, and what is put before texts. */
  model: string;
  dimension: number;
  centre: Float32Array;
  probe: Float32Array;
  feed: string;
  seq: number;
  whole: boolean;
}

/** A vector with the memory that it is of. */
export interface Kept extends Int8Vector {
  row: number;
  memory: string;
  textKey: string;
}

/** A memory's text, as a vector is of it. */
export interface TextOf {
  memory: string;
  textKey: string;
}

/**
 * Vectors in SQLite. What is damaged is taken for missing: each row is compared with its check sum when it is read, and the
 * file as a whole is looked through by `check`.
 */
export class VectorStore {
  readonly #db: Database;
  readonly #crypto: Crypto;
  #isChecked = false;

  constructor(db: Database, crypto: Crypto) {
    this.#db = db;
    this.#crypto = crypto;
    const made = statementsIn(db);
    if (made.length === 0) this.write(() => void db.exec(vectorSchema));
    else if (!this.#isOurs(made)) throw damaged();
  }

  /**
   * Throws where the file is not what was written: some damage is no error to SQLite, but rows that an index no longer
   * finds. Reads all of it, once.
   */
  check(): void {
    if (this.#isChecked) return;
    if (this.#db.pragma("integrity_check(1)", { simple: true }) !== "ok") throw damaged();
    // A space that has another number now would be whole, and have nothing.
    if ((this.#db.pragma("foreign_key_check") as unknown[]).length > 0) throw damaged();
    this.#isChecked = true;
  }

  #isOurs(made: readonly string[]): boolean {
    const db = this.#db;
    if (db.pragma("user_version", { simple: true }) !== vectorVersion) return false;
    if (made.some((statement) => !vectorSchema.includes(`${statement};`))) return false;
    const { n } = db.prepare("SELECT count(*) AS n FROM spaces").get() as { n: number };
    return this.spaces().length === n;
  }

  /** All or nothing. */
  write<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const value = work();
      this.#db.exec("COMMIT");
      return value;
    } catch (error) {
      if (this.#db.inTransaction()) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  /** The sound ones, the latest first. */
  spaces(): Space[] {
    const rows = this.#db.prepare("SELECT * FROM spaces ORDER BY id DESC").all() as SpaceRow[];
    return rows
      .filter((row) => this.#spaceSum(row) === row.check_sum)
      .map(({ check_sum: _sum, ...row }) => ({
        ...{ ...row, centre: floatsOf(row.centre), probe: floatsOf(row.probe), whole: row.whole === 1 },
      }));
  }

  /** Makes a space, in the place of one that is there for the model. */
  addSpace(name: string, model: string, centre: Float32Array, probe: Float32Array): Space {
    const row = { name, model, dimension: centre.length, centre: floatBytes(centre), probe: floatBytes(probe) };
    this.#db.prepare("DELETE FROM spaces WHERE model = ?").run(model);
    const { lastInsertRowid } = this.#db
      .prepare(
        `INSERT INTO spaces (name, model, dimension, centre, probe, check_sum)
         VALUES (:name, :model, :dimension, :centre, :probe, :sum)`,
      )
      .run({ ...row, sum: this.#spaceSum(row) });
    const place = { id: Number(lastInsertRowid), feed: "", seq: 0, whole: false };
    return { ...place, name, model, dimension: centre.length, centre, probe };
  }

  dropSpace(id: number): void {
    this.#db.prepare("DELETE FROM spaces WHERE id = ?").run(id);
  }

  /** Up to where the changes of the index are taken in. */
  readTo({ id }: Space, feed: string, seq: number, whole: boolean): void {
    this.#db
      .prepare("UPDATE spaces SET feed = ?, seq = ?, whole = max(whole, ?) WHERE id = ?")
      .run(feed, seq, whole ? 1 : 0, id);
  }

  /** Everything is looked at again, because something was found damaged. */
  readAgain({ id }: Space): void {
    this.#db.prepare("UPDATE spaces SET seq = 0, whole = 0 WHERE id = ?").run(id);
  }

  put({ id, dimension, centre }: Space, { memory, textKey }: TextOf, vector: Float32Array): Kept {
    if (vector.length !== dimension) throw new Error(`A vector of ${vector.length} parts among those of ${dimension}.`);
    const { scale, values } = int8Of(minus(vector, centre));
    this.drop(memory, id);
    const sum = sumOf(memory, textKey, scale, values);
    const { lastInsertRowid } = this.#db
      .prepare("INSERT INTO vectors (space, memory, text_key, scale, int8, check_sum) VALUES (?, ?, ?, ?, ?, ?)")
      .run(id, memory, textKey, scale, bytesOf(values), sum);
    return { row: Number(lastInsertRowid), memory, textKey, scale, values };
  }

  refuse({ id }: Space, { memory, textKey }: TextOf, why: string): void {
    this.drop(memory, id);
    this.#db.prepare("INSERT INTO refused VALUES (?, ?, ?, ?)").run(id, memory, textKey, why.slice(0, 300));
  }

  /** Whether there is a vector of just this text, or a reason why there is none. */
  has({ id }: Space, { memory, textKey }: TextOf): boolean {
    const of = (table: string) =>
      this.#db.prepare(`SELECT text_key AS k FROM ${table} WHERE space = ? AND memory = ?`).get(id, memory) as
        | { k: string }
        | undefined;
    return (of("vectors") ?? of("refused"))?.k === textKey;
  }

  /** Takes a memory's vectors out, in one space or in all. Gives the rows that are gone. */
  drop(memory: string, space?: number): number[] {
    const where = "memory = :memory AND (:space IS NULL OR space = :space)";
    const given = { memory, space: space ?? null };
    const rows = this.#db.prepare(`SELECT row FROM vectors WHERE ${where}`).all(given) as { row: number }[];
    for (const table of ["vectors", "refused"]) this.#db.prepare(`DELETE FROM ${table} WHERE ${where}`).run(given);
    return rows.map(({ row }) => row);
  }

  /** The vectors of a space after a row, so many at most; `damaged` are rows that are not what was written. */
  after({ id, dimension }: Space, row: number, limit: number): { kept: Kept[]; damaged: number[]; last: number } {
    const sql = "SELECT * FROM vectors WHERE row > ? AND space = ? ORDER BY row LIMIT ?";
    const rows = this.#db.prepare(sql).all(row, id, limit) as VectorRow[];
    const read = rows.map((each) => ({ row: each.row, sound: this.#sound(each, dimension) }));
    return {
      kept: read.flatMap(({ sound }) => sound ?? []),
      damaged: read.flatMap(({ row, sound }) => (sound ? [] : [row])),
      last: rows.length < limit ? Number.POSITIVE_INFINITY : (rows.at(-1)?.row ?? 0),
    };
  }

  /** About so many sound vectors, spread evenly over all. */
  sample(space: Space, most: number): Kept[] {
    const step = Math.max(1, Math.floor(this.count(space).vectors / most));
    const rows = this.#db.prepare("SELECT * FROM vectors WHERE space = ? AND row % ? = 0").all(space.id, step);
    return (rows as VectorRow[]).flatMap((row) => this.#sound(row, space.dimension) ?? []);
  }

  /** Those of these rows that are there and sound. */
  rows({ dimension }: Space, rows: readonly number[]): Kept[] {
    const sql = "SELECT * FROM vectors WHERE row IN (SELECT value FROM json_each(?))";
    return (this.#db.prepare(sql).all(JSON.stringify(rows)) as VectorRow[]).flatMap(
      (row) => this.#sound(row, dimension) ?? [],
    );
  }

  /** Those of these memories. */
  of({ id, dimension }: Space, memories: readonly string[]): Kept[] {
    const sql = "SELECT * FROM vectors WHERE space = ? AND memory IN (SELECT value FROM json_each(?))";
    return (this.#db.prepare(sql).all(id, JSON.stringify(memories)) as VectorRow[]).flatMap(
      (row) => this.#sound(row, dimension) ?? [],
    );
  }

  dropRows(rows: readonly number[]): void {
    const drop = this.#db.prepare("DELETE FROM vectors WHERE row = ?");
    for (const row of rows) drop.run(row);
  }

  /** The memories that it has anything of, a page at a time, in order. */
  memoriesAfter(memory: string, limit: number): TextOf[] {
    const of = (table: string) => `SELECT memory, text_key AS textKey FROM ${table} WHERE memory > :memory`;
    const sql = `${of("vectors")} UNION ${of("refused")} ORDER BY 1 LIMIT :limit`;
    return this.#db.prepare(sql).all({ memory, limit }) as TextOf[];
  }

  count({ id }: Space): { vectors: number; refused: number } {
    const of = (table: string) =>
      (this.#db.prepare(`SELECT count(*) AS n FROM ${table} WHERE space = ?`).get(id) as { n: number }).n;
    return { vectors: of("vectors"), refused: of("refused") };
  }

  /** Nothing of what is gone stays beside the file. */
  tidy(): void {
    this.#db.pragma("wal_checkpoint(TRUNCATE)");
  }

  close(): void {
    this.#db.close();
  }

  #sound({ row, memory, text_key, scale, int8, check_sum }: VectorRow, dimension: number): Kept | undefined {
    const values = new Int8Array(int8.buffer, int8.byteOffset, int8.byteLength);
    const isSound = values.length === dimension && sumOf(memory, text_key, scale, values) === check_sum;
    return isSound ? { row, memory, textKey: text_key, scale, values } : undefined;
  }

  #spaceSum({
    name,
    model,
    dimension,
    centre,
    probe,
  }: Pick<SpaceRow, "name" | "model" | "dimension" | "centre" | "probe">) {
    const hash = (bytes: Uint8Array) => this.#crypto.sha256Hex(bytes);
    return this.#crypto.sha256Hex([name, model, dimension, hash(centre), hash(probe)].join("\n")).slice(0, 16);
  }
}

const damaged = () => Object.assign(new Error("The vectors are damaged."), { code: "SQLITE_CORRUPT" });

function statementsIn(db: Database): string[] {
  const sql = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'sqlite_sequence'";
  return (db.prepare(sql).all() as { sql: string }[]).map((row) => row.sql);
}

/** FNV-1a, which notices every changed byte: against damage, and cheap enough for each row that is read. */
function sumOf(memory: string, textKey: string, scale: number, values: Int8Array): number {
  const head = `${memory}\n${textKey}\n${scale}\n`;
  let sum = 0x811c9dc5;
  for (let i = 0; i < head.length; i += 1) sum = Math.imul(sum ^ head.charCodeAt(i), 0x01000193);
  for (let i = 0; i < values.length; i += 1) sum = Math.imul(sum ^ ((values[i] as number) & 0xff), 0x01000193);
  return sum >>> 0;
}

const bytesOf = (values: Int8Array): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

interface SpaceRow {
  id: number;
  name: string;
  model: string;
  dimension: number;
  centre: Uint8Array;
  probe: Uint8Array;
  check_sum: string;
  feed: string;
  seq: number;
  whole: number;
}

interface VectorRow {
  row: number;
  memory: string;
  text_key: string;
  scale: number;
  int8: Uint8Array;
  check_sum: number;
}
