import * as fs from "node:fs";
import { agent } from "@mh/contract/values/principal.ts";
import { readRecords } from "@mh/core/journal/walk.ts";
import { explain } from "@mh/core/kernel/explain.ts";
import type { FindBefore } from "@mh/core/kernel/explain-rights.ts";
import { tablesOf } from "@mh/core/kernel/tables.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { indexedLookup, NotIndexed, walkedLookup } from "@mh/host/audit/record-lookup.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { noteClosed } from "@mh/host/home/index-left.ts";
import { indexFile } from "@mh/host/places.ts";
import { shippedFeatures } from "@mh/host/wiring/features.ts";
import { tablesOfFeatures } from "@mh/host/wiring/install-features.ts";
import { makeHost, type TestHost } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, test, vi } from "vitest";
import { lookupDeps } from "../support/lookup-deps.ts";

/** What another program does that can write the owner's files. */
function tamper(home: TestHost, sql: string): void {
  const db = new Sqlite(indexFile(home.root));
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

const recovered = (home: TestHost) =>
  [...readRecords(journalReader(home.root))]
    .filter(({ record: { phase, body } }) => phase === "recovered" && body?.what === "index")
    .map(({ record }) => record.body);

const tokenHash = "5e884898da28047151d0e56f8dc6292773603d0d6aabbd62a11ef721d1542d80";

const forgeries = {
  grants: `INSERT INTO grants VALUES ('g1', 'agent:evil', 'memory.capture', '{}', NULL, NULL, 1, 'given')`,
  trust: "INSERT INTO trust VALUES ('agent:evil', 'autonomous')",
  devices: `INSERT INTO devices (id, kind, name, token_hash, added_ms, role, may)
    VALUES ('d1', 'device', 'evil', '${tokenHash}', 1, 'admin', '[]')`,
  channel_codes: `INSERT INTO channel_codes VALUES ('k1', 'telegram', 'evil', 'admin', '${tokenHash}', 9e15, NULL)`,
  channel_inbox: "INSERT INTO channel_inbox VALUES ('i1', 'telegram', 'd1', 'say', 'o', 9e15, NULL)",
  plans: "INSERT INTO plans VALUES ('p1', 'agent:evil', 't', 'All of it', NULL, 1, 'given', '{}')",
  plan_steps: "INSERT INTO plan_steps VALUES ('p1', 1, -1000)",
  adoptions: "INSERT INTO adoptions VALUES ('agent', 'evil', 'h', '{}', '{}', 'o', 'w', 'on', 1, 0)",
  approvals: "INSERT INTO approvals VALUES ('a1', 'agent:evil', 'mail.send', '', 'risk', '', 1, 9e15, 'open', NULL)",
  commands: "INSERT INTO commands VALUES ('c1', 'agent:evil', 'mail.send', 'h', NULL, 'interrupted', NULL, NULL)",
  changes: `INSERT INTO changes VALUES
    (99, 'c1', 1, 'owner', 'memory.edit', NULL, 'do', 1, 0, '[{"file":"f","before":"b","after":"a"}]', '{}', '[]', 'done', 99, NULL)`,
  expected_files: "INSERT INTO expected_files VALUES ('f', 'h', 0)",
  written_files: "INSERT INTO written_files VALUES ('f', 'h')",
} as const;

async function findings(home: TestHost): Promise<string[]> {
  const found: string[] = [];
  for await (const { what, level, message } of checkHome(home.root, home.environment))
    if (what === "rights" && level !== "ok") found.push(message);
  return found;
}

test("S7 every set of tables says of each of its tables whether it gives rights", () => {
  for (const set of tablesOfFeatures(shippedFeatures))
    expect([set.name, Object.keys(set.gives).sort()]).toEqual([set.name, tablesOf(set).sort()]);
});

for (const [table, sql] of Object.entries(forgeries)) {
  test(`S7 a row written into ${table} counts neither at the next opening nor while the home is open`, async () => {
    await using home = await makeHost();
    await home.own("memory.capture", { text: "before" });
    await home.close();
    expect(await findings(home)).toEqual([]);
    tamper(home, sql);
    expect(await findings(home)).toEqual([expect.stringMatching(new RegExp(`^${table} .*stands in no record`))]);
    await home.reopen();
    expect(recovered(home)).toMatchObject([{ what: "index", tables: { [table]: { added: 1 } } }]);
    tamper(home, sql);
    const { grants } = await home.own<{ grants: unknown[] }>("grant.list", {});
    expect(grants).toEqual([]);
    await home.own("memory.capture", { text: "after" });
    expect(recovered(home)).toHaveLength(2);
    const { hits } = await home.own<{ hits: unknown[] }>("memory.search", { q: "before after" });
    expect(hits.length).toBeGreaterThan(0);
  });
}

test("S7 a grant, a level of trust and a device that stand in the index alone let nobody do anything", async () => {
  await using home = await makeHost();
  const evil = agent("evil");
  await home.own("memory.capture", { text: "before" });
  const all = `${forgeries.grants}; ${forgeries.trust}; ${forgeries.devices}`;
  tamper(home, all);
  expect((await home.act(evil, "memory.capture", { text: "x" })).status).toBe("denied");
  expect(home.host.callerByToken("password")).toBeUndefined();
  await home.close();
  tamper(home, all);
  await home.reopen();
  expect((await home.act(evil, "memory.capture", { text: "y" })).status).toBe("denied");
  expect(home.host.callerByToken("password")).toBeUndefined();
});

test("R-15 what gives rights is read once where an index was left in order, and again where somebody else touched it", async () => {
  await using home = await makeHost();
  const counted = vi.spyOn(nodeCrypto, "hmacHex");
  const opened = async () => {
    counted.mockClear();
    await home.reopen();
    return counted.mock.calls.filter(([, text]) => String(text).startsWith("row\0")).length;
  };
  for (let n = 0; n < 40; n += 1) await home.own("task.add", { title: `Call ${n}` });
  // SQLite wrote to the file meanwhile, and nobody can tell its writing from somebody else's.
  expect(await opened()).toBeGreaterThan(80);
  expect(await opened()).toBe(0);
  await home.own("task.add", { title: "Call once more" });
  expect(await opened()).toBe(0);
  await writeInPlace(indexFile(home.root));
  expect(await opened()).toBeGreaterThan(80);
  expect(await opened()).toBe(0);
  await home.close();
  const note = `${indexFile(home.root)}-left`;
  fs.writeFileSync(note, fs.readFileSync(note, "utf8").replace(/"boot":"[^"]*"/, '"boot":"earlier"'));
  expect(await opened()).toBeGreaterThan(80);
  await home.close();
  tamper(home, "UPDATE tasks SET title = title");
  fs.rmSync(`${indexFile(home.root)}-left`);
  noteClosed(indexFile(home.root), false);
  expect(await opened()).toBeGreaterThan(80);
  expect(await opened()).toBe(0);
  counted.mockRestore();
});

/** A byte of it as it was, once the disk's clock has gone on: SQLite does not see that. */
async function writeInPlace(file: string): Promise<void> {
  const { ctimeMs } = fs.statSync(file);
  const fd = fs.openSync(file, "r+");
  const byte = Buffer.alloc(1);
  fs.readSync(fd, byte, 0, 1, 0);
  await expect
    .poll(() => {
      fs.writeSync(fd, byte, 0, 1, 0);
      return fs.fstatSync(fd).ctimeMs;
    })
    .toBeGreaterThan(ctimeMs);
  fs.closeSync(fd);
}

test("S7 a right that somebody writes into the index counts for nothing, whatever note of it they leave beside it", async () => {
  await using home = await makeHost();
  await home.own("grant.give", { principal: "agent:mail", skill: "outbox.append" });
  await home.close();
  const note = `${indexFile(home.root)}-left`;
  const read = () => JSON.parse(fs.readFileSync(note, "utf8"));
  const { rights } = read().closed;
  expect(rights.mac).toMatch(/^[0-9a-f]{64}$/);
  tamper(home, forgeries.grants);
  noteClosed(indexFile(home.root), false);
  // The facts are true, and the sum and its signature were once.
  const { closed, ...rest } = read();
  fs.writeFileSync(note, JSON.stringify({ ...rest, closed: { ...closed, rights } }));
  await home.reopen();
  expect(recovered(home)).toMatchObject([{ tables: { grants: { added: 1, gone: 0 } } }]);
  expect(await home.act(agent("evil"), "memory.capture", { text: "Hi" })).toMatchObject({ status: "denied" });
});

test("S7 what the owner took back stays taken back, whatever older index is put in place", async () => {
  await using home = await makeHost();
  const evil = agent("evil");
  const { id } = await home.own<{ id: string }>("grant.give", { principal: evil, skill: "memory.list" });
  await home.close();
  const older = await import("node:fs").then((fs) => {
    const bytes = fs.readFileSync(indexFile(home.root));
    return () => {
      for (const ending of ["-wal", "-shm"]) fs.rmSync(indexFile(home.root) + ending, { force: true });
      fs.writeFileSync(indexFile(home.root), bytes);
    };
  });
  await home.reopen();
  await home.own("grant.revoke", { id });
  await home.close();
  older();
  await home.reopen();
  expect((await home.act(evil, "memory.list")).status).toBe("denied");
  // A row of the older one in the newer one.
  await home.close();
  tamper(home, "UPDATE grants SET status = 'given'");
  await home.reopen();
  expect((await home.act(evil, "memory.list")).status).toBe("denied");
  expect(recovered(home)).toHaveLength(1);
});

const tricks = {
  "a trigger": `CREATE TRIGGER evil AFTER INSERT ON commands BEGIN ${forgeries.trust.replace("INSERT", "INSERT OR REPLACE")}; END`,
  "a view in a table's place": `ALTER TABLE trust RENAME TO trust_before; CREATE VIEW trust AS SELECT 'agent:evil' AS principal, 'autonomous' AS level`,
  "a generated column": "ALTER TABLE grants ADD COLUMN more TEXT AS ('x')",
  "no seal": "DELETE FROM meta WHERE key = 'seal'",
  "another position": `UPDATE meta SET value = replace(value, '"offset":', '"offset":1') WHERE key = 'journal'`,
};

for (const [what, sql] of Object.entries(tricks)) {
  test(`S7 an index with ${what} is not believed`, async () => {
    await using home = await makeHost();
    const { id } = await home.own<{ id: string }>("grant.give", { principal: agent("good"), skill: "memory.list" });
    await home.close();
    tamper(home, sql);
    expect((await findings(home)).length).toBeGreaterThan(0);
    await home.reopen();
    expect(await findings(home)).toEqual([]);
    await home.own("memory.capture", { text: "more" });
    expect((await home.act(agent("evil"), "memory.capture", { text: "x" })).status).toBe("denied");
    const { grants } = await home.own<{ grants: { id: string }[] }>("grant.list", {});
    expect(grants.map((each) => each.id)).toEqual([id]);
    expect(recovered(home).length).toBe(1);
  });
}

test("S7 why names the record that gave each right, and says where none did", async () => {
  const good = agent("good");
  await using home = await makeHost({ declared: new Map([["agent:other", ["memory.list"]]]) });
  await home.own("grant.give", { principal: good, skill: "memory.capture" });
  await home.own("trust.set", { principal: good, level: "adaptive_auto" });
  const { id } = await home.act(good, "memory.capture", { text: "Tea" });
  await home.close();
  const records = [...readRecords(journalReader(home.root))].map(({ record }) => record);
  const seqOf = (phase: string) => records.find((record) => record.phase === phase)?.seq;
  const told = explainCommand(home.root, home.environment, id);
  expect(told?.rights).toEqual([
    { right: "grant of memory.capture to agent:good", seq: seqOf("grant") },
    { right: "trust of agent:good: adaptive_auto", seq: seqOf("trust") },
  ]);
  const deps = lookupDeps(home);
  const without = explain({ ...walkedLookup(deps), findBefore: () => undefined }, id);
  expect(without?.rights.map(({ seq }) => seq)).toEqual([null, null]);
});

test.each([
  ["lacks a record that took a right", "DELETE FROM record_places WHERE about LIKE 'revoke %'"],
  ["lacks what a record is about", "UPDATE record_places SET about = NULL WHERE about LIKE 'revoke %'"],
  ["knows one right more", "UPDATE record_places SET about = 'grant agent:good' WHERE seq = 1"],
  ["says where it stood before", "UPDATE meta SET value = 'x' WHERE key = 'rights.signed'"],
])("S7 why believes no index that %s, and reads the log", async (_what, sql) => {
  const good = agent("good");
  await using home = await makeHost();
  const grant = { principal: good, skill: "memory.capture" };
  const { id: first } = await home.own<{ id: string }>("grant.give", grant);
  await home.own("grant.give", grant);
  await home.own("grant.revoke", { id: first });
  const { id } = await home.act(good, "memory.capture", { text: "Tea" });
  await home.close();
  const told = explainCommand(home.root, home.environment, id);
  expect(told?.rights.map(({ seq }) => seq)).not.toContain(null);
  tamper(home, sql);
  expect(explainCommand(home.root, home.environment, id)).toEqual(told);
  using log = indexedLookup(home.root, lookupDeps(home));
  expect(() => explain(log, id)).toThrow(NotIndexed);
});

test("S7 why names no record that was taken back before the command, and an older one that still stood", async () => {
  const good = agent("good");
  await using home = await makeHost();
  const grant = { principal: good, skill: "memory.capture" };
  await home.own("grant.give", grant);
  const { id: second } = await home.own<{ id: string }>("grant.give", grant);
  await home.own("grant.revoke", { id: second });
  await home.own("trust.set", { principal: good, level: "adaptive_auto" });
  const { id } = await home.act(good, "memory.capture", { text: "Tea" });
  await home.close();
  const records = [...readRecords(journalReader(home.root))].map(({ record }) => record);
  const [first] = records.filter(({ phase }) => phase === "grant");
  const deps = lookupDeps(home);
  const told = (log: typeof records) => {
    const findBefore: FindBefore = (seq, _words, fits) => log.findLast((record) => record.seq < seq && fits(record));
    return explain({ ...walkedLookup(deps), findBefore }, id)?.rights.map(({ seq }) => seq);
  };
  const trust = records.find(({ phase }) => phase === "trust");
  expect(explainCommand(home.root, home.environment, id)?.rights.map(({ seq }) => seq)).toEqual([
    first?.seq,
    trust?.seq,
  ]);
  expect(told(records)).toEqual([first?.seq, trust?.seq]);
  // As the log would be if the owner had taken all of it back before.
  const taken = records.flatMap((record) => [
    record,
    ...(record === trust ? [{ ...record, body: { principal: good, level: "always_ask" } }] : []),
    ...(record === first ? [{ ...record, seq: record.seq + 0.5, phase: "revoke" as const }] : []),
  ]);
  expect(told(taken)).toEqual([null, null]);
});
