import * as fs from "node:fs";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { examples } from "@mh/core/policy/plain-words/nearest.ts";
import { differencesInPast, testPolicies } from "@mh/host/audit/policy-past.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const mail = agent("mail");
const short = (outcome: Outcome) =>
  "rules" in outcome ? [outcome.status, outcome.layer, ...outcome.rules].join(" ") : outcome.status;
const draft = (home: TestHost, kind: "forbid" | "ask" | "allow", sentence: string) =>
  home.own("policy.draft", { kind, sentence });

async function write(home: TestHost, kind: "forbid" | "ask" | "allow", sentence: string): Promise<string> {
  const { slug, text } = await draft(home, kind, sentence);
  await home.own("policy.write", { name: `${slug}.cedar`, text });
  home.clock.forward(1000);
  return `${slug}.cedar#1`;
}

const letter = (...recipients: string[]) => ({ text: recipients.join(" "), effect: "send", scope: { recipients } });
const unknownRecipientsRule = "agents send anything to anyone outside my contacts";

test("a sentence that is not understood writes nothing, and the fault names what is", async () => {
  await using home = await makeHost();
  const end = await home.act(owner, "policy.draft", { kind: "forbid", sentence: "brew me a coffee" });
  expect(end).toMatchObject({ status: "failed", fault: { code: "usage" } });
  expect(fs.readdirSync(home.file("persona/policy"))).toEqual(["house.cedar"]);
});

test("whatever is drafted is decided as its examples say, and every example sentence can be written and tested", async () => {
  await using home = await makeHost();
  for (const sentence of examples) {
    const { examples: cases } = await draft(home, "forbid", sentence);
    expect([sentence, ["deny", "ask"].includes(cases[0]?.after ?? "")]).toEqual([sentence, true]);
    expect([sentence, cases.slice(1).every(({ before, after }) => before === after)]).toEqual([sentence, true]);
    await write(home, "forbid", sentence);
  }
  const tested = testPolicies(home.root).flatMap(({ cases }) => cases);
  expect(tested.length).toBeGreaterThan(2 * examples.length);
  expect(tested.filter(({ expected, found }) => expected !== found)).toEqual([]);
  expect((await home.own("policy.list", {})).broken).toBeUndefined();
});

test("mail to unknown recipients is forbidden: known are those whom the owner or a file of the owner's named, and nobody an agent did", async () => {
  await using home = await makeHost();
  await home.own("grant.give", { principal: mail, skill: "outbox.append" });
  await home.own("grant.give", { principal: mail, skill: "fact.add" });
  const rule = await write(home, "forbid", unknownRecipientsRule);
  const to = async (...recipients: string[]) => short(await home.act(mail, "outbox.append", letter(...recipients)));
  const denied = `denied boundary ${rule}`;
  expect(await to("sarah@example.org")).toBe(denied);
  const address = { subject: "Sarah", predicate: "email", object: "Sarah@Example.org" };
  expect(short(await home.act(mail, "fact.add", address))).toBe("done");
  expect(await to("sarah@example.org")).toBe(denied);
  await home.own("fact.add", { ...address, object: "sarah.b@example.org" });
  expect(await to("sarah.b@example.org")).toContain("parked");
  expect(await to("sarah.b@example.org", "eve@example.net")).toBe(denied);
  const item = {
    externalId: "1",
    content: "Tom — email: tom@example.org",
    kind: "semantic",
    fact: { subject: "Tom", predicate: "email", object: "tom@example.org" },
  };
  await home.own("memory.import", { source: "contacts", from: "contacts.vcf", items: [item] });
  expect(await to("tom@example.org")).toContain("parked");
  const foreign = {
    ...item,
    externalId: "2",
    origin: "mail:eve@example.net",
    fact: { ...item.fact, object: "eve@example.net" },
  };
  await home.own("memory.import", {
    source: "mails",
    from: "m",
    items: [{ ...foreign, content: "Tom — email: eve@example.net" }],
  });
  expect(await to("eve@example.net")).toBe(denied);
  expect(short(await home.act(owner, "outbox.append", letter("eve@example.net")))).toBe("done");
});

test("a rule of words knows minutes, quiet hours and days, in the owner's time zone", async () => {
  await using home = await makeHost();
  const night = await write(home, "forbid", "nobody sends anything between 22:30 and 6:45");
  const at = async (iso: string) => {
    home.clock.set(iso);
    return short(await home.act(owner, "outbox.append", letter("a@example.org")));
  };
  // Berlin is one hour ahead in March.
  expect(await at("2026-03-03T21:29:00Z")).toBe("done");
  expect(await at("2026-03-03T21:30:00Z")).toBe(`denied boundary ${night}`);
  expect(await at("2026-03-04T05:44:59Z")).toBe(`denied boundary ${night}`);
  expect(await at("2026-03-04T05:45:00Z")).toBe("done");
  fs.appendFileSync(home.file("config.yaml"), 'quietHours:\n  from: "13:00"\n  to: "14:00"\n');
  const quiet = await write(home, "forbid", "nobody sends anything in quiet hours");
  expect(await at("2026-03-04T12:30:00Z")).toBe(`denied boundary ${quiet}`);
  expect(await at("2026-03-04T13:00:00Z")).toBe("done");
});

