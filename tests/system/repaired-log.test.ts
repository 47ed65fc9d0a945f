import * as fs from "node:fs";
import { gunzipSync } from "node:zlib";
import { agent } from "@mh/contract/values/principal.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { lookAtLog } from "@mh/host/home/repair-log.ts";
import type { TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import {
  change,
  dayFile,
  forkedHome,
  lastDay,
  logged,
  recordOf,
  repair,
  textsOf,
  threeDays,
  verified,
  witnessOf,
} from "../support/broken-log.ts";
import { expectSound } from "../support/expect-sound.ts";

test("R-4 a log that two writers forked is repaired with both branches, and says so", async () => {
  const { home, done } = await logged(["before"]);
  await using _closing = home;
  const task: string[] = [];
  await forkedHome(home, [
    async () => {
      done.push(...(await logged(["A one", "A two"], home)).done);
      await home.own("grant.give", { principal: agent("mine"), skill: "task.list" });
    },
    async () => {
      done.push(...(await logged(["B one", "B two", "B three"], home)).done);
      task.push((await home.act("agent:mine", "outbox.append", { text: "hi" })).status);
    },
  ]);
  await expect(home.reopen()).rejects.toMatchObject({
    code: "journal.damaged",
    message: expect.stringContaining("mh doctor --repair"),
  });
  const { plan } = await repair(home);
  expect(plan.branches.map(({ from, wrote, missing }) => ({ from, wrote, missing }))).toEqual([
    { from: plan.survey.head.size, wrote: 2, missing: [] },
    { from: plan.survey.head.size, wrote: 3, missing: [] },
  ]);
  expect(plan.lost).toEqual([]);
  const whole = { seq: plan.survey.head.size, branches: 2, lost: 0, isCompared: true };
  expect(verified(home)).toMatchObject({ status: "repaired", repairs: [whole] });
  await home.reopen();
  expect(await textsOf(home)).toEqual(["A one", "A two", "B one", "B three", "B two", "before"]);
  expect((await home.own("grant.list", {})).grants).toMatchObject([{ principal: "agent:mine", skill: "task.list" }]);
  expect(await home.own("audit.verify", {})).toMatchObject({ status: "repaired", repairs: [whole] });
  // Nobody took the lines of either for written by hand.
  expect(home.host.report.memories.handEdits).toEqual([]);
  await home.close();
  expect(lookAtLog(home.root, home.environment)).toBeUndefined();
  await expectSound(home.root, { done, there: ["A one", "A two", "B one", "B two", "B three"] });
});

const all = ["one of 02", "one of 03", "one of 04", "two of 02", "two of 03", "two of 04"];

/** What breaks a log, how many of its numbers are then lost, and how many records stand there twice. */
const damages: Record<string, { do: (home: TestHost) => void; lost: number; doubled?: number }> = {
  "a byte flipped in the middle": {
    do: (home) =>
      change(home, "03", (lines) => lines.with(3, (lines[3] as string).replace(/"ts":"2026/, '"ts":"2126'))),
    lost: 1,
  },
  "a line cut in two": {
    do: (home) => change(home, "03", (lines) => lines.with(3, (lines[3] as string).slice(9))),
    lost: 1,
  },
  "bytes that are no text": {
    do: (home) => {
      const bytes = fs.readFileSync(dayFile(home, "03"));
      bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 3);
      fs.writeFileSync(dayFile(home, "03"), bytes);
    },
    lost: 1,
  },
  "a part cut out of the middle": { do: (home) => change(home, "03", (lines) => lines.toSpliced(2, 3)), lost: 3 },
  "the beginning cut off": { do: (home) => change(home, "02", (lines) => lines.slice(2)), lost: 2 },
  "a part that stands there twice": {
    do: (home) => change(home, "03", (lines) => lines.toSpliced(5, 0, ...lines.slice(2, 5))),
    ...{ lost: 0, doubled: 3 },
  },
  "two lines exchanged": {
    do: (home) => change(home, "03", (l) => l.with(2, l[3] as string).with(3, l[2] as string)),
    lost: 0,
  },
  "an end that is cut off, and the witness saw it": {
    do: (home) => change(home, "04", (lines) => lines.slice(0, -2)),
    lost: 2,
  },
};

test.for(Object.keys(damages))(
  "R-4 a log with %s is repaired: what can be read is taken over, the rest is named",
  async (name) => {
    const { do: spoil, lost, doubled = 0 } = damages[name] as (typeof damages)[string];
    const { home } = await threeDays();
    await using _closing = home;
    await home.close();
    const size = verified(home).records;
    spoil(home);
    expect(verified(home).status).not.toBe("ok");
    const { plan, done } = await repair(home);
    const sum = plan.lost.reduce((n, { from, to }) => n + to - from, 0);
    expect([sum, plan.survey.doubled]).toEqual([lost, doubled]);
    const checkpoints = plan.branches.reduce((n, { records }) => n + records, 0) - done.carried;
    expect(plan.survey.head.size + done.carried + checkpoints + lost).toBe(size);
    expect(verified(home)).toMatchObject({ status: "repaired", repairs: [{ lost, isCompared: true }] });
    expect(fs.existsSync(home.file("run/STOP"))).toBe(lost > 0);
    await home.reopen();
    expect(await textsOf(home)).toEqual(all);
    await logged(["and on"], home);
    await home.close();
    expect(verified(home)).toMatchObject({ status: "repaired" });
    await expectSound(home.root, { there: [...all, "and on"] });
  },
);

test("R-4 of a log with a day missing, the days behind it are taken over", async () => {
  const { home, done } = await threeDays();
  await using _closing = home;
  await home.close();
  const { length } = fs.readFileSync(dayFile(home, "03"), "utf8").trimEnd().split("\n");
  fs.rmSync(dayFile(home, "03"));
  const { plan } = await repair(home);
  const from = plan.survey.head.size;
  expect(plan.lost).toEqual([{ from, to: from + length }]);
  await home.reopen();
  expect(await textsOf(home)).toEqual(all);
  await home.close();
  await expectSound(home.root, { done: [...(done["02"] ?? []), ...(done["04"] ?? [])], there: all });
});

test("R-4 of an archived day that is damaged, what comes before the damage is taken over", async () => {
  const { home } = await threeDays();
  await using _closing = home;
  // Enough of it that it does not all stand in the archive's last block.
  home.clock.set("2026-03-05T09:00:00Z");
  await logged(
    Array.from({ length: 300 }, (_, n) => `note ${n}`),
    home,
  );
  home.clock.set("2026-03-06T09:00:00Z");
  await home.own("journal.archive", { before: "2026-03-06" });
  await home.close();
  const file = `${dayFile(home, "05")}.gz`;
  const bytes = fs.readFileSync(file);
  const whole = gunzipSync(bytes).toString().split("\n").length - 1;
  bytes.fill(0x55, bytes.length - 2000, bytes.length - 1990);
  fs.writeFileSync(file, bytes);
  expect(verified(home)).toMatchObject({ status: "unreadable" });
  const { plan } = await repair(home);
  const [{ from, to } = { from: 0, to: 0 }] = plan.lost;
  expect(plan.lost).toHaveLength(1);
  expect(to - from).toBeLessThan(whole / 2);
  expect(from).toBeGreaterThan(plan.survey.head.size + whole / 2);
  await home.reopen();
  expect((await textsOf(home)).length).toBeGreaterThan(0);
  await home.close();
  expect(verified(home)).toMatchObject({ status: "repaired", repairs: [{ isCompared: true }] });
  await expectSound(home.root, { there: all });
});

test("R-4 a log whose end of a command is lost opens, and nothing behind it is cut off", async () => {
  const { home } = await logged(["before"]);
  await using _closing = home;
  await home.own("grant.give", { principal: agent("mine"), skill: "task.list" });
  const { done } = await logged(["after"], home);
  await home.close();
  const { lines, write } = lastDay(home);
  const at = lines.findIndex((line) => recordOf(line).phase === "grant") + 1;
  expect(recordOf(lines[at]).phase).toBe("outcome");
  write(lines.with(at, (lines[at] as string).replace("done", "dime")));
  const { plan } = await repair(home);
  expect(plan.survey.half).toHaveLength(1);
  await home.reopen();
  await home.reopen();
  expect(await textsOf(home)).toEqual(["after", "before"]);
  expect((await home.own("grant.list", {})).grants).toMatchObject([{ principal: "agent:mine" }]);
  await home.close();
  expect(verified(home)).toMatchObject({ status: "repaired" });
  await expectSound(home.root, { done });
});

test("R-4 an end that only the index saw is named, and the log goes on", async () => {
  const { home } = await logged(["before", "after"]);
  await using _closing = home;
  await home.close();
  const { lines, write } = lastDay(home);
  write(lines.slice(0, -2));
  fs.rmSync(witnessOf(home));
  await expect(home.reopen()).rejects.toMatchObject({ code: "journal.damaged" });
  const said: string[] = [];
  for await (const { what, message } of checkHome(home.root, home.environment)) if (what === "log") said.push(message);
  const reason = `the index has seen ${lines.length} records, ${lines.length - 2} are left`;
  expect(said).toEqual([`truncated at record ${lines.length - 2}: ${reason}`]);
  const found = { status: "truncated", seq: lines.length - 2, reason };
  expect(inspect(home.root, home.environment).verify({})).toMatchObject(found);
  expect(inspect(home.root, home.environment).verify({ sinceCheckpoint: true })).toMatchObject(found);
  const { plan } = await repair(home);
  expect(plan.lost).toEqual([{ from: lines.length - 2, to: lines.length }]);
  await home.reopen();
  expect(await textsOf(home)).toEqual(["after", "before"]);
});

test("R-4 a log may be repaired twice, and both stand there", async () => {
  const { home } = await threeDays();
  await using _closing = home;
  await home.close();
  change(home, "02", (lines) => lines.toSpliced(2, 1));
  const first = await repair(home);
  await home.reopen();
  await logged(["and on"], home);
  await home.close();
  const { lines, write } = lastDay(home);
  write(lines.toSpliced(-4, 1));
  const second = await repair(home);
  expect(verified(home)).toMatchObject({
    status: "repaired",
    repairs: [{ kept: first.done.kept }, { kept: second.done.kept }],
  });
  await home.reopen();
  expect(await textsOf(home)).toEqual(["and on", ...all]);
  await home.close();
  await expectSound(home.root, { there: all });
});
