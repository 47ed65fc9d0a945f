import * as fs from "node:fs";
import * as path from "node:path";
import { text as helpText } from "@mh/cli/help/agents.ts";
import { agent } from "@mh/contract/values/principal.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import { makeHost } from "@mh/testing";
import { expect, onTestFinished, test } from "vitest";

const text = fs.readFileSync(path.join(import.meta.dirname, "../../AGENTS.md"), "utf8");

/** The program that AGENTS.md shows under a path. */
function shown(file: string): string {
  const programs = [...text.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)];
  const [, , program] = programs.find(([, name]) => name === file) ?? [];
  if (program === undefined) throw new Error(`AGENTS.md shows no ${file}.`);
  return program;
}

/** A module as it would be in core's folder for memory. */
async function loaded<T>(program: string): Promise<T> {
  const folder = fs.mkdtempSync(path.join(import.meta.dirname, ".shown-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, "skill.ts");
  fs.writeFileSync(
    file,
    program.replaceAll('from "../', 'from "@mh/core/').replaceAll('from "./', 'from "@mh/core/memory/'),
  );
  return (await import(/* @vite-ignore */ file)) as T;
}

test("the skill that AGENTS.md shows refuses what it should, finds what it says, and meets the gate", async () => {
  const { revisitSkill } = await loaded<{ revisitSkill(): Skill }>(shown("packages/core/src/memory/memory-revisit.ts"));
  await using home = await makeHost({ skills: [revisitSkill()] });
  expect(await home.act("owner", "memory.revisit", { day: "March" })).toMatchObject({
    fault: { code: "args.invalid" },
  });
  expect(await home.act(agent("me"), "memory.revisit", { day: "03-02" })).toMatchObject({ status: "denied" });
  await home.own("memory.capture", { text: "The first swallow" });
  home.clock.set("2027-03-02T08:00:00Z");
  await home.own("memory.capture", { text: "Another swallow" });
  const contents = async (day: string) =>
    (await home.own<{ memories: { content: string }[] }>("memory.revisit", { day })).memories.map(
      (each) => each.content,
    );
  expect([await contents("03-02"), await contents("03-03")]).toEqual([["The first swallow", "Another swallow"], []]);
});

test("the agent that AGENTS.md shows does what its title says, at its time, without an approval", async () => {
  await using home = await makeHost({ agents: { "overdue-notes": shown("brain/agents/overdue-notes.ts") } });
  await home.own("agent.allow", { name: "overdue-notes" });
  await home.own("task.add", { title: "Send the cost sheet", due: "2026-03-02" });
  const troubles: unknown[] = [];
  const ends: string[] = [];
  const scheduler = home.host.schedule({
    onRun: (_due, { status }) => void ends.push(status),
    onTrouble: (why) => void troubles.push(why),
  });
  for (const at of ["2026-03-03T05:29:00Z", "2026-03-03T05:30:00Z"]) {
    home.clock.set(at);
    await scheduler.tick();
    await scheduler.settled();
  }
  await scheduler[Symbol.asyncDispose]();
  expect({ troubles, ends }).toEqual({ troubles: [], ends: ["done"] });
  const { memories } = await home.own<{ memories: { content: string }[] }>("memory.list", {});
  expect(memories.map(({ content }) => content)).toEqual(["Overdue on 2026-03-03: 1 tasks"]);
});

test("the agent that mh help agents shows can be allowed as it stands there", async () => {
  const [program = ""] = helpText.match(/^ {2}import [\s\S]*?^ {2}\}\);$/m) ?? [];
  await using home = await makeHost({ agents: { nudge: program } });
  const { agent: nudge } = await home.own("agent.show", { name: "nudge" });
  expect([nudge.fault, nudge.state, nudge.asksFor]).toEqual([null, "waiting", ["notify.send"]]);
  await home.own("agent.allow", { name: "nudge" });
});