test("an ask asks, also where trust would let it pass; an allow waits for adopt, and then lifts no invariant", async () => {
  await using home = await makeHost({ declared: new Map([[mail, ["outbox.append"]]]) });
  const ask = await write(home, "ask", "agents send anything to eve@example.net");
  const allow = await write(home, "allow", "agent mail sends anything");
  const act = async (more: object = {}) =>
    short(await home.act(mail, "outbox.append", { ...letter("a@example.org"), ...more }));
  expect(await act()).toContain("parked capability");
  await home.own("grant.give", { principal: mail, skill: "outbox.append" });
  expect(await act()).toBe("parked boundary table.suggest.send.ask");
  expect((await home.own("policy.list", {})).pending.map(({ rule }) => rule.id)).toEqual([allow]);
  await home.own("policy.adopt", {});
  expect(await act()).toBe("done");
  expect(await act(letter("eve@example.net"))).toBe(`parked boundary ${ask}`);
  expect(await act({ risk: "high" })).toBe("parked risk invariant.high-risk");
  expect(await act({ to: "eve@example.net" })).toBe("parked provenance invariant.provenance");
});

test("a rule is written once, in a file of its own and by the owner only; undo takes the file away, and adopt the forbid", async () => {
  await using home = await makeHost();
  await home.own("grant.give", { principal: mail, skill: "policy.write" });
  const { slug, text } = await draft(home, "forbid", "nobody sends anything");
  const args = { name: `${slug}.cedar`, text };
  expect(short(await home.act(mail, "policy.write", args))).toContain("denied capability invariant.admin");
  for (const name of ["../x.cedar", "x.txt", "/x.cedar", "X.cedar", ".x.cedar"])
    expect((await home.act(owner, "policy.write", { name, text })).status).toBe("failed");
  expect((await home.act(owner, "policy.write", { ...args, text: "forbid (" })).status).toBe("failed");
  await home.own("policy.write", args);
  expect((await home.act(owner, "policy.write", args)).status).toBe("failed");
  const act = async () => short(await home.act(owner, "outbox.append", letter("a@example.org")));
  expect(await act()).toContain("denied boundary");
  await home.own("history.undo");
  home.clock.forward(1000);
  expect(fs.existsSync(home.file(`persona/policy/${slug}.cedar`))).toBe(false);
  expect(await act()).toContain("denied boundary");
  await home.own("policy.adopt", {});
  expect(await act()).toBe("done");
});

test("policy diff tells what a rule would have decided otherwise in this home's past, addresses included", async () => {
  await using home = await makeHost();
  await home.own("grant.give", { principal: mail, skill: "outbox.append" });
  for (const recipient of ["eve@example.net", "eve@example.net", "sarah@example.org"])
    await home.act(mail, "outbox.append", letter(recipient));
  await home.act(owner, "outbox.append", letter("eve@example.net"));
  const { inForce } = await home.own("policy.list", {});
  const { text } = await draft(home, "forbid", "nobody sends anything to eve@example.net");
  const { parsePolicyFile } = await import("@mh/core/policy/policy-set.ts");
  const after = [...inForce, ...parsePolicyFile("new.cedar", text)];
  const past = await differencesInPast(home.root, home.environment, { before: inForce, after });
  expect(past.unknown).toBe(0);
  expect(past.different.map(({ principal, before, after: now, count }) => [principal, before, now, count])).toEqual([
    [mail, "ask", "deny", 2],
    [owner, "allow", "deny", 1],
  ]);
  const back = await differencesInPast(home.root, home.environment, { before: after, after: inForce });
  expect(back.different.map(({ before, after: now }) => [before, now])).toEqual([
    ["deny", "ask"],
    ["deny", "allow"],
  ]);
  const later = await differencesInPast(
    home.root,
    home.environment,
    { before: inForce, after },
    { since: home.clock.now() + 1 },
  );
  expect(later.judged).toBe(0);
});

test("the matrix says of everyone what the gate would say", async () => {
  await using home = await makeHost({ declared: new Map([["client:web", ["memory.list"]]]) });
  await home.own("grant.give", { principal: mail, skill: "outbox.append" });
  await home.own("trust.set", { principal: mail, level: "bounded_auto" });
  const { cells } = await home.own("policy.matrix", {});
  const row = (principal: string) =>
    Object.fromEntries(
      cells
        .filter((cell) => cell.principal === principal)
        .map(({ effect, best, worst }) => [effect, `${best} ${worst}`]),
    );
  expect(row(mail)).toEqual({
    ...{ read: "allow allow", notify: "allow ask", fetch: "allow ask", write: "allow ask", local: "allow ask" },
    ...{ send: "allow ask", spend: "ask ask", destroy: "ask ask", admin: "deny deny" },
  });
  expect(row("client:web")).toMatchObject({ read: "allow allow", write: "deny deny" });
  expect(row(owner)).toMatchObject({ admin: "allow allow", destroy: "ask ask" });
  const { cells: skills } = await home.own("policy.matrix", {
    principal: "client:web",
    skills: true,
  });
  expect(skills.map(({ skill, best, worst }) => [skill, best, worst])).toEqual([["memory.list", "ask", "ask"]]);
  await home.own("kernel.stop", {});
  const stopped = await home.own("policy.matrix", { principal: mail });
  expect(new Set(stopped.cells.map(({ best }) => best))).toEqual(new Set(["deny"]));
});
