import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { openProjection } from "../adapters/sqlite.ts";
import { isWrittenBack, openToCompare } from "./written-back.ts";

/** A database with a log of some hundred pages, some of them written again and again. */
function withLog(use: (db: ReturnType<typeof openProjection>, isWhole: () => boolean, file: string) => void): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-written-back-"));
  const file = path.join(folder, "index.db");
  const db = openProjection(file);
  const main = openToCompare(file);
  try {
    db.exec("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)");
    for (let n = 0; n < 300; n += 1) db.prepare("INSERT INTO t VALUES (?, ?)").run(n, "x".repeat(900));
    use(db, () => isWrittenBack(db, file, main), file);
  } finally {
    db.close();
    fs.closeSync(main);
    fs.rmSync(folder, { recursive: true });
  }
}

test("R-13 what was written back from the log is as the log has it", () => {
  withLog((db, isWhole) => {
    expect(isWhole()).toBe(true);
    db.exec("DELETE FROM t WHERE n > 100");
    db.exec("VACUUM");
    expect(isWhole()).toBe(true);
    db.exec("UPDATE t SET text = 'y' WHERE n = 7");
    expect(isWhole()).toBe(true);
  });
});

test("R-13 a page that came into the file otherwise than it stands in the log is noticed", () => {
  withLog((_db, isWhole, file) => {
    expect(isWhole()).toBe(true);
    // As where the log could not be read, and the library took what its buffer held.
    const fd = fs.openSync(file, "r+");
    fs.writeSync(fd, Buffer.alloc(16, 1), 0, 16, 20 * 4096 + 2000);
    fs.closeSync(fd);
    expect(isWhole()).toBe(false);
  });
});
