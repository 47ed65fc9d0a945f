import * as fs from "node:fs";
import { adoptionRow, rulesName, settingsName } from "@mh/core/adoption/adoptions-table.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { writePackage } from "../support/skill-package.ts";

const tidy = (may: string[]) => `export const agent = { name: "tidy", title: "Tidies", triggers: [],
  may: ${JSON.stringify(may)}, ensures: ["task.list"], run: () => undefined };`;
const permit = `@id("loose") @title("Mail may send")
  permit (principal == mh::Principal::"agent:mail", action, resource);`;
const settings = "owner: Ada\nmcpServers: { notes: { command: node, args: [server.js], network: [example.org] } }\n";

const waitingIn = async (home: TestHost) => (await home.own("adoption.list", {})).waiting;

/** A home in which something of every kind was adopted. */
async function adopted(): Promise<TestHost> {
  const home = await makeHost({ agents: { tidy: tidy(["task.list"]) } });
  await home.own("agent.allow", { name: "tidy" });
  writePackage(home.file("brain/skills"), { name: "letters" });
  const { skill } = await home.own("skill.show", { name: "letters" });
  await home.own("skill.allow", { name: "letters", hash: skill.hash });
  await home.own("config.write", { text: settings });
  return home;
}

test("one list says of every kind what was changed by hand, what it would widen, and how it is adopted", async () => {
  await using home = await adopted();
  // A server's tools were never allowed; nothing else waits.
  const server = { kind: "mcp", name: "notes", state: "new", command: "mh mcp allow notes" };
  expect(await waitingIn(home)).toMatchObject([server]);
  home.agent("tidy", tidy(["task.list", "memory.capture"]));
  fs.appendFileSync(home.file("brain/skills/letters/SKILL.md"), "\nMore.\n");
  fs.appendFileSync(home.file("config.yaml"), "rate: { commandsPerHour: 100000 }\n");
  home.rule("loose.cedar", permit);
  expect(await waitingIn(home)).toMatchObject([
    { kind: "agent", name: "tidy", state: "changed", wider: ["use memory.capture"], command: "mh agent allow tidy" },
    server,
    { kind: "rule", state: "new", wider: ["adds a permit: Mail may send"], command: "mh review --adopt" },
    { kind: "setting", name: "rate.commandsPerHour", state: "changed", command: "mh review --adopt" },
    { kind: "skill", name: "letters", state: "changed", wider: [], command: "mh skill update letters" },
  ]);
  await home.own("agent.allow", { name: "tidy" });
  const { skill } = await home.own("skill.show", { name: "letters" });
  await home.own("skill.allow", { name: "letters", hash: skill.hash });
  await home.own("policy.adopt", {});
  await home.own("config.adopt", {});
  expect(await waitingIn(home)).toMatchObject([server]);
});

test("what was adopted of every kind is one table, folded from the log alone, and what is removed goes from it", async () => {
  await using home = await adopted();
  const rows = async () => {
    await home.close();
    const db = openProjection(home.file("memory/index/index.db"), { readonly: true });
    const found = [
      adoptionRow(db, "agent", "tidy"),
      adoptionRow(db, "skill", "letters"),
      adoptionRow(db, "rules", rulesName),
      adoptionRow(db, "settings", settingsName),
    ];
    db.close();
    return found;
  };
  const before = await rows();
  expect(before.map((row) => row?.kind)).toEqual(["agent", "skill", "rules", "settings"]);
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await rows()).toEqual(before);
  await home.reopen();
  await home.own("skill.remove", { name: "letters" });
  expect((await rows())[1]).toBeUndefined();
});
