import * as fs from "node:fs";
import * as path from "node:path";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { diceFrom } from "../fuzz/dice.ts";
import { FaultyDisk, type Trouble } from "../support/simulation/disk.ts";

/** So many calls, and more, does no command here make. */
const callsMax = 32;

/** A command on a disk that fails at one of its calls, and how many such calls there are. */
async function atEachCall(
  trouble: Omit<Trouble, "after">,
  run: (home: TestHost, disk: FaultyDisk, after: number) => Promise<void>,
): Promise<void> {
  for (let after = 0; after < callsMax; after += 1) {
    await using home = await makeHost();
    await home.own("memory.capture", { text: "before" });
    using disk = new FaultyDisk(path.dirname(home.root), diceFrom(1), []);
    // It knows what is opened from now on.
    await home.reopen();
    disk.plan([{ ...trouble, after }], undefined);
    await run(home, disk, after);
  }
}

const setOwner = (home: TestHost): Promise<Outcome> =>
  home.act("owner", "config.set", { name: "owner", value: "Grace" });

const isSet = (home: TestHost): boolean => fs.readFileSync(home.file("config.yaml"), "utf8").includes("Grace");

for (const when of ["before", "after"] as const)
  test(`R-2 a call that fails, ${when} it was done, is answered with done or with not done, as it is, and the home goes on`, async () => {
    const wrong: unknown[] = [];
    await atEachCall({ code: "EIO", when, calls: 1 }, async (home, disk, after) => {
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
  });

test("R-10 a disk that stays broken is answered with not known as long as it is not done, and what is found is one of the two", async () => {
  const wrong: unknown[] = [];
  const told = new Set<string>();
  await atEachCall({ code: "EIO", when: "after", calls: Number.POSITIVE_INFINITY }, async (home, disk, after) => {
    const { id, status } = await setOwner(home);
    told.add(status);
    const next = await home.act("owner", "memory.capture", { text: "after" });
    disk.plan([], undefined);
    await home.reopen();
    const isDone = (await home.host.wait(id))?.status === "done";
    const isTrue = isDone === isSet(home) && (status === "interrupted" || isDone === (status === "done"));
    if (!isTrue || (next.status === "done" && status !== "done"))
      wrong.push({ after, status, isDone, isSet: isSet(home), next });
  });
  expect(wrong).toEqual([]);
  expect([...told].sort()).toEqual(["done", "interrupted"]);
});

test("R-5 what could not be written down at closing changes no answer and shuts no home", async () => {
  await using home = await makeHost();
  await home.own("task.add", { title: "Call Tom" });
  using disk = new FaultyDisk(path.dirname(home.root), diceFrom(1), []);
  await home.reopen();
  disk.plan([{ after: 0, code: "ENOSPC", when: "before", calls: Number.POSITIVE_INFINITY }], undefined);
  await home.close();
  disk.plan([], undefined);
  await home.reopen();
  const { tasks } = await home.own("task.list", {});
  expect(tasks.map(({ title }) => title)).toEqual(["Call Tom"]);
});
