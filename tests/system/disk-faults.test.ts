import * as fs from "node:fs";
import * as path from "node:path";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { isCutOffWrite } from "@mh/core/model/home-files.ts";
import { isTemporary } from "@mh/host/adapters/cut-off-writes.ts";
import { nodeFiles } from "@mh/host/adapters/node-files.ts";
import { readWitness } from "@mh/host/audit/witness.ts";
import { readHome } from "@mh/host/home/home-file.ts";
import { keyFolder } from "@mh/host/places.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { diceFrom } from "../fuzz/dice.ts";
import { filesBelow } from "../support/files-below.ts";
import { withoutWarnings } from "../support/simulation/close-quietly.ts";
import { FaultyDisk, type Trouble } from "../support/simulation/disk.ts";

/** A command on a disk that fails at one of its calls, at each in turn. Gives how many there were. */
async function atEachCall(
  trouble: Omit<Trouble, "after">,
  run: (home: TestHost, disk: FaultyDisk, after: number) => Promise<void>,
): Promise<number> {
  for (let after = 0; ; after += 1) {
    await using home = await makeHost();
    await home.own("memory.capture", { text: "before" });
    using disk = new FaultyDisk(path.dirname(home.root), diceFrom(1), []);
    // It knows what is opened from now on.
    await home.reopen();
    disk.plan([{ ...trouble, after }], undefined);
    await run(home, disk, after);
    if (disk.failed === 0) return after;
  }
}

const setOwner = (home: TestHost): Promise<Outcome> =>
  home.act("owner", "config.set", { name: "owner", value: "Grace" });

const isSet = (home: TestHost): boolean => fs.readFileSync(home.file("config.yaml"), "utf8").includes("Grace");

for (const when of ["before", "after"] as const)
  test(`R-2 a call that fails, ${when} it was done, is answered with done or with not done, as it is, and the home goes on`, async () => {
    const wrong: unknown[] = [];
    const calls = await atEachCall({ code: "EIO", when, calls: 1 }, async (home, disk, after) => {
      const { id, status } = await setOwner(home);
      disk.plan([], undefined);
      const next = await home.act("owner", "memory.capture", { text: "after" });
      await home.reopen();
      const end = (await home.host.wait(id))?.status ?? "failed";
      const isTrue =
        status !== "interrupted" && isSet(home) === (status === "done") && (end === "done") === isSet(home);
      const { memories, torn } = home.host.report;
      if (!isTrue || next.status !== "done" || memories.documents.adopted.length + torn.length > 0)
        wrong.push({ after, status, end, isSet: isSet(home), next });
    });
    expect(wrong).toEqual([]);
    expect(calls).toBeGreaterThan(10);
  });

test("R-10 a disk that stays broken is answered with not known as long as it is not done, and what is found is one of the two", async () => {
  const wrong: unknown[] = [];
  const told = new Set<string>();
  const calls = await atEachCall(
    { code: "EIO", when: "after", calls: Number.POSITIVE_INFINITY },
    async (home, disk, after) => {
      const { id, status } = await setOwner(home);
      told.add(status);
      const next = await home.act("owner", "memory.capture", { text: "after" });
      disk.plan([], undefined);
      await home.reopen();
      const isDone = (await home.host.wait(id))?.status === "done";
      const isTrue = isDone === isSet(home) && (status === "interrupted" || isDone === (status === "done"));
      if (!isTrue || (next.status === "done" && status !== "done"))
        wrong.push({ after, status, isDone, isSet: isSet(home), next });
    },
  );
  expect(wrong).toEqual([]);
  expect(calls).toBeGreaterThan(10);
  expect([...told].sort()).toEqual(["done", "interrupted"]);
});

test("R-17 what a disk that failed for a while did not let go of is gone once the home was closed in order", async () => {
  const left: unknown[] = [];
  await atEachCall({ code: "EIO", when: "before", calls: 4 }, async (home, disk, after) => {
    await setOwner(home);
    disk.plan([], undefined);
    await home.reopen();
    const found = filesBelow(home.root).filter((file) => isCutOffWrite(file) || isTemporary(file));
    if (found.length > 0) left.push({ after, found });
  });
  expect(left).toEqual([]);
});

const oneCall = { code: "EIO", when: "before", calls: 1 } as const;

test("R-9 what a disk refuses once a command is on it ends no process: its end is not known, and what was beside it is done", async () => {
  const wrong: unknown[] = [];
  const told = new Set<string>();
  await atEachCall(oneCall, async (home, disk, after) => {
    disk.plan([], undefined);
    home.clock.forward(60 * 86_400_000);
    await home.own("memory.capture", { text: "later" });
    disk.plan([{ ...oneCall, after }], undefined);
    const [archived, beside] = await Promise.all([
      home.act("owner", "journal.archive", { before: "2026-04-01" }),
      home.act("owner", "memory.capture", { text: "beside" }),
    ]);
    disk.plan([], undefined);
    told.add(`${archived.status} ${beside.status}`);
    await home.reopen();
    const { memories } = await home.own("memory.list", {});
    const isThere = memories.some(({ content }) => content === "beside");
    const again = await home.act("owner", "journal.archive", { before: "2026-04-01" });
    const { status } = await home.own("audit.verify", {});
    if (isThere !== (beside.status === "done") || again.status !== "done" || status !== "ok")
      wrong.push({ after, archived, beside, isThere, again, status });
  });
  expect(wrong).toEqual([]);
  expect(told).toContain("interrupted done");
});

