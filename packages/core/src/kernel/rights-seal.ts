import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type Gives, type TableSet, tablesOf } from "./tables.ts";

/** Rows of the index that give rights, and a keyed hash over all of them: who has no key can change none unseen. */
export interface RightsSealDeps {
  crypto: Crypto;
  /** From the key folder. It also signs the note beside the index: what is signed begins with what it is (`index`, `left`, or a table). */
  key: Uint8Array;
  tables: readonly TableSet[];
}

/** Rows of one table, each as a JSON array. */
export type RightsRows = ReadonlyMap<string, readonly string[]>;

const modulus = 2n ** 128n;

/**
 * Seals what of the index gives rights, together with its schema and the position in the journal that it was folded to.
 * The hash over the rows is a sum of keyed hashes, one for each row, so that a commit costs what it changes; triggers of
 * this connection alone (TEMP) keep it, so that no fold and no feature can forget to. It lies in a temporary table, and is
 * taken back with the transaction that changed it.
 */
export class RightsSeal {
  readonly #db: Database;
  readonly #deps: RightsSealDeps;
  #dataVersion: unknown;
  /** What the rows added up to when they were last compared with the seal. */
  #found: string | undefined;
  #schema: { version: unknown; hash: string } | undefined;

  constructor(db: Database, deps: RightsSealDeps) {
    this.#db = db;
    this.#deps = deps;
    db.define("mh_sealed", (digest, sign, table, row) =>
      this.#added(String(digest), Number(sign), `${table}\0${row}`).toString(16),
    );
    // Rows that REPLACE takes away count as deleted.
    db.pragma("recursive_triggers = ON");
  }

  /** Whether a process other than ours committed something since the index was last checked or sealed. */
  isForeign(): boolean {
    return this.#dataVersion === undefined || this.#dataVersion !== this.#db.pragma("data_version", { simple: true });
  }

  /**
   * Compares the index with its seal. Call it in a transaction, or with nobody else writing: who writes meanwhile is foreign.
   * `left`: what the rows added up to when the index was closed. Where nobody touched it since, they are not read again.
   */
  isSound(left?: { digest: string; isUntouched: () => boolean }): boolean {
    this.#schema = undefined;
    const version = this.#db.pragma("data_version", { simple: true });
    const row = this.#db.prepare("SELECT value FROM main.meta WHERE key = 'seal'").get() as
      | { value: string }
      | undefined;
    this.#found =
      left && row?.value === this.#sealOf(left.digest) && left.isUntouched() ? left.digest : this.#counted();
    const isSound = row?.value === this.#sealOf(this.#found);
    if (isSound) this.#dataVersion = version;
    return isSound;
  }

  /** What the rows add up to; undefined where nobody counts, or somebody else has written to them. */
  get digest(): string | undefined {
    return this.isWatching && !this.isForeign() ? this.#watched() : undefined;
  }

  /** Of the schema as it is. */
  get schemaHash(): string {
    const version = this.#db.pragma("main.schema_version", { simple: true });
    if (this.#schema === undefined || this.#schema.version !== version) {
      const rows = this.#db
        .prepare("SELECT type, name, tbl_name, sql FROM main.sqlite_master ORDER BY type, name")
        .all();
      this.#schema = { version, hash: this.#deps.crypto.sha256Hex(JSON.stringify(rows)) };
    }
    return this.#schema.hash;
  }

  /** Whether changes are counted. */
  get isWatching(): boolean {
    return this.#db.prepare("SELECT 1 FROM temp.sqlite_master WHERE name = 'rights_digest'").get() !== undefined;
  }

