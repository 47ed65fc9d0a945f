import * as fs from "node:fs";
import * as path from "node:path";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

test("H6 goals are a tree of horizons in a file that both commands and hands write", async () => {
  await using home = await makeHost();
  const file = path.join(home.root, "persona", "goals.md");
  await home.own("goal.add", { title: "Live by the sea", horizon: "long" });
  await home.own("goal.add", { title: "Save 40,000 euros", under: "sea", horizon: "medium", due: "2030-12-31" });
  await home.own("goal.add", { title: "Ship the beta", horizon: "short" });
  expect(fs.readFileSync(file, "utf8")).toBe(
    [
      "## Long term\n\n- [ ] Live by the sea\n  - [ ] Save 40,000 euros {medium, due 2030-12-31}\n",
      "## Short term\n\n- [ ] Ship the beta\n",
    ].join("\n"),
  );
  // What stands in the file besides is the owner's, and stays.
  fs.writeFileSync(
    file,
    `# What I want\n\nFew things, done well.\n\n${fs.readFileSync(file, "utf8")}* Read more\n\n## Notes\nsee above\n`,
  );
  await home.reopen();
  await home.own("goal.add", { title: "Call the bank", horizon: "short", due: "2026-03-31" });
  await home.own("goal.add", { title: "Ask for a raise", under: "save" });
  await home.own("goal.finish", { goal: "read more" });
  expect(fs.readFileSync(file, "utf8")).toBe(`# What I want

Few things, done well.

## Long term

- [ ] Live by the sea
  - [ ] Save 40,000 euros {medium, due 2030-12-31}
    - [ ] Ask for a raise

## Short term

- [ ] Ship the beta
* [x] Read more
- [ ] Call the bank {due 2026-03-31}

## Notes
see above
`);
  const { goals } = await home.own("goal.list", { all: true });
  expect(goals.map(({ key, horizon, parent, status }) => [key, horizon, parent, status])).toEqual([
    ["live-by-the-sea", "long", null, "open"],
    ["save-40-000-euros", "medium", "live-by-the-sea", "open"],
    ["ask-for-a-raise", "medium", "save-40-000-euros", "open"],
    ["ship-the-beta", "short", null, "open"],
    ["read-more", "short", null, "done"],
    ["call-the-bank", "short", null, "open"],
  ]);
  expect(await home.act("owner", "goal.finish", { goal: "read more" })).toMatchObject({
    fault: { code: "goal.unchanged" },
  });
  expect(await home.act("owner", "goal.finish", { goal: "e" })).toMatchObject({
    fault: { code: "goal.not-found", message: expect.stringContaining("may mean") },
  });
});

test("H6 a goal is meant by its name before one whose words are the same", async () => {
  await using home = await makeHost();
  await home.own("persona.update", { section: "goals", text: "- Ship {#ship-2}\n- The beta {#ship}\n" });
  const show = async (goal: string) => (await home.own("goal.show", { goal })).goal.key;
  expect(await show("ship")).toBe("ship");
  expect(await show("ship-2")).toBe("ship-2");
  expect(await home.own("goal.finish", { goal: "ship" })).toMatchObject({ goal: { key: "ship", status: "done" } });
});

test("H6 a heading ends the one before it, whatever their order and depth: goals and rules are under their own", async () => {
  await using home = await makeHost();
  const goals = "## Medium\n- a\n## Long\n- b\n### Short\n- c\n## Someday\n- d\n# Short term\n- e\n";
  await home.own("persona.update", { section: "goals", text: goals });
  expect((await home.own("goal.list", {})).goals.map(({ key, horizon }) => [key, horizon])).toEqual([
    ["a", "medium"],
    ["b", "long"],
    ["c", "short"],
    ["d", "medium"],
    ["e", "short"],
  ]);
  const text =
    "## Hard\n- Never a\n## Soft\n- Rather b\n## Hard ones\n- Never c\n### Soft spots\n- Rather d\n## Other\n- Rather e\n";
  await home.own("persona.update", { section: "decision-rules", text });
  expect((await home.own("persona.rules", {})).rules.map(({ isHard }) => isHard)).toEqual([
    true,
    false,
    true,
    false,
    false,
  ]);
});

