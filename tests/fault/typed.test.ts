import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { makeMh } from "./mh.ts";

test("a principal or an id that is none is a usage error, and nothing of it enters the log", () => {
  using mh = makeMh();
  mh.run(["init", "--yes"]);
  const before = mh.run(["audit", "tail", "--json"]).out;
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
    expect([more, mh.run([...capture, ...more]).code]).toEqual([more, 2]);
  expect(mh.run(["policy", "check", "memory.capture", '{"text":"a"}', "--as", "nobody"]).code).toBe(2);
  expect(mh.run(["audit", "tail", "--json"]).out).toBe(before);
  expect(mh.run(["audit", "verify"]).code).toBe(0);
});

test("an empty word, as an unset variable leaves it, means nothing that is there", () => {
  using mh = makeMh();
  mh.run(["init", "--yes"]);
  expect(mh.run(["import", ""])).toMatchObject({ code: 2, out: "" });
  expect(mh.run(["why", ""])).toMatchObject({ code: 1, out: "" });
});

test("an option that takes a word leaves the text after it alone", () => {
  using mh = makeMh();
  expect(mh.run(["capture", "--tag", "home", "--tag", "garden", "Signed the lease", "--json"])).toMatchObject({
    code: 0,
  });
  expect(mh.run(["task", "add", "--tag", "home", "Call the garage"]).code).toBe(0);
  const [memory] = mh.run(["memory", "list", "--json"]).out.trim().split("\n");
  expect(JSON.parse(memory ?? "{}").tags).toEqual(expect.arrayContaining(["home", "garden"]));
});

test("an agent that is unknown, not let in or at rest is told as that, with the next step", () => {
  using mh = makeMh();
  mh.run(["init", "--yes"]);
  for (const verb of ["run", "logs"]) {
    const { code, err } = mh.run(["agent", verb, "nosuch"]);
    expect([code, err]).toEqual([1, "mh: There is no agent nosuch. `mh agent list` shows which there are.\n"]);
  }
  const notYet = mh.run(["agent", "run", "organizer"]);
  expect(notYet.code).toBe(3);
  expect(notYet.err).toContain("mh agent allow organizer");
  mh.run(["agent", "allow", "organizer", "--yes"]);
  expect(mh.run(["agent", "run", "organizer"])).toMatchObject({ code: 0, out: expect.stringContaining("act") });
  mh.run(["agent", "pause", "organizer"]);
  const atRest = mh.run(["agent", "run", "organizer"]);
  expect(atRest).toMatchObject({ code: 1, out: "", err: expect.stringContaining("is paused") });
});

test("an agent's file that is no program is named with its line, and its error without frames of mh's own", () => {
  using mh = makeMh();
  mh.run(["init", "--yes"]);
  const folder = path.join(mh.root, "brain", "agents");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "broken.ts"), "\nexport const agent = {");
  expect(mh.run(["agent", "show", "broken"]).out).toMatch(/line 2: SyntaxError: Unexpected token/);
  fs.writeFileSync(
    path.join(folder, "failing.ts"),
    `import { defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "failing", title: "Fails", triggers: [{ every: "2h" }], may: ["task.list"], ensures: ["task.list"],
  async run() { throw new Error("no luck"); },
});
`,
  );
  mh.run(["agent", "allow", "failing", "--yes"]);
  expect(mh.run(["agent", "run", "failing"]).code).toBe(1);
  const { out } = mh.run(["agent", "logs", "failing"]);
  expect(out).toMatch(/Error: no luck\n\s+at .*mh:agent-file:4/);
  expect(out).not.toMatch(/U\+000A|entry\.mjs/);
});

test("a snapshot is found by the name that its owner gave it, the latest of that name", () => {
  using mh = makeMh();
  mh.run(["capture", "Tea with Sarah"]);
  expect(mh.run(["snapshot", "create", "before-import"]).code).toBe(0);
  expect(mh.run(["snapshot", "restore", "before-import"])).toMatchObject({
    code: 0,
    out: expect.stringContaining("2 the same"),
  });
  expect(mh.run(["snapshot", "restore", "import"]).code).toBe(1);
});

test.skipIf(!fs.existsSync("/dev/full"))("where the result finds no room, it says so once and ends with 1", () => {
  using mh = makeMh();
  mh.run(["capture", "Tea with Sarah"]);
  const full = ["sh", "-c", '"$@" > /dev/full', "sh"];
  for (const more of [[], ["--json"]]) {
    const { code, err } = mh.run(["memory", "list", ...more], { under: full });
    expect([code, err]).toEqual([
      1,
      "mh: Standard output takes no more; a full disk? What was acknowledged is kept.\n",
    ]);
  }
});

