import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { owner } from "@mh/contract/values/principal.ts";
import { openHome } from "@mh/host";
import { inspect } from "@mh/host/audit/inspect.ts";
import { createBackup } from "@mh/host/backup/create.ts";
import { restoreBackup } from "@mh/host/backup/restore.ts";
import { openEnvelope } from "@mh/host/encryption/envelope.ts";
import { encryptHome, lockHome } from "@mh/host/encryption/switch-on.ts";
import { leaveKey } from "@mh/host/encryption/unlocked-key.ts";
import { settleUpgrade } from "@mh/host/home/upgrade/held.ts";
import { beforeFolder, formatted, stageFolder } from "@mh/host/home/upgrade/swap.ts";
import { testClock } from "@mh/testing";
import { expect, onTestFinished, test } from "vitest";
import { ageKeys } from "../support/age-keys.ts";
import { keysOf, passphrase } from "../support/encrypted-home.ts";
import { filesBelow } from "../support/files-below.ts";
import { killChild } from "../support/kill-child.ts";
import { makeMh } from "./mh.ts";

const fixture = path.join(import.meta.dirname, "../fixtures/home-0.1.0");
const child = path.join(import.meta.dirname, "upgrade-child.ts");

/** A home that version 0.1.0 made, with its keys. */
function unpack() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-upgrade-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  execFileSync("tar", ["-xzf", path.join(fixture, "home.tar.gz"), "-C", folder]);
  return { root: path.join(folder, "mh"), environment: { HOME: folder } };
}

/** Every byte of what has a format, but for the index. */
function partsOf(root: string): Record<string, string> {
  const files = filesBelow(root).map((file) => path.relative(root, file));
  const parts = files.filter((file) => formatted.some((name) => file === name || file.startsWith(`${name}/`)));
  const kept = parts.filter((file) => !file.startsWith("memory/index/"));
  return Object.fromEntries(kept.map((file) => [file, fs.readFileSync(path.join(root, file), "latin1")]));
}

const formatOf = (root: string): number => JSON.parse(fs.readFileSync(path.join(root, "home.json"), "utf8")).format;

async function memoriesOf(root: string, environment: Record<string, string>) {
  const host = await openHome(root, { environment, clock: testClock("2026-11-28T21:30:00Z") });
  if (!host) throw new Error("the home is held");
  await using _ = host;
  const outcome = await host.act({ principal: owner, skill: "memory.list", args: { limit: 1000 } });
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  return (outcome.value as { memories: { id: string; content: string; origins: string[] }[] }).memories;
}

const steps = 12;

test("K14 killed at any step of an upgrade, the home is the former one or the upgraded one, and opens", async () => {
  const whole = unpack();
  const expected = await memoriesOf(whole.root, whole.environment);
  expect(expected.length).toBeGreaterThan(10);
  let [former, upgraded] = [0, 0];
  for (let step = 1; step <= steps; step += 1) {
    const { root, environment } = unpack();
    const before = partsOf(root);
    const program = ["--conditions=mh-source", child, root, String(step)];
    await killChild({ program, environment, lines: 1, laterMs: 0 });
    const isOrdered = fs.existsSync(path.join(root, "run/upgrade/swap.json"));
    if (isOrdered) upgraded += 1;
    else {
      former += 1;
      expect(partsOf(root)).toEqual(before);
      expect(inspect(root, environment).verify({})).toMatchObject({ status: "ok", from: 0 });
    }
    expect(await memoriesOf(root, environment)).toEqual(expected);
    expect(formatOf(root)).toBe(2);
    expect(inspect(root, environment).verify({})).toMatchObject({ status: "ok", from: 0 });
    expect(partsOf(path.join(root, beforeFolder))).toEqual(before);
    fs.rmSync(path.dirname(root), { recursive: true });
  }
  expect([former > 0, upgraded > 0]).toEqual([true, true]);
});

