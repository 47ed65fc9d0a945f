import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import type { Reach } from "../kernel/attempts.ts";
import { CallIds } from "./call-id.ts";

test.each([
  ["read", "interrupted", false],
  ["home", "interrupted", false],
  ["outside", "interrupted", true],
  ["home", "done", true],
  ["read", "done", false],
  ["home", "parked", true],
  ["outside", "failed", false],
])("H24 a call of kind %s that is %s answers another attempt from the log: %j", (kind, status, isKnown) => {
  using db = Object.assign(new Sqlite(":memory:"), { [Symbol.dispose]: () => db.close() });
  db.exec("CREATE TABLE commands (id TEXT, status TEXT)");
  const parts = {
    crypto: nodeCrypto,
    reader: db as never,
    reachOf: (skill: string) => skill as Reach,
  };
  const first = new CallIds("m1", parts).next(kind, { n: 1 });
  expect(first.isKnown).toBe(false);
  db.prepare("INSERT INTO commands VALUES (?, ?)").run(first.id, status);
  const again = new CallIds("m1", parts).next(kind, { n: 1 });
  expect([again.isKnown, again.id === first.id]).toEqual([isKnown, isKnown]);
});
