import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { makeMh, mhWithHome } from "./mh.ts";

test("a principal or an id that is none is a usage error, and nothing of it enters the log", async () => {
  using mh = mhWithHome();
  const before = (await mh.here(["audit", "tail", "--json"])).out;
  const capture = ["act", "memory.capture", '{"text":"a"}'];
  for (const more of [
    ["--as", "nobody"],
    ["--as", "agent:"],
    ["--as", "agent:a b"],
    ["--as", "owner"],
    ["--as", "owner/phone"],
    ["--as", "file"],
    ["--id", "x"],
  ])
    expect([more, (await mh.here([...capture, ...more])).code]).toEqual([more, 2]);
  expect((await mh.here(["policy", "check", "memory.capture", '{"text":"a"}', "--as", "nobody"])).code).toBe(2);
  expect((await mh.here(["audit", "tail", "--json"])).out).toBe(before);
  expect((await mh.here(["audit", "verify"])).code).toBe(0);
});

test("an empty word, as an unset variable leaves it, means nothing that is there", async () => {
  using mh = mhWithHome();
  expect(await mh.here(["import", ""])).toMatchObject({ code: 2, out: "" });
  await mh.here(["capture", "Signed the lease"]);
  const before = (await mh.here(["audit", "tail", "--json"])).out;
  for (const words of [["why"], ["undo"], ["redo"], ["memory", "forget"], ["task", "done"], ["secret", "set"]])
    expect([words, await mh.here([...words, ""])]).toMatchObject([words, { code: 2, out: "" }]);
  expect(await mh.here(["trust", "", "observe"])).toMatchObject({ code: 2, out: "" });
  expect(await mh.here(["--home", "", "capture", "elsewhere"])).toMatchObject({ code: 2, out: "" });
  expect((await mh.here(["audit", "tail", "--json"])).out).toBe(before);
});

test("an option that takes a word leaves the text after it alone", async () => {
  using mh = makeMh();
  expect(await mh.here(["capture", "--tag", "home", "--tag", "garden", "Signed the lease", "--json"])).toMatchObject({
    code: 0,
  });
  expect((await mh.here(["task", "add", "--tag", "home", "Call the garage"])).code).toBe(0);
  const [memory] = (await mh.here(["memory", "list", "--json"])).out.trim().split("\n");
  expect(JSON.parse(memory ?? "{}").tags).toEqual(expect.arrayContaining(["home", "garden"]));
});

test("an agent that is unknown, not allowed or at rest is reported as that, with the next step", async () => {
  using mh = mhWithHome();
  for (const verb of ["run", "logs"]) {
    const { code, err } = await mh.here(["agent", verb, "nosuch"]);
    expect([code, err]).toEqual([1, "mh: There is no agent nosuch. `mh agent list` shows which there are.\n"]);
  }
  const notYet = await mh.here(["agent", "run", "organizer"]);
  expect(notYet.code).toBe(3);
  expect(notYet.err).toContain("mh agent allow organizer");
  await mh.here(["agent", "allow", "organizer", "--yes"]);
  expect(await mh.here(["agent", "run", "organizer"])).toMatchObject({ code: 0, out: expect.stringContaining("act") });
  await mh.here(["agent", "pause", "organizer"]);
  const atRest = await mh.here(["agent", "run", "organizer"]);
  expect(atRest).toMatchObject({ code: 1, out: "", err: expect.stringContaining("is paused") });
});

test("an agent's file that is no program is named with its line, and its error without frames of mh's own", async () => {
  using mh = mhWithHome();
  const folder = path.join(mh.root, "brain", "agents");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "broken.ts"), "\nexport const agent = {");
  expect((await mh.here(["agent", "show", "broken"])).out).toMatch(/line 2: SyntaxError: Unexpected token/);
  fs.writeFileSync(
    path.join(folder, "failing.ts"),
    `import { defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "failing", title: "Fails", triggers: [{ every: "2h" }], may: ["task.list"], ensures: ["task.list"],
  async run() { throw new Error("no luck"); },
});
`,
  );
  await mh.here(["agent", "allow", "failing", "--yes"]);
  // By the built program: the frames are its own.
  expect(mh.run(["agent", "run", "failing"]).code).toBe(1);
  const { out } = await mh.here(["agent", "logs", "failing"]);
  expect(out).toMatch(/Error: no luck\n\s+at .*mh:agent-file:4/);
  expect(out).not.toMatch(/U\+000A|entry\.mjs/);
});

test("a snapshot is found by the name that its owner gave it, the latest of that name", async () => {
  using mh = makeMh();
  await mh.here(["capture", "Tea with Sarah"]);
  expect((await mh.here(["snapshot", "create", "before-import"])).code).toBe(0);
  expect(await mh.here(["snapshot", "restore", "before-import"])).toMatchObject({
    code: 0,
    out: expect.stringContaining("2 the same"),
  });
  expect((await mh.here(["snapshot", "restore", "import"])).code).toBe(1);
});

test.skipIf(!fs.existsSync("/dev/full"))(
  "where the result finds no room, it says so once and ends with 1",
  async () => {
    using mh = makeMh();
    await mh.here(["capture", "Tea with Sarah"]);
    const full = ["sh", "-c", '"$@" > /dev/full', "sh"];
    for (const more of [[], ["--json"]]) {
      const { code, err } = mh.run(["memory", "list", ...more], { under: full });
      expect([code, err]).toEqual([
        1,
        "mh: Standard output takes no more; a full disk? What was acknowledged is kept.\n",
      ]);
    }
  },
);