test("R-9 a STOP that a disk does not let go of stands, and nobody is told that it is lifted", async () => {
  const wrong: unknown[] = [];
  const told = new Set<string>();
  await atEachCall(oneCall, async (home, disk, after) => {
    disk.plan([], undefined);
    await home.own("kernel.stop", {});
    disk.plan([{ ...oneCall, after }], undefined);
    const { status } = await home.act("owner", "kernel.resume", {});
    disk.plan([], undefined);
    const { stopped } = await home.own("home.status", {});
    told.add(`${status} ${stopped}`);
    const again = await home.act("owner", "kernel.resume", {});
    const next = await home.act("owner", "memory.capture", { text: "after" });
    const isTrue = status === "interrupted" || stopped === (status !== "done");
    if (!isTrue || again.status !== "done" || next.status !== "done")
      wrong.push({ after, status, stopped, again, next });
  });
  expect(wrong).toEqual([]);
  expect(told).toContain("interrupted true");
});

test("R-5 what could not be written down at closing changes no answer and shuts no home", async () => {
  await using home = await makeHost();
  await home.own("task.add", { title: "Call Tom" });
  using disk = new FaultyDisk(path.dirname(home.root), diceFrom(1), []);
  await home.reopen();
  disk.plan([{ after: 0, code: "ENOSPC", when: "before", calls: Number.POSITIVE_INFINITY }], undefined);
  const warned = await withoutWarnings(() => home.close());
  expect(disk.failed).toBeGreaterThan(1);
  expect(warned).toContain("The witness of the home could not be noted: The disk is full.");
  // That something is to be tried again would be said of what was done.
  for (const each of warned) expect(each).toMatch(/: The disk is full\.$/);
  disk.plan([], undefined);
  await home.reopen();
  const { tasks } = await home.own("task.list", {});
  expect(tasks.map(({ title }) => title)).toEqual(["Call Tom"]);
});

test("R-5 while the disk takes no witness, what is told is what is done, and once", async () => {
  await using home = await makeHost();
  using disk = new FaultyDisk(path.dirname(home.root), diceFrom(1), []);
  for (const title of ["Call Tom", "Call Ines"]) {
    await home.reopen();
    expect((await home.act("owner", "task.add", { title })).status).toBe("done");
    const before = disk.failed;
    disk.plan([{ after: 0, code: "ENOSPC", when: "half", calls: Number.POSITIVE_INFINITY }], undefined);
    await withoutWarnings(() => home.close());
    expect(disk.failed).toBeGreaterThan(before);
    disk.plan([], undefined);
  }
  await home.reopen();
  const { tasks } = await home.own("task.list", {});
  expect(tasks.map(({ title }) => title).sort()).toEqual(["Call Ines", "Call Tom"]);
});

test("R-9 a home that could not take back what it wrote leaves no witness of it", async () => {
  let owing = 0;
  // The command fails, and what takes it back, and that once more at closing; then the disk is well again.
  const trouble = { code: "EIO", when: "before", calls: 3 } as const;
  await atEachCall(trouble, async (home, disk) => {
    const { committed } = home.host;
    const { status } = await home.act("owner", "memory.capture", { text: "Tea" });
    await withoutWarnings(() => home.close());
    disk.plan([], undefined);
    const note = readWitness(keyFolder(readHome(nodeFiles(home.root), home.root).id, home.environment));
    const size = Number(note?.split("\n")[1]);
    if (status === "interrupted") expect(size).toBeLessThanOrEqual(committed);
    if (status === "interrupted") owing += 1;
    await home.reopen();
    expect((await home.own("audit.verify", {})).status).toBe("ok");
  });
  expect(owing).toBeGreaterThan(0);
});

test("R-2 what is told is what failed first, and not what failed while that was cleared away", async () => {
  await using home = await makeHost();
  using disk = new FaultyDisk(home.root, diceFrom(1), []);
  const files = nodeFiles(home.root);
  using log = files.open("logs/log");
  log.append(Buffer.from("one\n"));
  // Half of it is written, no more fits, and what was is not cut off.
  disk.plan(
    [
      { after: 0, code: "ENOSPC", when: "half", calls: 1 },
      { after: 1, code: "ENOSPC", when: "before", calls: 1 },
      { after: 2, code: "EIO", when: "before", calls: 1 },
    ],
    undefined,
  );
  expect(() => log.append(Buffer.from("twenty\n"))).toThrow(/The disk is full/);
  expect(disk.failed).toBe(3);
  log.append(Buffer.from("two\n"));
  expect(fs.readFileSync(home.file("logs/log"), "utf8")).toBe("one\ntwo\n");
  disk.plan(
    [
      { after: 1, code: "ENOSPC", when: "before", calls: 1 },
      { after: 3, code: "EIO", when: "before", calls: 1 },
    ],
    undefined,
  );
  expect(() => files.replace("logs/whole", Buffer.from("whole"))).toThrow(/The disk is full/);
  expect(disk.failed).toBe(5);
});
