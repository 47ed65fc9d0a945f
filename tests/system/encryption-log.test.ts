import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { covered } from "@mh/core/journal/sealed-record.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { Cipher } from "@mh/host/encryption/cipher.ts";
import { openEnvelope } from "@mh/host/encryption/envelope.ts";
import { encryptHome, lockHome, openLogOf } from "@mh/host/encryption/switch-on.ts";
import { leaveKey } from "@mh/host/encryption/unlocked-key.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { noteRulesTrouble } from "@mh/host/home/rules-trouble.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { filesWith, fill, keysOf, makeEncryptedHome, passphrase, planted } from "../support/encrypted-home.ts";
import { filesBelow } from "../support/files-below.ts";

/** What the log says, record by record, with their hashes. */
const logOf = (home: TestHost) => [...inspect(home.root, home.environment).records()];

test("H21 the log of a locked home is verified without its key, and a changed record is named", async () => {
  await using home = await makeEncryptedHome();
  await fill(home);
  await home.own("journal.checkpoint", {});
  await home.close();
  lockHome(home.root, home.environment);
  const report = inspect(home.root, home.environment).verify({});
  expect(report).toMatchObject({ status: "ok" });
  expect(report.records).toBeGreaterThan(20);
  expect(report.checkpoints).toBeGreaterThan(0);
  const [day = ""] = filesBelow(home.file("logs/audit"));
  const text = fs.readFileSync(day, "utf8");
  const lines = text.split("\n");
  lines[5] = (lines[5] ?? "").replace(/"sealed":"~1 (.)/, (_, first) => `"sealed":"~1 ${first === "A" ? "B" : "A"}`);
  fs.writeFileSync(day, lines.join("\n"));
  expect(inspect(home.root, home.environment).verify({})).toMatchObject({ status: "changed", seq: 5 });
  fs.writeFileSync(day, text);
  const keys = keysOf(home.root, home.environment);
  leaveKey(keys, home.environment, await openEnvelope(keys, passphrase));
  await home.reopen();
  expect(await home.own("audit.verify", {})).toMatchObject({ status: "ok" });
});

test("H21 archived days of an encrypted home stay sealed, and verify without the key", async () => {
  await using home = await makeEncryptedHome();
  await fill(home);
  home.clock.forward(3 * 86_400_000);
  await home.own("memory.capture", { text: "Later" });
  const { archived } = await home.own("journal.archive", {
    before: new Date(home.clock.now()).toISOString().slice(0, 10),
  });
  expect(archived.length).toBeGreaterThan(0);
  await home.close();
  const days = filesBelow(home.file("logs/audit")).filter((file) => file.endsWith(".gz"));
  const texts = days.map((file) => String(gunzipSync(fs.readFileSync(file))));
  expect(texts.map((text) => planted.filter((word) => text.includes(word)))).toEqual([[]]);
  expect(openLogOf(home.root)).toEqual([]);
  lockHome(home.root, home.environment);
  expect(inspect(home.root, home.environment).verify({})).toMatchObject({ status: "ok" });
});

test("H21 a home that was in the clear is sealed whole, its log of before too, which verifies without the key", async () => {
  await using home = await makeHost();
  const id = await fill(home);
  await home.close();
  noteRulesTrouble(home.root, ["house.cedar: the quokka in Zanzibar"]);
  const before = logOf(home);
  expect(before.length).toBeGreaterThan(20);
  expect(filesWith(home.root, [...planted, "memory.capture"]).length).toBeGreaterThan(5);
  const done = { files: 0, records: 0 };
  const { sealed, openLog } = await encryptHome(home.root, home.environment, passphrase, (what, count, fraction) => {
    done[what] = fraction === 1 ? count : 0;
  });
  expect(done).toMatchObject({ records: before.length });
  expect(done.files).toBeGreaterThan(10);
  expect(sealed).toBeGreaterThan(10);
  expect(openLog).toEqual([]);
  const words = [...planted, "memory.capture", "file.write"];
  const said = () => filesWith(home.root, words).filter((file) => !file.startsWith("brain/"));
  expect(said()).toEqual([]);
  // The chain is the one that it was, and says to those who have the key what it said.
  expect(logOf(home).slice(0, before.length)).toEqual(before);
  expect(inspect(home.root, home.environment).verify({})).toMatchObject({ status: "ok", from: 0 });
  await home.reopen();
  expect(home.host.report.memories.handEdits).toEqual([]);
  expect(await home.own("memory.show", { id })).toMatchObject({ memory: { rev: 2 } });
  await home.own("memory.capture", { text: "Zanzibar once more" });
  expect(await home.own("audit.verify", {})).toMatchObject({ status: "ok" });
  const found = await Array.fromAsync(checkHome(home.root, home.environment));
  expect(found.filter(({ what, level }) => what === "encryption" && level === "warn")).toEqual([]);
  await home.close();
  lockHome(home.root, home.environment);
  expect(said()).toEqual([]);
  expect(inspect(home.root, home.environment).verify({})).toMatchObject({ status: "ok", from: 0 });
});

test("H21 a covered day of the log that somebody changed is named, with the key and without", async () => {
  await using home = await makeHost();
  await fill(home);
  await home.close();
  await encryptHome(home.root, home.environment, passphrase);
  await home.reopen();
  await home.own("memory.capture", { text: "A sealed record" });
  await home.close();
  const [day = "", next = ""] = filesBelow(home.file("logs/audit"));
  const [before, after] = [day, next].map((file) => fs.readFileSync(file, "utf8")) as [string, string];
  const lines = before.split("\n");
  const hidden = /"sealed":"[^"]*"/;
  const verified = () => inspect(home.root, home.environment).verify({});
  const changed = {
    "another record's words": lines.with(
      5,
      (lines[5] as string).replace(hidden, hidden.exec(lines[6] as string)?.[0] ?? ""),
    ),
    "another time": lines.with(5, (lines[5] as string).replace(/"ts":"20\d\d/, '"ts":"1999')),
    "another hash": lines.with(5, (lines[5] as string).replace(/"hash":"\w{8}/, '"hash":"00000000')),
  };
  for (const isLocked of [false, true]) {
    if (isLocked) lockHome(home.root, home.environment);
    for (const [name, text] of Object.entries(changed)) {
      fs.writeFileSync(day, text.join("\n"));
      const { status, path: named } = verified();
      expect([name, isLocked, status, named]).toEqual([name, isLocked, "changed", path.relative(home.root, day)]);
    }
    // A record of a home that is encrypted cannot be made one that nobody vouches for.
    fs.writeFileSync(day, before);
    fs.writeFileSync(next, after.replace('"phase":"sealed"', '"phase":"covered"'));
    expect([isLocked, verified().status]).toEqual([isLocked, "changed"]);
    fs.writeFileSync(next, after);
    expect(verified()).toMatchObject({ status: "ok" });
  }
});

test("H21 in the log of a home in the clear nobody covers a record: the home does not open", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "Tea" });
  await home.close();
  const [day = ""] = filesBelow(home.file("logs/audit"));
  const lines = fs.readFileSync(day, "utf8").split("\n");
  const record = JSON.parse(lines[1] as string) as JournalRecord;
  const anyKey = new Cipher(Buffer.alloc(32, 1));
  fs.writeFileSync(day, lines.with(1, canonical(covered(anyKey, record))).join("\n"));
  expect(inspect(home.root, home.environment).verify({})).toMatchObject({ status: "changed", seq: 1 });
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await expect(home.reopen()).rejects.toMatchObject({ code: "journal.damaged" });
  fs.writeFileSync(day, lines.join("\n"));
  await home.reopen();
});

test("H21 encrypting that was cut off is gone on with, archived days and a torn end too; a log that was changed stays and is named", async () => {
  await using home = await makeHost();
  await fill(home);
  home.clock.set("2026-04-02T09:00:00Z");
  await home.own("memory.capture", { text: "Zanzibar later" });
  await home.own("journal.archive", { before: "2026-03-20" });
  await home.close();
  const [archived = "", today = ""] = filesBelow(home.file("logs/audit")).filter((file) => fs.statSync(file).size > 0);
  expect(archived).toMatch(/gz$/);
  const [archive, text] = [fs.readFileSync(archived), fs.readFileSync(today, "utf8")];
  const before = logOf(home);
  fs.appendFileSync(today, '{"v":1,"the quokka');
  await encryptHome(home.root, home.environment, passphrase);
  expect(openLogOf(home.root)).toEqual([]);
  expect(filesWith(home.root, ["memory.capture", ...planted])).toEqual([]);
  // As if the last file had not been put in place: a checkpoint names lines that do not lie there.
  fs.writeFileSync(today, text);
  expect(inspect(home.root, home.environment).verify({})).toMatchObject({ status: "ok" });
  await encryptHome(home.root, home.environment, passphrase);
  expect(openLogOf(home.root)).toEqual([]);
  expect(inspect(home.root, home.environment).verify({})).toMatchObject({ status: "ok" });
  expect(logOf(home).slice(0, before.length)).toEqual(before);
  fs.writeFileSync(archived, archive);
  fs.writeFileSync(today, text.replace("memory.capture", "memory.forgets"));
  const { openLog } = await encryptHome(home.root, home.environment, passphrase);
  expect(openLog).toEqual([archived, today].map((file) => path.relative(home.root, file)));
  expect(inspect(home.root, home.environment).verify({})).toMatchObject({ status: "changed" });
});
