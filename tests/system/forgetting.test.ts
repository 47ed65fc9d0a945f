import * as fs from "node:fs";
import * as path from "node:path";
import { defineContract } from "@mh/contract/contract.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { defineAdmin, defineOutside, defineOwn, defineQuery, type Skill } from "@mh/core/kernel/skill.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { forget } from "../support/forget.ts";

const words = 'The safe opens with "47110815", says Sarah';
const excerpt = "opens with";
const mail = agent("mail");

const written = {
  title: "Gives back what it is told",
  input: () =>
    z.strictObject({
      say: z.string().describe("What to say"),
      about: z.string().optional().describe("Id of the memory it is about"),
    }),
  output: () => z.strictObject({ said: z.string(), about: z.string().optional() }),
  examples: [{ title: "A word", args: { say: "tea" } }] as const,
  subjects: { memory: "about" },
};
const contracts = {
  query: defineContract({ ...written, name: "echo.query", kind: "query" }),
  own: defineContract({ ...written, name: "echo.own", kind: "own", event: "echo.owned" }),
  admin: defineContract({ ...written, name: "echo.admin", kind: "admin", event: "echo.administered" }),
  outside: defineContract({
    ...written,
    name: "echo.outside",
    kind: "outside",
    effects: ["local"],
    event: "echo.acted",
  }),
};

type Args = { say: string; about?: string | undefined };

/** Skills of every kind whose answers are kept: with the id beside the words where `isNamed`, else the words alone. */
function echoes(isNamed: boolean): Skill[] {
  const answer = ({ say, about }: Args) => ({ said: say, ...(isNamed && about && { about }) });
  return [
    defineQuery(contracts.query, { run: answer }),
    defineOwn(contracts.own, { stored: "kept", apply: answer }),
    defineAdmin(contracts.admin, { stored: "kept", apply: answer }),
    defineOutside(contracts.outside, { stored: "kept", run: async (args) => answer(args) }),
  ];
}

const holding = (home: TestHost, text: string): string[] => {
  const folder = home.file("logs/objects");
  return fs.readdirSync(folder).filter((name) => fs.readFileSync(path.join(folder, name), "utf8").includes(text));
};

async function approved(home: TestHost, { id }: Outcome): Promise<Outcome> {
  const { hash } = await home.own<{ hash: string }>("approval.show", { id });
  return home.approve(id, hash);
}

test.for([
  ["all its words", (id: string) => ({ say: `It was: ${words}`, about: id }), false],
  ["a part of its words, and its id", (id: string) => ({ say: excerpt, about: id }), true],
  // Of this only the outcome's record says what it is about.
  ["a part of its words, about it", (id: string) => ({ say: excerpt, about: id }), false],
] as const)(
  "H5 after forgetting, no object holds %s, whichever skill's answer was kept",
  async ([_, argsFor, isNamed]) => {
    await using home = await makeHost({
      skills: echoes(isNamed),
      declared: new Map([[mail, ["echo.query", "outbox.append"]]]),
    });
    const { id } = await home.own<{ id: string }>("memory.capture", { text: words });
    const other = { say: "something else" };
    const kept: { skill: string; id: string; args: Args }[] = [];
    for (const args of [argsFor(id), other]) {
      for (const skill of ["echo.own", "echo.admin", "echo.outside"]) {
        kept.push({ skill, args, id: (await home.act(owner, skill, args)).id });
      }
      // The first use asks, and its answer is kept.
      const looked = await home.act(mail, "echo.query", args);
      if (looked.status === "parked") await approved(home, looked);
    }
    const before = holding(home, excerpt).length;
    expect(before).toBeGreaterThan(0);
    await forget(home, id);
    const left = holding(home, excerpt);
    // The approval request of a query shows its arguments; where they say it in other words, nobody knows that they do.
    if (argsFor(id).say.includes(words)) expect(holding(home, "47110815")).toEqual([]);
    else
      expect(
        left
          .map((name) => fs.readFileSync(home.file(`logs/objects/${name}`), "utf8"))
          .filter((text) => text.includes('"said"')),
      ).toEqual([]);
    for (const { skill, args, id } of kept) {
      const again = await home.act(owner, skill, args, { id });
      if (args === other) expect([skill, again]).toMatchObject([skill, { status: "done", value: { said: other.say } }]);
      else expect([skill, again]).toMatchObject([skill, { status: "repeated", reason: "expired" }]);
    }
  },
);

test("H5 after forgetting, no payload of a closed approval request holds the words, whoever wanted to send them", async () => {
  await using home = await makeHost({ declared: new Map([[mail, ["outbox.append"]]]) });
  const { id } = await home.own<{ id: string }>("memory.capture", { text: words });
  const ask = (text: string) => home.act(mail, "outbox.append", { text });
  await approved(home, await ask(`You should know. ${words}`));
  await home.own("approval.deny", { id: (await ask(words)).id });
  await home.own("approval.deny", { id: (await ask("Tea?")).id });
  await forget(home, id);
  expect(holding(home, "47110815")).toEqual([]);
  expect(holding(home, "Tea?")).toHaveLength(1);
});

test("H5 after forgetting, what shipped skills gave holds no words: facts, notes, undone and done again", async () => {
  await using home = await makeHost();
  const stated = { subject: "Sarah", predicate: "works-at", object: "Secret Service" };
  const { id: fact } = await home.own<{ id: string }>("fact.add", stated);
  await home.own("fact.add", { ...stated, object: "Acme" });
  const { id: note } = await home.own<{ id: string }>("memory.learn", { title: "Open the vault", text: "Turn left." });
  await home.own("history.undo");
  await home.own("history.redo");
  await home.own("memory.edit", { id: note, text: "Turn right." });
  expect(holding(home, "Secret Service")).toHaveLength(1);
  expect(holding(home, "open-the-vault").length).toBeGreaterThan(1);
  await forget(home, fact);
  await forget(home, note);
  for (const text of ["Secret Service", "open-the-vault", "Turn"]) expect(holding(home, text)).toEqual([]);
});

test("H5 what a run gave that went on by itself does not outlive what it told of", async () => {
  await using home = await makeHost();
  const { id: memory } = await home.own("memory.capture", { text: "Sarah's door code is 47110815" });
  const run = home.host.begin({ principal: owner, skill: "memory.list", args: {} });
  run.detach();
  await run.outcome;
  const told = async () => JSON.stringify(await home.host.wait(run.id));
  expect(await told()).toContain("47110815");
  await forget(home, memory);
  expect(await told()).not.toContain("47110815");
});
