import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { diceFrom } from "../fuzz/dice.ts";
import { closeQuietly } from "../support/simulation/close-quietly.ts";
import { type End, FaultyDisk } from "../support/simulation/disk.ts";

const helper = agent("helper");
const id = "0199c1a2-0000-7000-8000-000000000001";

const declared = new Map([[helper, ["memory.capture"]]]);

interface Crashing<T> {
  setUp(home: TestHost): Promise<T>;
  run(home: TestHost, made: T): Promise<unknown>;
  look(home: TestHost, made: T, after: number): Promise<unknown>;
}

/** A command whose process, or power, ends at each of its calls in turn: what is found then, one each. */
async function atEachEnd<T>(how: End["how"], { setUp, run, look }: Crashing<T>): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let after = 0; ; after += 1) {
    await using home = await makeHost({ declared });
    const made = await setUp(home);
    await home.close();
    using disk = new FaultyDisk(path.dirname(home.root), diceFrom(after), []);
    await home.reopen();
    disk.plan([], { after, how, isTorn: after % 2 === 1 });
    await run(home, made).catch(() => undefined);
    // It came to its end: the calls that it makes were all tried.
    if (!disk.isOver) return found;
    await closeQuietly(home);
    disk.restart();
    await home.reopen();
    found.push(await look(home, made, after));
    expect((await home.own("audit.verify", {})).status).toBe("ok");
  }
}

for (const how of ["kill", "power"] as const) {
  test(`R-1 R-16 a yes that a ${how} cuts off ran, or waits and gave nothing; the same yes again says the same`, async () => {
    const found = await atEachEnd(how, {
      // What nobody granted yet: the yes grants it.
      setUp: async (home) => {
        const asked = await home.act(helper, "memory.capture", { text: "Tea" });
        return { id: asked.id, hash: (await home.own("approval.show", { id: asked.id })).hash };
      },
      run: async (home, request) => {
        await home.act(owner, "approval.approve", request, { id });
        await home.host.wait(request.id);
      },
      look: async (home, request, after) => {
        const kept = async () => (await home.own("memory.list", {})).memories.map(({ content }) => content);
        const granted = async () =>
          (await home.own("grant.list", {})).grants.filter(({ principal }) => principal === helper).length;
        const [{ status = "" } = {}] = (await home.own("approval.list", { all: true })).approvals;
        const isOpen = status === "open";
        expect([after, await kept(), await granted()]).toEqual([after, isOpen ? [] : ["Tea"], isOpen ? 0 : 1]);
        const again = await home.act(owner, "approval.approve", request, { id });
        const said = isOpen ? ["done", "interrupted"] : ["done"];
        expect(said).toContain(again.status);
        if (again.status !== "done") await home.approve(request.id, request.hash);
        await home.host.wait(request.id);
        expect([after, await kept(), await granted()]).toEqual([after, ["Tea"], 1]);
        return status;
      },
    });
    expect(new Set(found)).toEqual(new Set(["approved", "open"]));
  });

  test(`R-9 after a ${how} a setting that has to be adopted is written and adopted, or neither`, async () => {
    const found = await atEachEnd(how, {
      setUp: async () => undefined,
      run: (home) => home.act(owner, "config.set", { name: "rate.commandsPerHour", value: 2000 }, { id }),
      look: async (home, _made, after) => {
        const { inForce } = await home.own("config.show", {});
        const isSet = JSON.stringify(inForce.rate).includes("2000");
        const end = (await home.host.wait(id))?.status;
        const isInFile = fs.readFileSync(home.file("config.yaml"), "utf8").includes("2000");
        expect([after, isSet, isInFile]).toEqual([after, end === "done", end === "done"]);
        expect([after, home.host.pendingSettings()]).toEqual([after, []]);
        return end ?? "nothing";
      },
    });
    expect(found).toContain("interrupted");
  });

  test(`R-9 after a ${how} a file of rules that is taken out of force is in force as its command says, at once`, async () => {
    const found = await atEachEnd(how, {
      setUp: async (home) =>
        home.rule("lock.cedar", `forbid (principal == mh::Principal::"agent:z", action, resource);`),
      run: (home) => home.act(owner, "policy.disable", { file: "lock.cedar" }, { id }),
      look: async (home, _made, after) => {
        const { inForce, pending } = await home.own("policy.list", {});
        const end = (await home.host.wait(id))?.status;
        const isThere = fs.existsSync(home.file("persona/policy/lock.cedar"));
        const isInForce = inForce.some((rule) => rule.id.startsWith("lock.cedar"));
        expect([after, isInForce, isThere, pending]).toEqual([after, end !== "done", end !== "done", []]);
        return end ?? "nothing";
      },
    });
    expect(found).toContain("done");
  });

  test(`R-9 a redo and an undo that were given at once and a ${how} cuts off leave a home that opens, with the note or without it`, async () => {
    const found = await atEachEnd(how, {
      setUp: async (home) => {
        await home.own("memory.prefer", { text: "Tea" });
        await home.own("history.undo", {});
      },
      run: (home) => Promise.all([home.act(owner, "history.redo", {}, { id }), home.act(owner, "history.undo", {})]),
      look: async (home, _made, after) => {
        const { memories } = await home.own("memory.list", {});
        const is = memories.length;
        expect([after, (await home.own("damage.list", {})).documents]).toEqual([after, []]);
        expect(is).toBeLessThanOrEqual(1);
        return (await home.host.wait(id))?.status ?? "nothing";
      },
    });
    expect(found).toContain("nothing");
  });

  test(`R-9 what a command lets go of is there after a ${how} as long as the command is not done`, async () => {
    const found = await atEachEnd(how, {
      setUp: async (home) => {
        const { id: asked } = await home.act(helper, "memory.capture", { text: "Tea" });
        const { hash } = await home.own("approval.show", { id: asked });
        await home.own("approval.deny", { id: asked });
        home.clock.forward(91 * 24 * 3_600_000);
        return hash;
      },
      run: (home) => home.act(owner, "object.discard", {}, { id }),
      look: async (home, hash, after) => {
        const end = (await home.host.wait(id))?.status;
        const isThere = fs.existsSync(home.file(`logs/objects/${hash}`));
        expect([after, isThere || end === "done"]).toEqual([after, true]);
        expect(await home.own("object.discard", {})).toEqual({ discarded: isThere ? 1 : 0 });
        return end ?? "nothing";
      },
    });
    expect(found).toContain("interrupted");
  });
}

test("R-9 of two goals of one group that are cut off, each is there if it is done, and else taken back", async () => {
  const ids = [id, id.replace(/1$/, "2")] as const;
  const found = await atEachEnd("kill", {
    setUp: async () => undefined,
    run: async (home) => {
      // What is loaded at first use keeps the first no longer than the second: they are one group.
      await home.own("goal.list", {});
      await Promise.all([
        home.act(owner, "goal.add", { title: "Live by the sea", horizon: "long" }, { id: ids[0] }),
        home.act(owner, "goal.add", { title: "Ship the beta", horizon: "short" }, { id: ids[1] }),
      ]);
    },
    look: async (home, _made, after) => {
      const said = JSON.stringify(await home.own("goal.list", {}));
      const ends = await Promise.all(ids.map(async (each) => (await home.host.wait(each))?.status));
      const isDone = ends.map((end) => end === "done");
      const isThere = ["Live by the sea", "Ship the beta"].map((title) => said.includes(title));
      expect([after, isThere]).toEqual([after, isDone]);
      return ends;
    },
  });
  expect(found).toContainEqual(["interrupted", "interrupted"]);
  expect(found).toContainEqual(["done", "done"]);
});
