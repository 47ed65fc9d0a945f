import * as fs from "node:fs";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { checkHome, type Finding } from "@mh/host/home/check-home.ts";
import { removeIndex } from "@mh/host/home/projection.ts";
import { indexFile } from "@mh/host/places.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makeReadyHome, setUps } from "../support/repeatable.ts";

const everything = "forbid (principal, action, resource);\n";
const failing = `forbid (principal, action, resource) when { context.hour + 9223372036854775807 > 9223372036854775807 };\n`;
const phone = "owner/phone";

const end = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);

async function found(home: TestHost): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of checkHome(home.root, home.environment)) findings.push(finding);
  return findings;
}

/** Stopping, resuming, looking, taking back, rules: what no rule takes from the owner at the machine. */
const recovery =
  `kernel.stop kernel.resume home.status home.check audit.tail audit.show audit.verify log.search command.explain
config.schema config.show config.adopt run.list approval.list approval.show approval.deny approval.blocked
approval.offer log.activity trust.history trust.evidence run.show audit.proof policy.list policy.adopt policy.disable
policy.matrix policy.draft policy.past adoption.list history.list history.undo history.task history.undo-task snapshot.list snapshot.preview snapshot.create damage.list damage.restore
damage.accept grant.list grant.revoke trust.list device.list device.revoke client.list client.revoke agent.list agent.show
plan.show agent.log agent.pause agent.stop skill.list skill.show skill.remove mcp.list mcp.remove`.split(/\s+/);

test("S6 the recovery path is declared on contracts, is this list, and stays in the home", async () => {
  await using home = await makeHost();
  const declared = home.host.registry.all().filter(({ contract }) => contract.recovery);
  expect(declared.map(({ contract }) => contract.name).sort()).toEqual([...recovery].sort());
  expect(declared.filter(({ kind }) => kind === "outside")).toEqual([]);
});

for (const [name, rule] of Object.entries({ "that forbids everything": everything, "that fails": failing })) {
  test(`S6 under a rule ${name} the owner at the machine goes the whole recovery path, and nobody else a step of it`, async () => {
    await using home = await makeReadyHome();
    // What is to be taken back has to be there first, and rules bind from then on.
    const ready = new Map<string, Record<string, unknown>>();
    for (const skill of recovery) {
      const setUp = setUps[skill as keyof typeof setUps];
      if (skill.startsWith("agent.") || skill.startsWith("skill.") || skill.startsWith("mcp.")) continue;
      if (setUp) ready.set(skill, (await setUp(home, undefined as never)).args);
    }
    home.rule("lock.cedar", rule);
    expect(end(await home.act(owner, "memory.capture", { text: "Tea" }))).toBe("denied");
    for (const skill of recovery) {
      const contract = home.host.registry.get(skill).contract;
      const args = ready.get(skill) ?? contract.examples[0]?.args ?? {};
      for (const other of [phone, agent("mail"), "client:web", "mcp:x"])
        expect([skill, other, end(await home.act(other, skill, args))]).toEqual([skill, other, "denied"]);
      if (skill === "kernel.stop") continue;
      // Only the gate is looked at here: there may be nothing to resume, or to show.
      const { verdict } = await home.host.check({ principal: owner, skill, args });
      expect([skill, verdict.verdict]).toEqual([skill, "allow"]);
    }
  });
}

test("S6 what a lesser principal caused is not the owner's recovery path, whichever name it carries", async () => {
  await using home = await makeHost({ declared: new Map([["agent:mail", ["memory.search"]]]) });
  await home.own("grant.give", { principal: agent("mail"), skill: "memory.search" });
  const caused = await home.act(agent("mail"), "memory.search", { q: "tea" });
  expect(caused.status).toBe("done");
  home.rule("lock.cedar", everything);
  expect(end(await home.act(owner, "policy.list", {}, { cause: caused.id }))).toBe("denied");
  expect(end(await home.act(owner, "policy.list", {}, { isByToken: true }))).toBe("denied");
  expect(end(await home.act(owner, "policy.list", {}))).toBe("done");
});

