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
 * statement is ours, and fits what the tables hold.
 */
export function isDamage(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== "string") return false;
  const isMissing = code === "SQLITE_ERROR" && /^(?:no such|malformed)/.test(String(message));
  return isMissing || /^SQLITE_(?:CORRUPT|NOTADB|CONSTRAINT|MISMATCH|SCHEMA)/.test(code);
}
