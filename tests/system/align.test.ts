import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { agentsDay } from "../support/agents-day.ts";

/** A week from Monday on, at that time of each day on the wall in Berlin, in winter. */
const days = (count: number, from: string) =>
  Array.from({ length: count }, (_, n) => new Date(Date.parse(from) + n * 24 * 3_600_000));

test("H17 each week habits that were counted and one look over are proposed, with their evidence; nothing is learned silently", async () => {
  using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-align-"));
  const history = path.join(folder.path, "history");
  // Two working weeks: make in the morning, and something else at any time.
  const working = days(14, "2026-03-02T08:10:00Z").filter((day) => ![0, 6].includes(day.getUTCDay()));
  const lines = working.flatMap((day, n) => [
    `#${day.getTime() / 1_000}\nmake test --token=abc`,
    `#${day.getTime() / 1_000 + (n % 5) * 7_200}\nvim notes`,
  ]);
  fs.writeFileSync(history, `${lines.join("\n")}\n`);
  await using day = await agentsDay(["align"], () => ({ observe: { shell: { on: true, paths: [history] } } }));
  const { home } = day;
  for (const each of working) {
    home.clock.set(each.toISOString());
    const options = [
      { name: "archive", score: 0.4 },
      { name: "notify", score: 0.6 },
    ];
    const { id } = await home.own("decision.make", { situation: "A newsletter came", options, threshold: 0 });
    await home.own("decision.correct", { id, option: "archive" });
  }
  await home.own("observe.shell", {});
  const before = (await home.own("memory.list", { limit: 200 })).memories;
  expect(before.filter(({ source }) => source === "observed:shell").length).toBe(working.length);
  await day.look("2026-03-16T05:00:00Z");
  expect([day.ends, day.troubles]).toEqual([[["align", "done", ""]], []]);
  const open = (await home.own("proposal.list", {})).proposals;
  expect(open.map(({ does, origins }) => [does.type, origins])).toEqual([
    ["routine", ["agent:align", "observed:shell"]],
    ["routine", ["agent:align", "observed:shell"]],
    ["review", ["agent:align"]],
  ]);
  expect(open[0]).toMatchObject({
    text: "make, on working days around 09:00\nmake, on working days around 09:00.",
    why: "It was seen on 10 of the last 28 days.",
  });
  expect(open[0]?.sources.length).toBe(10);
  expect(open[1]?.text).toContain("Busy from 09:00 to 10:00");
  expect(open[2]?.text).toMatch(
    /Last week you answered 5 decisions, \d of them otherwise than expected\. Drift is 0\.\d\d/,
  );
  expect(open[2]?.text).toContain("You took “archive” 10 of 10 times");
  // Nothing but proposals came of it, and a verdict least of all.
  const after = (await home.own("memory.list", { limit: 200 })).memories;
  expect(after.filter(({ source }) => source !== "proposal").map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  const [habit, busy, review] = open.map(({ id }) => id);
  await home.own("proposal.accept", { ids: [habit ?? "", review ?? ""] });
  const routines = (await home.own("memory.list", { kinds: ["procedural"] })).memories;
  expect(routines.map(({ tags, origins }) => [tags, origins])).toEqual([
    [["routine"], ["agent:align", "observed:shell", "owner"]],
  ]);
  await home.own("proposal.dismiss", { ids: [busy ?? ""] });
  // Another look the same week proposes nothing twice; the next week has a look of its own only where there was something to answer.
  await home.act(owner, "agent.pause", { name: "align" });
  await home.own("agent.resume", { name: "align" });
  await day.look("2026-03-23T05:00:00Z");
  await day.look("2026-03-30T05:00:00Z");
  const later = (await home.own("proposal.list", {})).proposals;
  expect(later.map(({ does }) => (does.type === "review" ? does.period : does.type))).toEqual(["2026-W13"]);
});

test("H17 what was brought in under the name of an observed source is evidence of no habit", async () => {
  await using home = await makeHost();
  home.clock.set("2026-03-16T05:00:00Z");
  const helper = agent("helper");
  for (const skill of ["memory.import", "proposal.make"]) await home.own("grant.give", { principal: helper, skill });
  await home.own("trust.set", { principal: helper, level: "bounded_auto" });
  const items = days(10, "2026-03-02T08:10:00Z").map((day) => ({
    externalId: day.toISOString().slice(0, 10),
    content: "Programs run in a terminal\n09:00 make (2)",
    ...{ kind: "artifact", at: day.toISOString() },
  }));
  const brought = await home.act(helper, "memory.import", { source: "observed:shell", from: "f", items });
  expect(brought.status).toBe("done");
  expect((await home.own("pattern.spot", {})).habits).toEqual([]);
  const sources = (await home.own("memory.list", {})).memories.map(({ id }) => id);
  expect(sources.length).toBe(10);
  const does = { type: "routine", title: "make", text: "Each morning" };
  const made = await home.act(helper, "proposal.make", { does, why: "It was seen.", sources });
  expect(made).toMatchObject({ status: "failed", fault: { code: "proposal.refused" } });
});
