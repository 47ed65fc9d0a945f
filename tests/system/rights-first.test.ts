import { defineContract } from "@mh/contract/contract.ts";
import { agent, owner, type Principal } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { defineOwn } from "@mh/core/kernel/skill.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

/** A change that counts how often anything was done for it. */
function laborious() {
  const done = { classified: 0, prepared: 0 };
  const contract = defineContract({
    ...{ name: "labour.do", kind: "own", title: "Work hard", event: "labour.done", effects: ["write"] },
    input: () => z.strictObject({ text: z.string().describe("Any") }),
    output: () => z.null(),
    examples: [{ title: "Once", args: { text: "x" } }],
  });
  const skill = defineOwn(contract, {
    stored: "kept",
    classify() {
      done.classified += 1;
      return { effect: "write", risk: "low", scope: {} };
    },
    async prepare() {
      done.prepared += 1;
    },
    apply: () => null,
  });
  return { skill, done };
}

const strangers = ["agent:nobody", "client:board", "skill:notes", "mcp:files", "peer:other", "module:x"];
const viewer = `${owner}/viewer`;

/** An outcome without what names the command itself. */
const told = ({ id, ...rest }: Outcome): string => JSON.stringify(rest).replaceAll(id, "ID");

async function withOpenQuestion() {
  const { skill, done } = laborious();
  const home = await makeHost({ skills: [skill], declared: new Map([["agent:mail", ["outbox.append"]]]) });
  await home.own("device.add", { name: "viewer", role: "viewer" });
  const asked = await home.act(agent("mail"), "outbox.append", { text: "x", effect: "send" });
  const { id: memory } = await home.own("memory.capture", { text: "Sarah likes tea" });
  const { hash } = await home.own("approval.show", { id: asked.id });
  return { home, done, there: { question: asked.id, memory, hash } };
}

test.for([...strangers, viewer])(
  "S19 whoever may not use a skill is told the same, whatever they ask it for, and nothing is worked out: %s",
  async (principal) => {
    const { home, done, there } = await withOpenQuestion();
    await using _closing = home;
    const absent = home.host.newId();
    const argsOf = (example: object): unknown[] => [
      ...[example, {}, null, { what: 1 }, { id: there.question, hash: there.hash }, { id: absent, hash: there.hash }],
      ...[
        { id: there.question.slice(0, 8) },
        { id: there.memory },
        { ...example, id: there.memory },
        { name: "viewer" },
      ],
      ...[
        { path: "/etc/hostname" },
        { path: `/${"a/".repeat(1_990)}` },
        { source: "none" },
        { text: "x".repeat(1_000_000) },
      ],
    ];
    // A device that looks may use what reads.
    const isBarred = (effects: readonly string[]) => principal !== viewer || !effects.includes("read");
    const skills = home.host.registry.all().filter(({ contract }) => isBarred(contract.effects));
    expect(skills.length).toBeGreaterThan(50);
    for (const { contract } of skills) {
      if (contract.name === "kernel.stop" && principal === viewer) continue;
      const heard = new Set<string>();
      for (const args of argsOf(contract.examples[0]?.args ?? {}))
        heard.add(told(await home.act(principal, contract.name, args)));
      expect([contract.name, [...heard].map((each) => each.slice(0, 18))]).toEqual([
        contract.name,
        ['{"status":"denied"'],
      ]);
    }
    expect(done).toEqual({ classified: 0, prepared: 0 });
  },
);

test("S19 a skill that there is and one that there is not are refused in the same words", async () => {
  const { home } = await withOpenQuestion();
  await using _closing = home;
  for (const principal of strangers) {
    const ends = await Promise.all(
      ["memory.search", "memory.capture", "calendars.peek"].map((skill) => home.act(principal, skill)),
    );
    expect(new Set(ends.map(told)).size).toBe(1);
  }
});

test("S19 the id of somebody else's command tells nothing, and a denial under it answers no question", async () => {
  const { home, there } = await withOpenQuestion();
  await using _closing = home;
  for (const id of [there.question, home.host.newId()])
    expect(told(await home.act(agent("nobody"), "memory.search", { q: "x" }, { id }))).toBe(
      told(await home.act(agent("nobody"), "memory.search", { q: "x" })),
    );
  expect((await home.own("approval.list", {})).approvals.map(({ id }) => id)).toEqual([there.question]);
});