test("what waits or was stopped names the whole next step", () => {
  using mh = makeMh();
  mh.run(["capture", "Tea with Sarah"]);
  mh.run(["grant", "give", "agent:helper", "memory.forget"]);
  const { id } = JSON.parse(mh.run(["memory", "list", "--json"]).out);
  const forget = ["act", "memory.forget", JSON.stringify({ id }), "--as", "agent:helper"];
  expect(mh.run(forget).code).toBe(4);
  const [question] = JSON.parse(mh.run(["approvals", "list", "--json"]).out).approvals;
  const short = question.id.slice(-8);
  expect(mh.run(["approvals", "show", short]).out).toContain("which says Tea with Sarah");
  const unanswered = mh.run(["approvals", "approve", short]);
  expect([unanswered.code, unanswered.err]).toEqual([
    4,
    `Nobody is here to answer. Look at it, then: mh approvals approve ${short} --yes\n`,
  ]);
  mh.run(["stop"]);
  const stopped = mh.run(["act", "memory.capture", '{"text":"x"}', "--as", "agent:helper"]);
  expect([stopped.code, stopped.err]).toEqual([5, expect.stringContaining("`mh resume` lifts it")]);
});

test("after the tour, undo takes back its last step alone and says which, then the step before", () => {
  using mh = makeMh();
  mh.run(["tour"]);
  const left = () =>
    mh
      .run(["memory", "list", "--json"])
      .out.split("\n")
      .filter((line) => line.includes('"content"'));
  const all = left().length;
  const first = mh.run(["undo", "--json"]);
  expect(JSON.parse(first.out)).toMatchObject({ skill: "memory.import", memories: all - 1 });
  expect(left().map((line) => (JSON.parse(line) as { content: string }).content)).toEqual([
    "Met with Sarah about the ML project",
  ]);
  expect(mh.run(["undo"]).out).toBe("Undone: memory.capture (1 memory).\n");
  expect(left()).toEqual([]);
});

test("an undo that takes a rule away says that the rule stays in force until the owner adopts that", () => {
  using mh = makeMh();
  mh.run(["init", "--yes"]);
  expect(mh.run(["policy", "forbid", "agents run programs", "--yes"]).code).toBe(0);
  // As the list clips it.
  expect(mh.run(["policy", "explain", "forbid-agents-run…"]).out).toContain("Agents may not run programs");
  expect(mh.run(["policy", "explain", "invariant."]).code).toBe(2);
  expect(mh.run(["undo"])).toMatchObject({ code: 0, err: expect.stringContaining("mh policy adopt") });
});

test("Ctrl-C in the middle of an agent's run ends the run, and mh with 130", async () => {
  using mh = makeMh();
  mh.run(["init", "--yes"]);
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
  mh.run(["agent", "allow", "endless", "--yes"]);
  const run = mh.startInterruptible(["agent", "run", "endless"]);
  const said = () =>
    fs
      .globSync("logs/run/agents/endless/*.ndjson", { cwd: mh.root })
      .map((name) => fs.readFileSync(path.join(mh.root, name), "utf8"))
      .join("");
  await expect.poll(said, { timeout: 60_000 }).toContain("task.list: done");
  run.interrupt();
  expect((await run.ended).code).toBe(130);
});

test("a setting that is none is told with where it is set, not with all there are", () => {
  using mh = makeMh();
  mh.run(["init", "--yes"]);
  for (const verb of [["get"], ["set"]] as const) {
    const say = (name: string) => mh.run(["config", ...verb, name, ...(verb[0] === "set" ? ["x"] : [])]);
    expect(say("notify.ntfy.url").err).toBe(
      "mh: There is no setting notify.ntfy.url. notify.ntfy is written whole: `mh config edit`.\n",
    );
    expect(say("quietHours")).toMatchObject({
      code: 1,
      err: "mh: There is no setting quietHours. There are: quietHours.from, quietHours.to.\n",
    });
  }
});

test("settings and rules that cannot be read are named by every command and at the start of mh up", async () => {
  using mh = makeMh();
  mh.run(["init", "--yes"]);
  fs.writeFileSync(path.join(mh.root, "config.yaml"), "{{{");
  fs.writeFileSync(path.join(mh.root, "persona", "policy", "mine.cedar"), "forbid (");
  const said = /Not taken: config\.yaml line[\s\S]*Not taken: mine\.cedar line 1/;
  expect(mh.run(["capture", "Tea with Sarah"])).toMatchObject({ code: 0, err: expect.stringMatching(said) });
  expect((await mh.visit(["up"])).err).toMatch(said);
});

test.skipIf(spawnSync("bwrap", ["--version"]).error !== undefined)(
  "a home that cannot be written to is no error inside mh, for what stays as for what ends",
  () => {
    using mh = makeMh();
    mh.run(["capture", "Tea with Sarah"]);
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
  },
);
