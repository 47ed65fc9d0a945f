import * as fs from "node:fs";
import { type Database, mayBeOurs, type Statement } from "@mh/core/ports/database.ts";
import { version } from "../version.ts";

/** What goes with an index that was made anew because a statement failed on it: what that said. */
export const anewEnding = "-anew";

/** Notes why an index was thrown away. It counts for a day, until that is done for another reason, or for another version. */
export function noteAnew(index: string, why: string): void {
  try {
    fs.writeFileSync(index + anewEnding, `${version} ${why}`, { mode: 0o600 });
  } catch {
    // On a full disk it is made anew once more than it need be.
  }
}

/** A statement that fails in the same way on an index made anew for that: the fault is in mh, and making it anew does not help. */
export class OwnFault extends Error {
  constructor(cause: Error) {
    super(`${cause.message}, also with an index that was made anew. This is a fault of mh: please report it.`, {
      cause,
    });
  }
}

/** A database whose statements tell what is a fault of ours, where its index was made anew. */
export function knowingWhy(file: string, db: Database): Database {
  const why = whyAnew(file);
  if (why === undefined) return db;
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw mayBeOurs(error) && why.includes((error as Error).message) ? new OwnFault(error as Error) : error;
    }
  };
  const statements = new WeakMap<Statement, Statement>();
  const watched = (statement: Statement): Statement => ({
    run: (...params) => told(() => statement.run(...params)),
    get: (...params) => told(() => statement.get(...params)),
    all: (...params) => told(() => statement.all(...params)),
    iterate: (...params) => told(() => statement.iterate(...params)),
  });
  return {
    ...db,
    exec: (sql) => told(() => db.exec(sql)),
    prepare(sql) {
      const statement = told(() => db.prepare(sql));
      const known = statements.get(statement) ?? watched(statement);
      statements.set(statement, known);
      return known;
    },
  };
}

/** What was made anew longer ago may have been damaged since. */
const countsForMs = 24 * 3_600_000;

function whyAnew(file: string): string | undefined {
  try {
    const stat = fs.statSync(file + anewEnding, { throwIfNoEntry: false });
    if (!stat || Date.now() - stat.mtimeMs > countsForMs) return undefined;
    const note = fs.readFileSync(file + anewEnding, "utf8");
    return note.startsWith(`${version} `) ? note : undefined;
  } catch {
    // A note that cannot be read says nothing.
    return undefined;
  }
}