  /** Counts the rows as they are, and every change to them from here on. `isAsFound`: they are as they were compared. */
  watch(isAsFound = false): void {
    const db = this.#db;
    const wasWatching = this.isWatching;
    db.exec("CREATE TEMP TABLE IF NOT EXISTS rights_digest (digest TEXT NOT NULL)");
    for (const { table, columns, where } of this.#rightsTables()) {
      const row = (of: string) => `json_array(${columns.map((column) => `${of}."${column}"`).join(", ")})`;
      const sum = (digest: string, sign: 1 | -1, of: string) =>
        `mh_sealed(${digest}, ${where ? `${sign} * (${where(of)})` : sign}, '${table}', ${row(of)})`;
      const changes = {
        insert: sum("digest", 1, "new"),
        delete: sum("digest", -1, "old"),
        update: sum(sum("digest", -1, "old"), 1, "new"),
      };
      for (const [event, digest] of Object.entries(changes)) {
        if (wasWatching) db.exec(`DROP TRIGGER IF EXISTS temp.rights_${table}_${event}`);
        db.exec(`CREATE TEMP TRIGGER rights_${table}_${event} AFTER ${event} ON main."${table}"
          BEGIN UPDATE rights_digest SET digest = ${digest}; END`);
      }
    }
    db.exec("DELETE FROM temp.rights_digest");
    db.prepare("INSERT INTO temp.rights_digest VALUES (?)").run(
      (isAsFound ? this.#found : undefined) ?? this.#counted(),
    );
  }

  /** Writes the seal; the last thing in every transaction that changes the index. */
  write(): void {
    this.#db.prepare("INSERT OR REPLACE INTO main.meta VALUES ('seal', ?)").run(this.#sealOf(this.#watched()));
    this.#dataVersion = this.#db.pragma("data_version", { simple: true });
  }

  /** The rows that give rights, as they are. */
  rows(): RightsRows {
    return new Map(this.#rightsTables().map((each) => [each.table, this.#rowsOf(each)]));
  }

  #watched(): string {
    return (this.#db.prepare("SELECT digest FROM temp.rights_digest").get() as { digest: string }).digest;
  }

  #counted(): string {
    let digest = "0";
    for (const each of this.#rightsTables())
      for (const row of this.#rowsOf(each)) digest = this.#added(digest, 1, `${each.table}\0${row}`).toString(16);
    return digest;
  }

  #rowsOf({ table, columns, where }: RightsTable): string[] {
    const names = columns.map((column) => `r."${column}"`).join(", ");
    const sql = `SELECT json_array(${names}) AS row FROM main."${table}" AS r ${where ? `WHERE ${where("r")}` : ""}`;
    return (this.#db.prepare(sql).all() as { row: string }[]).map(({ row }) => row);
  }

  #added(digest: string, sign: number, row: string): bigint {
    const before = BigInt(`0x${digest}`);
    if (sign === 0) return before;
    const { crypto, key } = this.#deps;
    const hash = BigInt(`0x${crypto.hmacHex(key, `row\0${row}`).slice(0, 32)}`);
    return (before + (sign > 0 ? hash : modulus - hash)) % modulus;
  }

  /** Position and versions stand in `meta`, and all of it is sealed. */
  #sealOf(digest: string): string {
    const rows = this.#db.prepare("SELECT key, value FROM main.meta WHERE key <> 'seal' ORDER BY key").all();
    const { crypto, key } = this.#deps;
    return crypto.hmacHex(key, `index\0${this.schemaHash}\0${digest}\0${JSON.stringify(rows)}`);
  }

  /** Those of the tables that are there: a new index has none, and a set that is made anew has none for a moment. */
  #rightsTables(): RightsTable[] {
    const all = this.#deps.tables.flatMap((set) =>
      tablesOf(set).map((table) => ({
        table,
        gives: (set.gives as TableSet["gives"] | undefined)?.[table] ?? ("rights" as Gives),
      })),
    );
    return all.flatMap(({ table, gives }) => {
      if (gives === "nothing") return [];
      const columns = this.#db.prepare("SELECT name FROM pragma_table_info(?, 'main')").all(table) as {
        name: string;
      }[];
      if (columns.length === 0) return [];
      const where = gives === "rights" ? undefined : gives.rightsWhile;
      return [{ table, columns: columns.map(({ name }) => name), where }];
    });
  }
}

interface RightsTable {
  table: string;
  columns: string[];
  where: ((row: string) => string) | undefined;
}

/** How rows differ, by table: what stands in `after` alone, and what in `before` alone. */
export function differences(
  before: RightsRows,
  after: RightsRows,
): Record<string, { added: string[]; gone: string[] }> {
  const found: Record<string, { added: string[]; gone: string[] }> = {};
  for (const table of new Set([...before.keys(), ...after.keys()])) {
    const [was = [], is = []] = [before.get(table), after.get(table)];
    const [added, gone] = [without(is, was), without(was, is)];
    if (added.length + gone.length > 0) found[table] = { added, gone };
  }
  return found;
}

/** Each as often as it stands in one list more often than in the other. */
function without(rows: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const n = left.get(row) ?? 0;
    left.set(row, n - 1);
    return n <= 0;
  });
}