test("K14 an upgrade is shown before, kept to go back to, and taken back", async () => {
  const { root, environment } = unpack();
  const before = partsOf(root);
  const mh = makeMh(root, environment);
  onTestFinished(() => mh[Symbol.dispose]());
  const preview = await mh.here(["self", "upgrade", "--preview", "--json"]);
  expect(JSON.parse(preview.out)).toMatchObject({ format: 1, newest: 2, steps: [expect.any(String)], kept: null });
  expect(partsOf(root)).toEqual(before);
  const upgraded = await mh.here(["self", "upgrade", "--json"]);
  expect(JSON.parse(upgraded.out)).toMatchObject({ format: 2, newest: 2, steps: [], kept: 1 });
  expect((await mh.here(["capture", "After the upgrade"])).code).toBe(0);
  const back = await mh.here(["self", "upgrade", "--back"]);
  expect([back.code, back.err]).toEqual([0, expect.stringContaining("the mh of before")]);
  expect(partsOf(root)).toEqual(before);
  expect(inspect(root, environment).verify({})).toMatchObject({ status: "ok", from: 0 });
  const kept = partsOf(path.join(root, "run/upgrade/after"));
  expect(Object.values(kept).join("\n")).toContain("After the upgrade");
  // Once more; what it had become before is kept all the same, and then this time for good.
  expect((await mh.here(["self", "upgrade"])).code).toBe(0);
  expect(partsOf(path.join(root, "run/upgrade/after"))).toEqual(kept);
  expect((await mh.here(["self", "upgrade", "--done"])).code).toBe(0);
  expect(fs.existsSync(path.join(root, "run/upgrade"))).toBe(false);
  expect((await mh.here(["self", "upgrade", "--back"])).err).toContain("No home of before");
});

test("K14 an upgrade that was killed half in place loses nothing to a backup, to encrypting and to locking", async () => {
  const whole = unpack();
  const expected = await memoriesOf(whole.root, whole.environment);
  const { to, by } = await ageKeys();
  for (const step of [5, 7]) {
    const { root, environment } = unpack();
    const program = ["--conditions=mh-source", child, root, String(step)];
    await killChild({ program, environment, lines: 1, laterMs: 0 });
    expect(fs.existsSync(path.join(root, "run/upgrade/swap.json"))).toBe(true);
    const [file, again] = ["mh.age", "again"].map((name) => path.join(path.dirname(root), name)) as [string, string];
    await createBackup(root, environment, file, to);
    const there = { HOME: path.join(path.dirname(root), "there") };
    await restoreBackup(file, by, again, there);
    expect(await memoriesOf(again, there)).toEqual(expected);
    // What was kept lies in the clear, and only the owner lets go of it.
    await expect(encryptHome(root, environment, passphrase)).rejects.toThrow(/mh self upgrade --done/);
    settleUpgrade(root);
    await encryptHome(root, environment, passphrase);
    lockHome(root, environment);
    const keys = keysOf(root, environment);
    leaveKey(keys, environment, await openEnvelope(keys, passphrase));
    expect(await memoriesOf(root, environment)).toEqual(expected);
  }
});

test("K14 what an upgrade that was killed had copied is gone where the home is encrypted then", async () => {
  const { root, environment } = unpack();
  await killChild({ program: ["--conditions=mh-source", child, root, "1"], environment, lines: 1, laterMs: 0 });
  expect(fs.existsSync(path.join(root, stageFolder, "home.json"))).toBe(true);
  await encryptHome(root, environment, passphrase);
  expect(fs.existsSync(path.join(root, stageFolder))).toBe(false);
});

test("K14 a part that is a link to a folder elsewhere is not upgraded as if it lay here", async () => {
  const { root, environment } = unpack();
  const elsewhere = path.join(path.dirname(root), "elsewhere");
  fs.renameSync(path.join(root, "memory"), elsewhere);
  fs.symlinkSync(elsewhere, path.join(root, "memory"));
  await expect(openHome(root, { environment })).rejects.toThrow(/memory is a link to .*elsewhere/);
  expect([formatOf(root), fs.existsSync(path.join(root, "run/upgrade/new"))]).toEqual([1, false]);
});
