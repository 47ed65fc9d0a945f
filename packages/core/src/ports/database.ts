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
