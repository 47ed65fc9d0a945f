import * as fs from "node:fs";
import * as path from "node:path";
import { owner } from "@mh/contract/values/principal.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { recordHash } from "@mh/core/journal/chain.ts";
import { verifyJournal } from "@mh/core/journal/verify.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, inject, test } from "vitest";

/** A closed home with a short log. */
async function logged(
  captures = 3,
): Promise<{ home: TestHost; log: string; lines: string[]; write(lines: string[]): void }> {
  const home = await makeHost();
  for (let n = 0; n < captures; n += 1) await home.own("memory.capture", { text: `note ${n}` });
  await home.own("journal.checkpoint", {});
  await home.close();
  const [name = ""] = fs.readdirSync(home.file("logs/audit"));
  const log = home.file(`logs/audit/${name}`);
  const lines = fs.readFileSync(log, "utf8").trimEnd().split("\n");
  return { home, log, lines, write: (changed) => fs.writeFileSync(log, changed.map((line) => `${line}\n`).join("")) };
}

const verify = (home: TestHost) => inspect(home.root, home.environment).verify({});
const parse = (line: string | undefined) => JSON.parse(line ?? "") as JournalRecord;

function reseal(record: JournalRecord): JournalRecord {
  const { hash: _, ...body } = record;
  return { ...body, hash: recordHash(nodeCrypto, body) };
}

test("H20 a log that nobody touched verifies whole", async () => {
  const { home, lines } = await logged();
  await using _closing = home;
  expect(verify(home)).toMatchObject({ status: "ok", from: 0, records: lines.length, checkpoints: 1 });
});

