/** The part of better-sqlite3 that we use: synchronous, one connection, one file. */
export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
  /** A function that SQL on this connection may call; it answers a text. */
  define(name: string, answer: (...values: unknown[]) => string): unknown;
  pragma(source: string, options?: { simple?: boolean }): unknown;
  /** Whether a transaction is open; a full disk ends one by itself. */
  inTransaction(): boolean;
  close(): unknown;
}

export interface Statement {
  run(...params: unknown[]): { changes: number; lastInsertRowid: number | bigint };
  get(...params: unknown[]): unknown;
  all(...params: unknown[]): unknown[];
  iterate(...params: unknown[]): IterableIterator<unknown>;
}

/**
 * Whether an error says that a database is not what was written: it is damaged, or pages of it are of two times. Every
 * statement is ours, and fits what the tables hold; where it does not, see `mayBeOurs`.
 */
export const isDamage = (error: unknown): boolean => {
  const code = codeOf(error);
  return /^SQLITE_(?:CORRUPT|NOTADB)/.test(code) || mayBeOurs(error);
};

/** Whether a statement of ours that does not fit sound tables would say the same: an index made anew tells the two apart. */
export function mayBeOurs(error: unknown): boolean {
  const code = codeOf(error);
  const isMissing = code === "SQLITE_ERROR" && /^(?:no such|malformed)/.test((error as Error).message);
  return isMissing || /^SQLITE_(?:CONSTRAINT|MISMATCH|SCHEMA)/.test(code);
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}