test("what waits or was stopped names the whole next step", async () => {
  using mh = makeMh();
  await mh.here(["capture", "Tea with Sarah"]);
  await mh.here(["grant", "give", "agent:helper", "memory.forget"]);
  const { id } = JSON.parse((await mh.here(["memory", "list", "--json"])).out);
  const forget = ["act", "memory.forget", JSON.stringify({ id }), "--as", "agent:helper"];
  expect((await mh.here(forget)).code).toBe(4);
  const [approval] = JSON.parse((await mh.here(["approvals", "list", "--json"])).out).approvals;
  const short = approval.id.slice(-8);
  expect((await mh.here(["approvals", "show", short])).out).toContain("which says Tea with Sarah");
  const unanswered = await mh.here(["approvals", "approve", short]);
  expect([unanswered.code, unanswered.err]).toEqual([
    4,
    `Nobody is here to answer. Look at it, then: mh approvals approve ${short} --yes\n`,
  ]);
  await mh.here(["stop"]);
  const stopped = await mh.here(["act", "memory.capture", '{"text":"x"}', "--as", "agent:helper"]);
  expect([stopped.code, stopped.err]).toEqual([5, expect.stringContaining("`mh resume` lifts it")]);
});

test("after the tour, undo takes back its last step alone and says which, then the step before", async () => {
  using mh = makeMh();
  const tour = await mh.here(["tour"]);
  expect(tour.out + tour.err).toContain("Denied (capability)");
  // What stands in a note word for word is told without a doubt, in a home of seven memories.
  expect(tour.out + tour.err).toMatch(/^12 December 2026 \(/m);
  const left = () =>
    mh
      .run(["memory", "list", "--json"])
      .out.split("\n")
      .filter((line) => line.includes('"content"'));
  const all = left().length;
  const first = await mh.here(["undo", "--json"]);
  expect(JSON.parse(first.out)).toMatchObject({ skill: "memory.import", memories: all - 1 });
  expect(left().map((line) => (JSON.parse(line) as { content: string }).content)).toEqual([
    "Met with Sarah about the ML project",
  ]);
  expect((await mh.here(["undo"])).out).toBe("Undone: memory.capture (1 memory).\n");
  expect(left()).toEqual([]);
});

test("an undo that takes a rule away says that the rule stays in force until the owner adopts that", async () => {
  using mh = mhWithHome();
  expect((await mh.here(["policy", "forbid", "agents run programs", "--yes"])).code).toBe(0);
  // As the list clips it.
  expect((await mh.here(["policy", "explain", "forbid-agents-run…"])).out).toContain("Agents may not run programs");
  expect((await mh.here(["policy", "explain", "invariant."])).code).toBe(2);
  expect(await mh.here(["undo"])).toMatchObject({ code: 0, err: expect.stringContaining("mh policy adopt") });
});

test("Ctrl-C in the middle of an agent's run ends the run, and mh with 130", async () => {
  using mh = mhWithHome();
  const folder = path.join(mh.root, "brain", "agents");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(
    path.join(folder, "endless.ts"),
    `import { defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "endless", title: "Never ends", triggers: [{ every: "2h" }], may: ["task.list"], ensures: ["task.list"],
  async run(agent) { await agent.need("task.list", {}); await new Promise(() => setInterval(() => undefined, 1000)); },
});
`,
  );
  await mh.here(["agent", "allow", "endless", "--yes"]);
  const run = mh.startInterruptible(["agent", "run", "endless"]);
  const said = () =>
    fs
      .globSync("logs/run/agents/endless/*.ndjson", { cwd: mh.root })
      .map((name) => fs.readFileSync(path.join(mh.root, name), "utf8"))
      .join("");
  await expect.poll(said).toContain("task.list: done");
  run.interrupt();
  expect((await run.ended).code).toBe(130);
});

test("a setting that is none is told with where it is set, not with all there are", async () => {
  using mh = mhWithHome();
  for (const verb of [["get"], ["set"]] as const) {
    const say = (name: string) => mh.here(["config", ...verb, name, ...(verb[0] === "set" ? ["x"] : [])]);
    expect((await say("notify.ntfy.url")).err).toBe(
      "mh: There is no setting notify.ntfy.url. notify.ntfy is written whole: `mh config edit`.\n",
    );
    expect(await say("quietHours")).toMatchObject({
      code: 1,
      err: "mh: There is no setting quietHours. There are: quietHours.from, quietHours.to.\n",
    });
  }
});

test("settings and rules that cannot be read are named by every command and at the start of mh up", async () => {
  using mh = mhWithHome();
  fs.writeFileSync(path.join(mh.root, "config.yaml"), "{{{");
  fs.writeFileSync(path.join(mh.root, "persona", "policy", "mine.cedar"), "forbid (");
  const said = /Not taken: config\.yaml line[\s\S]*Not taken: mine\.cedar line 1/;
  expect(await mh.here(["capture", "Tea with Sarah"])).toMatchObject({ code: 0, err: expect.stringMatching(said) });
  expect((await mh.visit(["up"])).err).toMatch(said);
});

test.skipIf(spawnSync("bwrap", ["--version"]).error !== undefined)(
  "a home that cannot be written to is no error inside mh, for what stays as for what ends",
  async () => {
    using mh = makeMh();
    await mh.here(["capture", "Tea with Sarah"]);
    const readOnly = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", mh.root, mh.root];
    for (const line of [["capture", "x"], ["up"], ["daemon", "start"]]) {
      const { code, err } = mh.run(line, { under: readOnly });
      expect([line, code, err.includes("Check its owner"), err.includes("went wrong inside")]).toEqual([
        line,
        1,
        true,
        false,
      ]);
    }
    const looked = mh.run(["doctor"], { under: readOnly });
    expect([looked.code, looked.out]).toEqual([1, expect.stringContaining("cannot be written to")]);
  },
);