const damages: [string, (lines: string[]) => string[], string, number][] = [
  ["changed", (l) => l.with(2, (l[2] as string).replace(/"ts":"2026/, '"ts":"2025')), "changed", 2],
  [
    "changed and hashed anew",
    (l) => l.with(2, canonical(reseal({ ...parse(l[2]), ts: "2025-01-01T00:00:00.000Z" }))),
    "changed",
    3,
  ],
  ["written with other spacing", (l) => l.with(2, (l[2] as string).replace("{", "{ ")), "changed", 2],
  ["deleted", (l) => l.toSpliced(2, 1), "changed", 2],
  ["deleted at the beginning", (l) => l.slice(1), "changed", 0],
  ["reordered", (l) => l.with(2, l[3] as string).with(3, l[2] as string), "changed", 2],
  ["doubled", (l) => l.toSpliced(2, 0, l[2] as string), "changed", 3],
  [
    "inserted",
    (l) => l.toSpliced(3, 0, canonical(reseal({ ...parse(l[3]), principal: "agent:forger" }))),
    "changed",
    4,
  ],
  ["emptied", (l) => l.with(2, ""), "changed", 2],
  ["truncated by a line", (l) => l.slice(0, -1), "truncated", -1],
  ["truncated to nothing", () => [], "truncated", 0],
];

test.for(damages)("H20 a line that was %s is named", async ([, damage, status, seq]) => {
  const { home, lines, write } = await logged();
  await using _closing = home;
  write(damage(lines));
  expect(verify(home)).toMatchObject({ status, seq: seq === -1 ? lines.length - 1 : seq });
});

test("H20 a log rewritten whole, every link and hash anew, is found out by its checkpoint", async () => {
  const { home, lines, write } = await logged();
  await using _closing = home;
  let prev = "0".repeat(64);
  const rewritten = lines.map((line) => {
    const record = parse(line);
    const changed = reseal({ ...record, prev, ts: record.seq === 1 ? "2025-01-01T00:00:00.000Z" : record.ts });
    prev = changed.hash;
    return canonical(changed);
  });
  write(rewritten);
  const seq = lines.findIndex((line) => parse(line).phase === "checkpoint");
  expect(verify(home)).toMatchObject({ status: "bad-signature", seq });
  write(rewritten.slice(0, seq));
  expect(verify(home)).toMatchObject({ status: "truncated", seq });
});

test("H20 a damaged log refuses to open, and naming the damage changes nothing", async () => {
  const { home, lines, write, log } = await logged();
  await using _closing = home;
  write(lines.with(1, (lines[1] as string).replace(/"ts":"2026/, '"ts":"2025')));
  fs.rmSync(home.file("memory/index"), { recursive: true });
  const before = fs.readFileSync(log);
  await expect(home.reopen()).rejects.toMatchObject({
    code: "journal.damaged",
    message: expect.stringContaining("record 1 "),
  });
  expect(fs.readFileSync(log)).toEqual(before);
});

test("H20 compressed days verify like the lines they hold, and their plain files are gone", async () => {
  await using home = await makeHost();
  for (const day of ["02", "03", "04"]) {
    home.clock.set(`2026-03-${day}T09:00:00Z`);
    await home.own("memory.capture", { text: `note of day ${day}` });
  }
  const before = [...inspect(home.root, home.environment).records()];
  const old = ["logs/audit/2026-03-02.ndjson", "logs/audit/2026-03-03.ndjson"];
  expect(await home.own("journal.archive", { before: "2026-03-04" })).toEqual({ archived: old });
  expect(fs.readdirSync(home.file("logs/audit")).sort()).toEqual([
    "2026-03-02.ndjson.gz",
    "2026-03-03.ndjson.gz",
    "2026-03-04.ndjson",
  ]);
  const after = [...inspect(home.root, home.environment).records()];
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.filter(({ phase }) => phase === "archive").map(({ body }) => body?.path)).toEqual(old);
  await home.reopen();
  await home.close();
  expect(verify(home)).toMatchObject({ status: "ok", records: after.length });
  const file = home.file(`${old[1]}.gz`);
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(file, bytes.subarray(0, bytes.length - 20));
  expect(verify(home)).toMatchObject({
    status: "unreadable",
    path: `${old[1]}.gz`,
    seq: before.findIndex((r) => r.ts > "2026-03-03"),
  });
});

test("R2 every flipped byte of a log is named by its record", async () => {
  const { home, log } = await logged(1);
  await using _closing = home;
  const bytes = fs.readFileSync(log);
  const reader = journalReader(home.root);
  const stride = 2; // half of the bytes a run; which half, and which bit, the seed says
  const seed = inject("seed");
  const wrong: unknown[] = [];
  let seq = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const original = bytes[at] as number;
    if ((at + seed) % stride === 0) {
      bytes[at] = original ^ (1 << ((at + seed) % 7));
      fs.writeFileSync(log, bytes);
      const report = verifyJournal(reader);
      const status = at === bytes.length - 1 ? "torn" : "changed";
      if (report.status !== status || report.seq !== seq) wrong.push({ at, seq, status, report });
      bytes[at] = original;
    }
    if (original === 0x0a) seq += 1;
  }
  expect(wrong).toEqual([]);
});

test("R2 a log cut at any byte is torn or truncated at the record that is lost", async () => {
  const { home, log } = await logged(1);
  await using _closing = home;
  const bytes = fs.readFileSync(log);
  const wrong: unknown[] = [];
  const inspection = inspect(home.root, home.environment);
  for (let size = bytes.length - 1; size >= 0; size -= 1) {
    fs.truncateSync(log, size);
    const left = bytes.subarray(0, size);
    const whole = left.filter((byte) => byte === 0x0a).length;
    const status = size === 0 || left.at(-1) === 0x0a ? "truncated" : "torn";
    const report = inspection.verify({});
    if (report.status !== status || report.seq !== whole) wrong.push({ size, status, whole, report });
  }
  expect(wrong).toEqual([]);
});

test("R2 a log cut below what was acknowledged refuses to open", async () => {
  const { home, log } = await logged();
  await using _closing = home;
  const size = fs.statSync(log).size;
  for (const cut of [1, 500]) {
    fs.truncateSync(log, size - cut);
    fs.rmSync(home.file("memory/index"), { recursive: true, force: true });
    await expect(home.reopen()).rejects.toMatchObject({ code: "journal.damaged" });
  }
});

test("R2 a torn last line is set aside whole, told and journaled, and everything before it stays", async () => {
  const { home, log, lines } = await logged();
  await using _closing = home;
  const size = fs.statSync(log).size;
  const half = (lines[1] as string).slice(0, 100);
  fs.appendFileSync(log, half);
  expect(verify(home)).toMatchObject({ status: "torn", seq: lines.length });
  await home.reopen();
  const [torn] = home.host.report.torn;
  expect(torn).toMatchObject({ path: path.relative(home.root, log), offset: size, bytes: 100 });
  expect(fs.readFileSync(home.file(torn?.keptAs ?? ""), "utf8")).toBe(half);
  expect((await home.act(owner, "memory.capture", { text: "on we go" })).status).toBe("done");
  await home.close();
  expect(verify(home).status).toBe("ok");
  const told = [...inspect(home.root, home.environment).records()].filter(({ phase }) => phase === "recovered");
  expect(told.map(({ body }) => body)).toEqual([{ what: "torn line", ...torn }]);
});