test("S19 the id of a command under way tells a principal without rights no more than a free one", async () => {
  const { skill } = laborious();
  const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const prepare = () => {
    begun.resolve();
    return end.promise;
  };
  await using home = await makeHost({ skills: [Object.assign(skill, { prepare })] });
  const id = home.host.newId();
  const running = home.act(owner, "labour.do", { text: "x" }, { id });
  await begun.promise;
  const heard: string[][] = [[], []];
  for (const principal of strangers) {
    heard[0]?.push(told(await home.act(principal, "labour.do", { text: "x" }, { id })));
    heard[1]?.push(told(await home.act(principal, "labour.do", { text: "x" })));
  }
  end.resolve();
  expect((await running).status).toBe("done");
  expect(heard[0]).toEqual(heard[1]);
});

test("S19 no secret is guessed by whoever may not use the skill", async () => {
  const { home } = await withOpenQuestion();
  await using _closing = home;
  const value = "correct-horse-battery";
  await home.own("config.write", { text: "owner: Ada\nsecrets: { store: keyfile }\n" });
  await home.own("secret.set", { name: "mail", offer: offerSecret(home.root, home.environment, value).id });
  const end = (text: string) => home.act(agent("nobody"), "memory.capture", { text });
  expect(told(await end(value))).toBe(told(await end("another")));
});

/** What bars a caller that has the right as such. */
const bars: Record<string, (home: TestHost, who: Principal) => unknown> = {
  STOP: (home) => home.own("kernel.stop", {}),
  "trust that only looks": (home, principal) => home.own("trust.set", { principal, level: "observe" }),
  "a rule": (home, who) => home.rule("no.cedar", `forbid (principal == mh::Principal::"${who}", action, resource);`),
  "the rate": async (home, who) => {
    await home.own("config.set", { name: "rate.commandsPerHourEach", value: 1 });
    await home.act(who, "memory.list");
  },
};

test.for(Object.keys(bars))("S5 who is refused whatever the arguments are costs no work on them: %s", async (bar) => {
  const { skill, done } = laborious();
  const who = agent("worker");
  await using home = await makeHost({ skills: [skill] });
  for (const name of ["labour.do", "memory.list"]) await home.own("grant.give", { principal: who, skill: name });
  await bars[bar]?.(home, who);
  const before = { ...done };
  expect((await home.act(who, "labour.do", { text: "x" })).status).toBe("denied");
  expect((await home.act(who, "labour.do", { wrong: 1 })).status).toBe("denied");
  expect(done).toEqual(before);
});

test("S19 a rule that looks at the arguments is asked with them, and its denial costs no preparation", async () => {
  const { skill, done } = laborious();
  const who = agent("worker");
  await using home = await makeHost({ skills: [skill] });
  await home.own("grant.give", { principal: who, skill: "labour.do" });
  home.rule("low.cedar", `forbid (principal, action == mh::Action::"write", resource) when { context.riskLevel < 1 };`);
  expect((await home.act(who, "labour.do", { text: "x" })).status).toBe("denied");
  expect(done.prepared).toBe(0);
  home.rule(
    "low.cedar",
    `forbid (principal == mh::Principal::"${who}", action, resource) unless { context.hosts.contains("a.example") };`,
  );
  await home.own("policy.adopt", {});
  await home.own("grant.give", { principal: who, skill: "outbox.append", scope: { hosts: ["a.example"] } });
  const end = await home.act(who, "outbox.append", { text: "x", effect: "fetch", scope: { hosts: ["a.example"] } });
  expect(end.status).toBe("done");
});

test("S19 a denial before the arguments stands in the log with its rules, and its verdict is worked out again", async () => {
  const { home } = await withOpenQuestion();
  await using _closing = home;
  const end = await home.act(agent("nobody"), "disk.read", { path: "/etc/hostname" });
  const repeated = await home.act(agent("nobody"), "disk.read", { path: "/etc/hostname" }, { id: end.id });
  expect(repeated.status === "failed" && repeated.fault.message).toContain("was denied before");
  await home.close();
  const told = explainCommand(home.root, home.environment, end.id);
  expect(told?.decided?.rules).toEqual(["invariant.declared"]);
  expect(told?.rejudged).toMatchObject({ isSame: true, verdict: { verdict: "deny" } });
});
