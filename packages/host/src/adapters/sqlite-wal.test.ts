import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { randomFrom } from "@mh/testing/random.ts";
import Sqlite from "better-sqlite3";
import { expect, inject, test } from "vitest";
import { withWal } from "./sqlite-wal.ts";

const rowsIn = (db: Sqlite.Database) => db.prepare("SELECT * FROM t ORDER BY a").all();
const inMemory = (bytes: Uint8Array) => {
  const db = new Sqlite(Buffer.from(bytes), { readonly: true });
  expect(db.pragma("integrity_check")).toEqual([{ integrity_check: "ok" }]);
  return rowsIn(db);
};

/** What SQLite itself makes of the two. */
function recovered(folder: string, bytes: Uint8Array, wal: Uint8Array) {
  const copy = path.join(folder, "copy");
  fs.writeFileSync(copy, bytes);
  fs.writeFileSync(`${copy}-wal`, wal);
  fs.rmSync(`${copy}-shm`, { force: true });
  const db = new Sqlite(copy);
  try {
    return rowsIn(db);
  } finally {
    db.close();
  }
}

test("a database and its log are read as SQLite reads them, wherever the log is cut off or damaged", () => {
  const random = randomFrom(inject("seed"));
  const below = (count: number) => Math.floor(random() * count);
  using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-wal-"));
  for (const pageBytes of [512, 4_096, 65_536]) {
    const file = path.join(folder.path, `db-${pageBytes}`);
    const db = new Sqlite(file);
    db.pragma(`page_size = ${pageBytes}`);
    db.pragma("journal_mode = WAL");
    db.pragma("wal_autocheckpoint = 0");
    db.exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)");
    db.pragma("wal_checkpoint(FULL)");
    for (let n = 0; n < 30; n += 1) {
      // What comes after this is written over the log of before, whose end stays.
      if (below(6) === 0) db.pragma("wal_checkpoint(RESTART)");
      db.transaction(() => {
        for (let row = 0; row < 1 + below(5); row += 1)
          db.prepare("INSERT OR REPLACE INTO t VALUES (?, ?)").run(below(40), "x".repeat(below(2_000)));
        if (below(4) === 0) db.prepare("DELETE FROM t WHERE a > ?").run(below(40));
      })();
      const [bytes, wal] = [fs.readFileSync(file), fs.readFileSync(`${file}-wal`)];
      expect(inMemory(withWal(bytes, wal))).toEqual(rowsIn(db));
      const cut = wal.subarray(0, below(wal.length + 1));
      expect(inMemory(withWal(bytes, cut))).toEqual(recovered(folder.path, bytes, cut));
      const damaged = Buffer.from(wal);
      if (damaged.length > 0) damaged[below(damaged.length)] = below(256);
      expect(inMemory(withWal(bytes, damaged))).toEqual(recovered(folder.path, bytes, damaged));
    }
    db.close();
  }
});
