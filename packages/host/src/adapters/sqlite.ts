import { Fault } from "@mh/contract/values/fault.ts";
import type { Database, Statement } from "@mh/core/ports/database.ts";
import Sqlite from "better-sqlite3";
import { knowingWhy } from "./made-anew.ts";
import { copyToMemory } from "./memory-copy.ts";

/**
 * A projection: it may be lost, so nothing of it is synced. Readers see committed state while a group is being written.
 * Statements are kept by their text.
 */
export function openProjection(
  file: string,
  options: { readonly?: boolean; key?: Uint8Array | undefined } = {},
): Database {
  const db = open(file, options.readonly ? { readonly: true } : {});
  useKey(db, options.key);
  useNoFiles(db);
  // Of either connection; the library's own bound, 16 MB each, is filled within minutes, and the system has the file as well.
  db.pragma(`cache_size = -${options.readonly ? 4_000 : 8_000}`);
  if (!options.readonly) {
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = OFF");
    db.pragma("secure_delete = ON");
  }
  db.pragma("foreign_keys = ON");
  return knowingWhy(file, databaseOf(db));
}

/**
 * A projection that is only looked at. Closed, it leaves no file behind, which a connection that may only read does: it
 * makes what goes with the file and cannot take it away.
 */
export function lookAtProjection(file: string, key?: Uint8Array): Database {
  try {
    return lookedAt(file, key);
  } catch (error) {
    const { code = "" } = error as { code?: string };
    // What goes with the file cannot be made on a disk that takes nothing.
    const copy = /^SQLITE_(CANTOPEN|IOERR|READONLY|FULL)/.test(code) ? copyToMemory(file, ["", "-wal"]) : undefined;
    if (!copy) throw error;
    try {
      return lookedAt(copy.file, key);
    } finally {
      copy.drop();
    }
  }
}

function lookedAt(file: string, key?: Uint8Array): Database {
  const db = open(file, { fileMustExist: true });
  try {
    useKey(db, key);
    useNoFiles(db);
    db.pragma("query_only = ON");
    db.prepare("SELECT count(*) FROM sqlite_master").get();
    return databaseOf(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The library looks for the folder first, and says of one that it may not look at that there is none. */
function open(file: string, options: Sqlite.Options): Sqlite.Database {
  try {
    return new Sqlite(file, options);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new Fault("disk.failed", `The folder of ${file} cannot be opened. Look after it, and try again.`, { cause });
  }
}

/** Every page is encrypted and authenticated (ChaCha20-Poly1305), those of the write-ahead log too. */
function useKey(db: Sqlite.Database, key: Uint8Array | undefined): void {
  if (!key) return;
  db.pragma("cipher = 'chacha20'");
  db.pragma(`key = 'raw:${Buffer.from(key).toString("hex")}'`);
}

/**
 * Nothing goes to temporary files, where it would stand in clear. A statement that fires triggers keeps the pages it changes,
 * to take them back if it fails: with as many indexes as memories have, that was a file of its own for each memory.
 */
const useNoFiles = (db: Sqlite.Database): unknown => db.pragma("temp_store = MEMORY");

function databaseOf(db: Sqlite.Database): Database {
  const statements = new Map<string, Statement>();
  return {
    prepare(sql) {
      let statement = statements.get(sql);
      if (!statement) {
        statement = db.prepare(sql) as unknown as Statement;
        statements.set(sql, statement);
      }
      return statement;
    },
    exec: (sql) => db.exec(sql),
    define: (name, answer) => db.function(name, { varargs: true }, answer),
    pragma: (source, pragmaOptions) => db.pragma(source, pragmaOptions),
    inTransaction: () => db.inTransaction,
    close: () => db.close(),
  };
}

/** An exclusive lock that the system frees when its process dies; undefined while another process has it. */
export function lockFile(file: string): Disposable | undefined {
  const db = open(file, { timeout: 0 });
  try {
    // Nothing of it reaches the disk, which may be full: a lock is all that it is for.
    db.pragma("journal_mode = MEMORY");
    db.pragma("locking_mode = EXCLUSIVE");
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if ((error as { code?: string }).code?.startsWith("SQLITE_BUSY")) return undefined;
    throw error;
  }
  return { [Symbol.dispose]: () => void db.close() };
}

/** Whether a process has a lock, without taking it: two that look at once do not take each other for the holder. */
export function isLocked(file: string): boolean {
  let db: Sqlite.Database | undefined;
  try {
    db = open(file, { readonly: true, timeout: 0 });
    db.prepare("SELECT count(*) FROM sqlite_master").get();
    return false;
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (code.startsWith("SQLITE_BUSY")) return true;
    if (code.startsWith("SQLITE_CANTOPEN")) return false;
    throw error;
  } finally {
    db?.close();
  }
}
