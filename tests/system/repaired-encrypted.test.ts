import * as fs from "node:fs";
import { openEnvelope } from "@mh/host/encryption/envelope.ts";
import { encryptHome, lockHome, openFilesOf } from "@mh/host/encryption/switch-on.ts";
import { leaveKey } from "@mh/host/encryption/unlocked-key.ts";
import { lookAtLog } from "@mh/host/home/repair-log.ts";
import type { TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { change, forkedHome, lastDay, logged, repair, textsOf, threeDays, verified } from "../support/broken-log.ts";
import { keysOf, makeEncryptedHome, passphrase } from "../support/encrypted-home.ts";
import { expectSound } from "../support/expect-sound.ts";

async function unlock(home: TestHost): Promise<void> {
  const keys = keysOf(home.root, home.environment);
  leaveKey(keys, home.environment, await openEnvelope(keys, passphrase));
}

/** Without its key a repaired home is sound, too, and nobody can compare what was kept. */
async function expectSoundLocked(home: TestHost): Promise<void> {
  await home.close();
  lockHome(home.root, home.environment);
  expect(verified(home)).toMatchObject({ status: "repaired", repairs: [{ isCompared: false }] });
  await expectSound(home.root);
}

test("R-4 a forked log of an encrypted home is repaired with its key, and stays sealed", async () => {
  await using home = await makeEncryptedHome();
  await logged(["before"], home);
  await forkedHome(
    home,
    ["A", "B"].map((name) => async () => void (await logged([`${name} one`, `${name} two`], home))),
  );
  lockHome(home.root, home.environment);
  expect(() => lookAtLog(home.root, home.environment)).toThrow(expect.objectContaining({ code: "home.locked" }));
  await unlock(home);
  const { plan, done } = await repair(home, { isSealed: true });
  expect(plan.branches.map(({ wrote, missing }) => [wrote, missing])).toEqual([
    [2, []],
    [2, []],
  ]);
  expect(openFilesOf(home.root)).toEqual([]);
  expect(lastDay(home).lines.filter((line) => line.includes("memory.capture"))).toEqual([]);
  expect(verified(home)).toMatchObject({ status: "repaired", repairs: [{ carried: done.carried, isCompared: true }] });
  await home.reopen();
  expect(await textsOf(home)).toEqual(["A one", "A two", "B one", "B two", "before"]);
  await expectSoundLocked(home);
});

test("R-4 a log that was covered since is repaired, too, and verifies with the key and without", async () => {
  const { home } = await threeDays();
  await using _closing = home;
  await home.close();
  await encryptHome(home.root, home.environment, passphrase);
  await home.reopen();
  await logged(["sealed"], home);
  await home.close();
  change(home, "03", (lines) => lines.with(3, (lines[3] as string).replace(/"ts":"2026/, '"ts":"2126')));
  expect(verified(home).status).toBe("changed");
  const { plan } = await repair(home, { isSealed: true });
  expect(plan.survey.uncovered.length).toBeGreaterThan(0);
  expect(plan.lost).toMatchObject([{ from: plan.survey.head.size, to: plan.survey.head.size + 1 }]);
  expect(verified(home)).toMatchObject({ status: "repaired", repairs: [{ isCompared: true }] });
  await home.reopen();
  expect(await textsOf(home)).toContain("two of 04");
  await expectSoundLocked(home);
});

test("R-4 a home that is encrypted after a repair has what was kept sealed, and it is compared with the key", async () => {
  const { home } = await threeDays();
  await using _closing = home;
  await home.close();
  change(home, "03", (lines) => lines.toSpliced(2, 1));
  const { done } = await repair(home);
  await encryptHome(home.root, home.environment, passphrase);
  expect(openFilesOf(home.root)).toEqual([]);
  expect(fs.readFileSync(home.file(`${done.kept}/logs/audit/2026-03-03.ndjson`), "utf8")).not.toContain(
    "memory.capture",
  );
  expect(verified(home)).toMatchObject({ status: "repaired", repairs: [{ isCompared: true }] });
  await home.reopen();
  expect(await textsOf(home)).toHaveLength(6);
});