test("H6 a rule is hard below a heading that says the word, and not one that only begins like it", async () => {
  await using home = await makeHost();
  const headings = ["Hard", "Hardware", "harte Regeln", "Hartes", "Hartefakt", "Hard limits", "Softwareentwicklung"];
  const text = headings.map((heading, n) => `## ${heading}\n- Never ${n}\n`).join("");
  await home.own("persona.update", { section: "decision-rules", text });
  const { rules } = await home.own("persona.rules", {});
  expect(headings.filter((_, n) => rules[n]?.isHard)).toEqual(["Hard", "harte Regeln", "Hartes", "Hard limits"]);
});

test("H6 a goal comes as far as its tasks and its parts do, and what was dropped counts nowhere", async () => {
  await using home = await makeHost();
  await home.own("goal.add", { title: "Ship it" });
  await home.own("goal.add", { title: "Beta", under: "ship" });
  await home.own("goal.add", { title: "Press", under: "ship" });
  const progress = async () =>
    Object.fromEntries((await home.own("goal.list", { all: true })).goals.map(({ key, progress }) => [key, progress]));
  expect(await progress()).toEqual({ "ship-it": 0, beta: null, press: null });
  const add = async (title: string, goal: string) => (await home.own<{ id: string }>("task.add", { title, goal })).id;
  const [one, two, three] = [
    await add("Write it", "beta"),
    await add("Try it", "Beta"),
    await add("Tell it", "ship it"),
  ];
  await home.own("task.finish", { id: one });
  // (0.5 of the beta + 0 of the press + 0 of 1 task) / 3
  expect(await progress()).toEqual({ "ship-it": 0.5 / 3, beta: 0.5, press: null });
  await home.own("task.drop", { id: two });
  await home.own("goal.drop", { goal: "press" });
  expect(await progress()).toEqual({ "ship-it": 0.5, beta: 1, press: null });
  await home.own("goal.finish", { goal: "ship" });
  expect((await progress())["ship-it"]).toBe(1);
  const { tasks, parts } = await home.own("goal.show", { goal: "ship" });
  expect([tasks.map(({ id }) => id), parts.map(({ key }) => key)]).toEqual([[three], ["beta", "press"]]);
  expect((await home.own("task.list", { all: true, goal: "beta" })).tasks.map(({ id }) => id).sort()).toEqual(
    [one, two].sort(),
  );
});

test("H6 a task names a goal that there is, and one that is gone is told", async () => {
  await using home = await makeHost();
  expect(await home.act("owner", "task.add", { title: "Write it", goal: "ship" })).toMatchObject({
    fault: { code: "goal.not-found", message: expect.stringContaining("mh goal add") },
  });
  await home.own("goal.add", { title: "Ship it" });
  const { id } = await home.own<{ id: string }>("task.add", { title: "Write it", goal: "ship" });
  expect((await home.own("task.show", { id })).task.goal).toBe("ship-it");
  await home.own("persona.update", { section: "goals", text: "- Rest" });
  expect((await home.own("goal.list", {})).strays).toEqual([{ id, title: "Write it", goal: "ship-it" }]);
  await home.own("task.edit", { id, goal: "" });
  expect((await home.own("goal.list", {})).strays).toEqual([]);
});

test("H6 a task written by hand counts for its goal, however its name is written there", async () => {
  await using home = await makeHost();
  await home.own("goal.add", { title: "Beta" });
  const folder = path.join(home.root, "memory", "tasks");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "write-it.md"), "---\ntitle: Write it\ngoal: Beta\nstatus: done\n---\n");
  await home.reopen();
  const { goals, strays } = await home.own("goal.list", {});
  expect([goals, strays]).toMatchObject([[{ key: "beta", progress: 1, tasks: { open: 0, done: 1 } }], []]);
  expect((await home.own("goal.show", { goal: "beta" })).tasks).toMatchObject([{ title: "Write it" }]);
});
