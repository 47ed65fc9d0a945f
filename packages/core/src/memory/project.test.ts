import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import { expect, onTestFinished, test } from "vitest";
import { indexTexts } from "./index-texts.ts";
import { dropMemory, putMemory } from "./project.ts";
import { memorySchema } from "./schema.ts";

const at = "2026-01-01T00:00:00.000Z";
const lists = { eventAt: [], tags: [], entities: [], origins: [], links: [] };
const record: MemoryRecord = {
  ...{ v: 1, id: "m1", op: "put", rev: 1, cmd: "c", kind: "episodic", count: 1, at, recordedAt: at, source: "test" },
  ...{ ...lists, content: "The boiler's valve" },
};

test("a file that is read again costs no writing for the memories that it holds as before", () => {
  const db = openProjection(":memory:");
  onTestFinished(() => void db.close());
  db.exec(memorySchema);
  db.exec("CREATE TABLE written (id TEXT)");
  db.exec("CREATE TRIGGER noted AFTER UPDATE ON memories BEGIN INSERT INTO written VALUES (new.id); END");
  const put = (given: MemoryRecord, file: string): number => {
    db.exec("DELETE FROM written");
    putMemory(db, nodeCrypto, given, file);
    return db.prepare("SELECT id FROM written").all().length;
  };
  putMemory(db, nodeCrypto, record, "a.ndjson");
  db.exec("UPDATE lines SET missing = 1");
  expect(put(record, "a.ndjson")).toBe(0);
  expect(db.prepare("SELECT missing FROM revisions").all()).toEqual([{ missing: 0 }]);
  expect(put(record, "b.ndjson")).toBe(1);
  expect(put({ ...record, content: "The boiler's pump" }, "b.ndjson")).toBe(1);
});

test("K18 the text index knows of each memory what it says at the commit, whatever became of it since the last", () => {
  const db = openProjection(":memory:");
  onTestFinished(() => void db.close());
  db.exec(memorySchema);
  const found = (word: string) => db.prepare("SELECT rowid FROM memory_text WHERE memory_text MATCH ?").all(word);
  const put = (given: Partial<MemoryRecord>) => putMemory(db, nodeCrypto, { ...record, ...given }, "a.ndjson");
  put({});
  put({ rev: 2, content: "The boiler's tap" });
  put({ id: "m2", content: "Gone before the commit" });
  dropMemory(db, "m2");
  indexTexts(db);
  expect([found("tap"), found("valve"), found("gone")]).toEqual([[{ rowid: 1 }], [], []]);
  put({ rev: 3, content: "The boiler's nut" });
  put({ rev: 4, content: "The boiler's pump" });
  indexTexts(db);
  expect([found("pump"), found("nut"), found("tap")]).toEqual([[{ rowid: 1 }], [], []]);
  // The next row takes the number of the one that went.
  dropMemory(db, "m1");
  put({ id: "m3", content: "The boiler's hose" });
  indexTexts(db);
  expect([found("hose"), found("pump"), found("boiler")]).toEqual([[{ rowid: 1 }], [], [{ rowid: 1 }]]);
  expect(db.prepare("SELECT * FROM text_pending").all()).toEqual([]);
});

/** What this thread has written so far, in bytes; see proc(5). */
const counters = "/proc/thread-self/io";
const bytesWritten = (): number => Number(/^wchar: (\d+)$/m.exec(fs.readFileSync(counters, "utf8"))?.[1]);

test.runIf(fs.existsSync(counters))("a memory is taken in without a temporary file: its words go nowhere else", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-rows-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  const db = openProjection(path.join(folder, "index.db"));
  onTestFinished(() => void db.close());
  db.exec(memorySchema);
  const take = (from: number, to: number): void => {
    db.exec("BEGIN");
    for (let n = from; n < to; n += 1) {
      const told = { externalId: `x${n}`, session: `s${n % 9}`, speaker: `Ada ${n % 7}`, content: `Valve ${n * 7919}` };
      const entities = [{ name: `Pump ${n % 50}`, kind: "thing" as const }];
      const of = { ...record, ...told, entities, id: nodeCrypto.id(), cmd: `c${n % 20}` };
      putMemory(db, nodeCrypto, of, "memory/episodic/2026/01/01.ndjson");
    }
    indexTexts(db);
    db.exec("COMMIT");
  };
  take(0, 1000);
  const before = bytesWritten();
  take(1000, 1200);
  // The log of a transaction holds each changed page once; a journal for each statement would hold all of them each time.
  expect((bytesWritten() - before) / 200).toBeLessThan(15_000);
});