test("S6 a rule that locked the home is written, removed, and adopted away, with the index and without it", async () => {
  for (const rule of [everything, failing]) {
    await using home = await makeHost();
    home.rule("lock.cedar", rule);
    expect(end(await home.act(owner, "memory.capture", { text: "Tea" }))).toBe("denied");
    fs.rmSync(home.file("persona/policy/lock.cedar"));
    await home.close();
    removeIndex(indexFile(home.root));
    await home.reopen();
    expect(end(await home.act(owner, "memory.capture", { text: "Tea" }))).toBe("denied");
    await home.own("kernel.stop", {});
    await home.own("kernel.resume", {});
    expect(await home.own("policy.adopt", {})).toEqual({ adopted: 1 });
    expect(end(await home.act(owner, "memory.capture", { text: "Tea" }))).toBe("done");
  }
});

test("S6 why works a verdict of the recovery path out again as it was", async () => {
  await using home = await makeHost();
  home.rule("lock.cedar", everything);
  const listed = await home.act(owner, "kernel.resume", {});
  const { rejudged } = (await home.own("command.explain", { which: listed.id })) as { rejudged: { isSame: boolean } };
  expect(rejudged.isSame).toBe(true);
});

test("S6 a rule that locks the owner out, or fails, is named when it is read, with the command that ends it", async () => {
  for (const [rule, kind] of [
    [everything, "recovery"],
    [failing, "fails"],
    [`forbid (principal, action == mh::Action::"send", resource);`, "owner"],
  ] as const) {
    await using home = await makeHost();
    home.rule("lock.cedar", rule);
    const named = { rule: "lock.cedar#1", kind, next: "mh policy disable lock.cedar" };
    expect((await home.own("policy.list", {})).warnings).toEqual([expect.objectContaining(named)]);
    home.rule("loose.cedar", `permit (principal == mh::Principal::"agent:x", action, resource);`);
    expect((await home.own("policy.adopt", {})).warnings).toEqual([expect.objectContaining(named)]);
    const inDoctor = (await found(home)).filter(({ what, next }) => what === "rules" && next === named.next);
    expect(inDoctor.map(({ level }) => level)).toEqual([kind === "owner" ? "ok" : "warn"]);
    expect(await home.own("policy.disable", { file: "lock.cedar" })).toEqual({
      ...{ path: "persona/policy/lock.cedar.off", rules: ["lock.cedar#1"] },
    });
    expect((await home.own("policy.list", {})).warnings).toBeUndefined();
    expect(fs.readFileSync(home.file("persona/policy/lock.cedar.off"), "utf8")).toBe(rule);
  }
});

test("S6 a rule is named that fails only for what was asked for in the past", async () => {
  await using home = await makeHost();
  home.rule(
    "odd.cedar",
    `forbid (principal == mh::Principal::"agent:mail", action, resource) when { context.hour + 9223372036854775807 > 0 };`,
  );
  expect((await home.own("policy.list", {})).warnings).toBeUndefined();
  await home.act(agent("mail"), "memory.search", { q: "tea" });
  expect((await home.own("policy.list", {})).warnings).toMatchObject([{ rule: "odd.cedar#1", kind: "fails" }]);
  expect((await found(home)).map(({ next }) => next)).toContain("mh policy disable odd.cedar");
});

test("S6 disabling one file takes no other change along, and is undone", async () => {
  await using home = await makeHost();
  home.rule("lock.cedar", everything);
  home.rule("loose.cedar", `permit (principal == mh::Principal::"agent:x", action, resource);`);
  await home.own("policy.disable", { file: "lock.cedar" });
  expect((await home.own("policy.list", {})).pending.map(({ rule }) => rule.id)).toEqual(["loose.cedar#1"]);
  await home.own("history.undo", {});
  home.clock.forward(1000);
  expect(end(await home.act(owner, "memory.capture", { text: "Tea" }))).toBe("denied");
  for (const file of ["../config.yaml", "none.cedar", "lock.cedar.off"])
    expect([file, end(await home.act(owner, "policy.disable", { file }))]).toEqual([file, "policy.invalid"]);
});
