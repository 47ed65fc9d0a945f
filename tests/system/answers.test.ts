import * as fs from "node:fs";
import { defineContract } from "@mh/contract/contract.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import {
  defineAdmin,
  defineOutside,
  defineOwn,
  defineQuery,
  type OwnContext,
  type Skill,
} from "@mh/core/kernel/skill.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

const written = {
  title: "Answers something else than it says",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ right: z.number() }),
  examples: [{ title: "At all", args: {} }] as const,
};
const queryContract = defineContract({ ...written, name: "wrong.query", kind: "query" });
const ownContract = defineContract({ ...written, name: "wrong.own", kind: "own", event: "wrong.owned" });
const adminContract = defineContract({ ...written, name: "wrong.admin", kind: "admin", event: "wrong.administered" });
const outsideContract = defineContract({
  ...{ ...written, name: "wrong.outside", kind: "outside", event: "wrong.acted", effects: ["local"] },
});

const names = ["wrong.query", "wrong.own", "wrong.admin", "wrong.outside"] as const;

/** Skills of every kind that all answer the same, having done something as far as they can. */
function answering(answer: unknown, acted: string[] = []): Skill[] {
  // biome-ignore lint/suspicious/noExplicitAny: that it does not fit is what is tried here.
  const given = answer as any;
  const apply = (_args: object, { tx }: OwnContext) => {
    tx.write("out/files/trace.txt", new TextEncoder().encode("a trace"));
    tx.append({ phase: "trust", id: "trace", principal: owner, body: { principal: "agent:trace", level: "observe" } });
    tx.afterCommit(() => acted.push("committed"));
    return given;
  };
  return [
    defineQuery(queryContract, { run: () => given }),
    defineOwn(ownContract, { stored: "kept", apply }),
    defineAdmin(adminContract, { stored: "kept", apply }),
    defineOutside(outsideContract, {
      stored: "kept",
      async run() {
        acted.push("outside");
        return given;
      },
    }),
  ];
}

const end = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);
const records = (home: TestHost) => [...inspect(home.root, home.environment).records()];

test.for([
  ["another field", { right: 1, more: 2 }],
  ["a field too few", {}],
  ["another type", { right: "1" }],
  ["nothing at all", undefined],
])("an answer that its contract does not say (%s) is a named fault of every kind of skill", async ([_, answer]) => {
  await using home = await makeHost({ skills: answering(answer) });
  for (const name of names) {
    const outcome = await home.act(owner, name);
    expect([name, end(outcome)]).toEqual([name, "output.invalid"]);
    expect(outcome.status === "failed" && outcome.fault.message).toContain(name);
  }
});

test("an own skill whose answer does not fit leaves no trace, before and after a restart; an outside one has acted and says so", async () => {
  const acted: string[] = [];
  await using home = await makeHost({ skills: answering({ right: "no number" }, acted) });
  const objects = () => fs.readdirSync(home.file("logs/objects")).sort();
  const before = { size: records(home).length, objects: objects() };
  const ids: Record<string, string> = {};
  for (const name of names) ids[name] = (await home.act(owner, name)).id;
  expect(acted).toEqual(["outside"]);
  expect(objects()).toEqual(before.objects);
  for (const look of [async () => undefined, () => home.reopen()]) {
    await look();
    expect(fs.existsSync(home.file("out/files/trace.txt"))).toBe(false);
    expect(await home.own("history.list")).toEqual({ done: [] });
    expect((await home.own<{ levels: unknown[] }>("trust.list")).levels).not.toContainEqual(
      expect.objectContaining({ principal: "agent:trace" }),
    );
    for (const name of names.slice(1))
      expect(end(await home.act(owner, name, {}, { id: ids[name] as string }))).toBe("skill.failed");
  }
  // The log says of each that it was tried; of the outside one, that it began.
  const told = records(home)
    .slice(before.size)
    .flatMap(({ id, phase, outcome }) => {
      const name = Object.keys(ids).find((each) => ids[each] === id);
      return name ? [[name, phase, outcome?.status, outcome?.fault?.code]] : [];
    });
  expect(told).toEqual([
    ["wrong.query", "outcome", "failed", "output.invalid"],
    ["wrong.own", "outcome", "failed", "output.invalid"],
    ["wrong.admin", "outcome", "failed", "output.invalid"],
    ["wrong.outside", "intent", undefined, undefined],
    ["wrong.outside", "outcome", "failed", "output.invalid"],
  ]);
  expect(acted).toEqual(["outside"]);
});

test("what was approved and answers something else fails by itself, and its approval stands", async () => {
  const acted: string[] = [];
  const lesser = agent("mail");
  const may = ["wrong.query", "wrong.own", "wrong.outside"];
  await using home = await makeHost({ skills: answering({}, acted), declared: new Map([[lesser, may]]) });
  for (const name of may) {
    const { id } = await home.act(lesser, name);
    const { hash } = await home.own<{ hash: string }>("approval.show", { id });
    expect([name, end(await home.approve(id, hash))]).toEqual([name, "output.invalid"]);
    expect(await home.own("approval.show", { id })).toMatchObject({ approval: { status: "approved" } });
  }
  expect(acted).toEqual(["outside"]);
  expect(fs.existsSync(home.file("out/files/trace.txt"))).toBe(false);
});

test("a skill that claims to touch what its contract does not declare is refused before it runs", async () => {
  let ran = 0;
  const contract = defineContract({
    ...{ name: "letter.post", kind: "outside", title: "Post a letter", effects: ["send"], event: "letter.posted" },
    input: () => z.strictObject({ host: z.string().describe("Where it goes") }),
    output: () => z.strictObject({ isSent: z.boolean().describe("Whether it went") }),
    examples: [{ title: "To the one that is declared", args: { host: "post.example" } }],
    permissions: { hosts: ["post.example"] },
  });
  const letterPost = defineOutside(contract, {
    stored: "kept",
    classify: ({ host }) => ({ effect: "send", risk: "low", scope: { hosts: [host] } }),
    run: async () => {
      ran += 1;
      return { isSent: true };
    },
  });
  await using home = await makeHost({ skills: [letterPost] });
  expect(await home.act(owner, "letter.post", { host: "post.example" })).toMatchObject({ status: "done" });
  expect(await home.act(owner, "letter.post", { host: "evil.example" })).toMatchObject({
    fault: { code: "skill.misdeclared" },
  });
  expect(ran).toBe(1);
});

test("what acted and answers what cannot be written down is a named fault in the log, and is not done again", async () => {
  const open = defineContract({
    ...{ ...written, name: "open.outside", kind: "outside", event: "open.acted", effects: ["local"] },
    output: () => z.unknown(),
  });
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const answer of ["\ud800", { text: "cut in half: \ud83d" }, { many: 10n }, circle]) {
    let acted = 0;
    const run = async () => {
      acted += 1;
      return answer;
    };
    await using home = await makeHost({ skills: [defineOutside(open, { stored: "kept", run })] });
    const outcome = await home.act(owner, "open.outside");
    expect(end(outcome)).toBe("output.invalid");
    expect([...home.host.replay({})].filter(({ command }) => command === outcome.id)).toMatchObject([
      { name: "command.failed" },
    ]);
    expect((await home.act(owner, "open.outside", {}, { id: outcome.id })).status).toBe("failed");
    expect(acted).toBe(1);
  }
});
