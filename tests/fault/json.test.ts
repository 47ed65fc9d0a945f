import * as fs from "node:fs";
import * as path from "node:path";
import { type Described, describeAll } from "@mh/cli/describe.ts";
import { expect, test } from "vitest";
import { noHome } from "../support/no-home.ts";
import { makeMh } from "./mh.ts";

/** What makes a command do something. One that is not named here runs without arguments, and may refuse. */
const ways: Record<string, string[][]> = {
  init: [["--yes"]],
  capture: [["Met with Sarah about the ML project"]],
  remember: [["Tea with Ben"]],
  search: [["Sarah"]],
  ask: [["When did I last meet Sarah?"]],
  recall: [["Who is Ben?"]],
  trust: [[], ["agent:organizer", "supervised_auto"]],
  "grant give": [["agent:organizer", "memory.capture"]],
  "policy forbid": [
    ["agents send mail at night", "--yes"],
    ["make coffee", "--yes"],
  ],
  "policy ask": [["agents run programs"]],
  "policy allow": [["agent organizer sends mail to a@example.org", "--dry-run"]],
  "policy diff": [[], ["no-such-file"], ["--without", "invariant.stop"]],
  "policy matrix": [[], ["--skills"]],
  "grant plan": [
    [
      "agent:mail",
      "Tea",
      "--task",
      "0199c1a2-0000-7000-8000-000000000001",
      "--step",
      "mail.send recipient=a@example.org times=2",
    ],
    ["agent:mail", "Tea", "--task", "0199c1a2-0000-7000-8000-000000000001", "--step", "mail.send what"],
  ],
  "policy explain": [["invariant.stop"], ["no.such-rule"]],
  "policy check": [["memory.capture", '{"text":"hi"}', "--as", "agent:organizer"]],
  "memory show": [["nothing"]],
  "mcp client add": [["claude", "--yes"]],
  "mcp client revoke": [["claude"]],
  "mcp serve": [["nobody"]],
  "audit show": [["0"], ["4711"]],
  "audit prove": [["0"]],
  "audit consistency": [["no-such-file"]],
  "audit archive": [["--before", "2020-01-01"]],
  act: [
    ["memory.capture", '{"text":"hi"}'],
    ["memory.capture", "no json"],
    ["no.skill", "{}"],
  ],
  "task add": [["Send Sarah the cost sheet", "--due", "tomorrow"]],
  "task done": [["nothing"]],
  "config set": [["timeZone", "Europe/Berlin"], ["no.such"]],
  "persona set": [["values", "Calm before speed"]],
  "snapshot create": [["before"]],
  "snapshot restore": [["before"], ["no-such"]],
  "memory relate": [["Sarah", "ML project", "works-on"]],
  "memory relationships": [["Sarah"]],
  "memory fact": [["Sarah", "works-at", "Lindau Energie"]],
  "memory learn": [["Restart the router", "Hold the button for ten seconds"]],
  "memory prefer": [["No calls before ten"]],
  why: [["0"], ["nothing"]],
  completion: [["bash"], ["tcsh"]],
  help: [[], ["undo"], ["memory", "list"], ["--man"], ["no-topic"]],
};

/** What stays until it is ended. */
const staying = ["up", "daemon run"];

test("every command answers --json with nothing but JSON on standard output, failures and all", async () => {
  using mh = makeMh();
  const notes = path.join(mh.config, "notes");
  fs.mkdirSync(notes);
  fs.writeFileSync(path.join(notes, "lindau.md"), "# Lindau\n\nThe deadline is 12 December.\n");
  const given: Record<string, string[][]> = {
    ...ways,
    import: [[notes, "--dry-run"], [notes], ["/no/such"]],
    tour: [[notes]],
  };
  const leaves = await describeCommands();
  // What stops everyone comes last, and what lifts it after that.
  const late = ["stop", "resume"];
  for (const leaf of [...leaves.filter((each) => !late.includes(each)), ...late]) {
    // Every command once as a process of its own, and what else it may be given within this one.
    for (const [n, args] of (given[leaf] ?? [[]]).entries()) {
      const line = [...leaf.split(" "), ...args, "--json"];
      const run = n === 0 ? mh.start : mh.here;
      const { out, err, code } = staying.includes(leaf) ? await mh.visit(line) : await run(line);
      expect([line, jsonFaults(out), out.trim() !== "" || code === 0]).toEqual([line, [], true]);
      expect([line, code, err.includes("something went wrong inside")]).toEqual([line, code, false]);
    }
  }
});

test("a fault is JSON, too: no command, no option, no home, no value", async () => {
  using mh = makeMh();
  const faultOf = async (...args: string[]) => {
    const { out, code } = await mh.here([...args, "--json"]);
    return [JSON.parse(out).fault.code, code];
  };
  expect(await faultOf("capturee", "x")).toEqual(["usage", 2]);
  expect(await faultOf("memory", "lst")).toEqual(["usage", 2]);
  expect(await faultOf("memory", "list", "--abot", "Sarah")).toEqual(["usage", 2]);
  expect(await faultOf("status", "--what")).toEqual(["usage", 2]);
  expect(await faultOf("status")).toEqual(["home.missing", 1]);
  expect(await faultOf("memory", "list", "-n", "many")).toEqual(["usage", 2]);
});

test("what is nearest is offered", async () => {
  using mh = makeMh();
  expect((await mh.here(["capturee", "x"])).err).toContain("Did you mean capture?");
  expect((await mh.here(["approvals", "shwo"])).err).toContain("Did you mean show?");
  expect((await mh.here(["memory", "list", "--abot", "x"])).err).toContain("Did you mean --about?");
});

/** The names of all commands that do something by themselves. */
async function describeCommands(): Promise<string[]> {
  const described = await describeAll(noHome({ json: true }));
  const leaves = ({ path, subs }: Described): string[] => (subs.length === 0 ? [path] : subs.flatMap(leaves));
  return described.flatMap(leaves);
}

function jsonFaults(out: string): string[] {
  return out.split("\n").filter((line) => {
    if (line === "") return false;
    try {
      JSON.parse(line);
      return false;
    } catch {
      return true;
    }
  });
}
