import * as fs from "node:fs";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const mail = agent("mail");
const sarah = { recipients: ["sarah@example.org"] };
const letter = (more: object = {}) => ({ text: "hi", effect: "send", scope: sarah, ...more });
const words = { id: "t1", words: "write to sarah@example.org" };

async function makeDesk(): Promise<TestHost> {
  const home = await makeHost({ declared: new Map([[mail, ["outbox.append", "memory.capture"]]]) });
  await home.own("grant.give", { principal: mail, skill: "outbox.append" });
  return home;
}

const act = (home: TestHost, args: unknown = letter()): Promise<Outcome> =>
  home.act(mail, "outbox.append", args, { task: words });

/** Asks and is approved; what the answer offers. */
async function approved(home: TestHost, args: unknown = letter()) {
  home.clock.forward(1000);
  const { id } = await act(home, args);
  const { hash } = await home.own("approval.show", { id });
  const { run, offer } = await home.own("approval.approve", { id, hash });
  await home.host.wait(run);
  return offer;
}

const offers = async (home: TestHost) => (await home.own("approval.list", {})).offers;

/** What the owner's client does once they said yes. */
async function adopt(home: TestHost, id: string, to: "ask" | "allow") {
  const draft = await home.own("approval.offer", { id, to });
  for (const file of draft.files) await home.own("policy.write", file);
  const { pending } = await home.own("policy.list", {});
  await home.own("policy.adopt", { shown: pending });
  return draft;
}

const refused = async (home: TestHost, id: string, to: "ask" | "allow") =>
  (await home.act(owner, "approval.offer", { id, to })).status;

test("K16 after three equal approvals a rule is offered with the answer, once; it is narrow, and not adopted by itself", async () => {
  await using home = await makeDesk();
  expect([await approved(home), await approved(home)]).toEqual([undefined, undefined]);
  expect(await offers(home)).toEqual([]);
  const offer = await approved(home);
  expect(offer).toMatchObject({ times: 3, principal: mail, skill: "outbox.append" });
  expect(offer?.title).toBe("agent:mail may use outbox.append to sarah@example.org without asking");
  expect(await offers(home)).toEqual([offer]);
  expect(await approved(home)).toBeUndefined();
  expect((await act(home)).status).toBe("parked");
  await adopt(home, offer?.id ?? "", "allow");
  expect(await offers(home)).toEqual([]);
  expect((await act(home)).status).toBe("done");
  const others = [
    letter({ scope: { recipients: ["eve@example.net"] } }),
    letter({ scope: { recipients: ["sarah@example.org", "eve@example.net"] } }),
    letter({ scope: { ...sarah, hosts: ["example.net"] } }),
    letter({ scope: {} }),
    letter({ risk: "medium" }),
    letter({ effect: "local" }),
    letter({ to: "eve@example.net" }),
  ];
  for (const other of others) expect([other, (await act(home, other)).status]).toEqual([other, "parked"]);
});

test.for<[string, unknown[]]>([
  ["to three people", ["a", "b", "c"].map((name) => letter({ scope: { recipients: [`${name}@example.org`] } }))],
  ["of what cannot be undone", Array(3).fill({ text: "x", effect: "destroy" })],
  ["that pay", Array(3).fill({ text: "x", effect: "spend" })],
  ["at high risk", Array(3).fill(letter({ risk: "high" }))],
])("K16 three approvals %s offer no rule", async ([, all]) => {
  await using home = await makeDesk();
  for (const args of all) expect(await approved(home, args)).toBeUndefined();
  expect(await offers(home)).toEqual([]);
});

test("K16 values that are not the owner's offer no rule, however often they are approved", async () => {
  await using home = await makeDesk();
  for (const n of [1, 2, 3]) {
    const task = { id: `other-${n}`, words: "tell somebody" };
    const { id } = await home.act(mail, "outbox.append", letter({ to: "eve@example.net" }), { task });
    const { hash } = await home.own("approval.show", { id });
    expect((await home.own("approval.approve", { id, hash })).offer).toBeUndefined();
  }
  expect(await offers(home)).toEqual([]);
});

test("K16 a refusal in between starts anew, and an offer that was declined never comes back", async () => {
  await using home = await makeDesk();
  await approved(home);
  await approved(home);
  home.clock.forward(1000);
  await home.own("approval.deny", { id: (await act(home)).id });
  home.clock.forward(1000);
  expect([await approved(home), await approved(home)]).toEqual([undefined, undefined]);
  const offer = await approved(home);
  expect(offer?.times).toBe(3);
  // No pattern is an id.
  expect((await home.act("owner", "offer.decline", { id: `${offer?.id.slice(0, -1)}_` })).status).toBe("failed");
  await home.own("offer.decline", { id: offer?.id ?? "" });
  expect(await offers(home)).toEqual([]);
  for (let n = 0; n < 3; n += 1) expect(await approved(home)).toBeUndefined();
  await home.reopen();
  expect(await offers(home)).toEqual([]);
  expect((await home.act(mail, "offer.decline", { id: offer?.id })).status).toBe("denied");
});

test("K16 what was denied is listed once a kind, with ask me instead where a rule of the owner's could loosen it", async () => {
  await using home = await makeDesk();
  home.rule("hard.cedar", `@id("no") @title("No mail") forbid (principal, action == mh::Action::"send", resource);`);
  for (let n = 0; n < 3; n += 1) expect((await act(home)).status).toBe("denied");
  await home.own("trust.set", { principal: mail, level: "observe" });
  const observed = await act(home, { text: "x", effect: "notify" });
  const admin = await act(home, { text: "x", effect: "admin" });
  expect([observed.status, admin.status]).toEqual(["denied", "denied"]);
  const { blocked } = await home.own("approval.blocked", {});
  expect(blocked.map(({ count, rules, askInstead }) => [count, rules, askInstead])).toEqual([
    [1, ["invariant.admin"], false],
    [1, [], true],
    [3, ["hard.cedar#no"], true],
  ]);
  expect(await refused(home, admin.id, "ask")).toBe("failed");
});

test("K16 a skill that somebody may not use at all is listed with what would permit it: a grant, its own file, or its adoption", async () => {
  await using home = await makeDesk();
  await home.act(agent("other"), "memory.capture", { text: "x" });
  await home.act(mail, "memory.forget", { id: "0199c1a2-0000-7000-8000-000000000000" });
  await home.act(agent("digest"), "agent.run", { agent: "digest" });
  const { blocked } = await home.own("approval.blocked", {});
  expect(Object.fromEntries(blocked.map(({ skill, next }) => [skill, next]))).toEqual({
    "memory.capture": "mh grant give agent:other memory.capture",
    "memory.forget": "what it may use stands in its own file",
    "agent.run": "mh agent allow digest",
  });
  await home.own("grant.give", { principal: agent("other"), skill: "memory.capture" });
  const later = await home.own("approval.blocked", {});
  expect(later.blocked.find(({ skill }) => skill === "memory.capture")?.next).toBe("by now it may");
});

test("K16 ask me instead changes the one rule for the one who was denied; everybody else is denied as before", async () => {
  await using home = await makeDesk();
  const text = `// Mine.\n@id("no") @title("No mail") forbid (principal, action == mh::Action::"send", resource)\n// ever\n; // end\n@id("night") forbid (principal, action, resource) when { context.hour > 22 };\n`;
  home.rule("hard.cedar", text);
  const { id } = await act(home);
  const draft = await adopt(home, id, "ask");
  expect([draft.before, draft.after, draft.gone]).toEqual(["deny", "ask", ["hard.cedar#no"]]);
  const now = fs.readFileSync(home.file("persona/policy/hard.cedar"), "utf8");
  expect(now).toContain("// Mine.");
  expect(now).toContain("night");
  expect((await act(home)).status).toBe("parked");
  await home.own("grant.give", { principal: agent("other"), skill: "outbox.append" });
  expect((await home.act(agent("other"), "outbox.append", letter(), { task: words })).status).toBe("denied");
  expect((await home.act(owner, "outbox.append", letter())).status).toBe("denied");
});

test("K16 ask me instead of what trust forbids permits it after an approval, and nothing without one", async () => {
  await using home = await makeDesk();
  await home.own("trust.set", { principal: mail, level: "observe" });
  const { id } = await act(home);
  const draft = await adopt(home, id, "ask");
  expect(draft.gone).toEqual([]);
  expect((await act(home)).status).toBe("parked");
  expect((await home.act(mail, "memory.capture", { text: "x" }, { task: words })).status).toBe("denied");
  expect((await act(home, { text: "x", effect: "notify" })).status).toBe("denied");
});

test("K16 a rule that changed while its loosening was looked at is not overwritten", async () => {
  await using home = await makeDesk();
  home.rule("hard.cedar", `@id("no") forbid (principal, action == mh::Action::"send", resource);`);
  const { id } = await act(home);
  const { files } = await home.own("approval.offer", { id, to: "ask" });
  home.rule("hard.cedar", `@id("no") forbid (principal, action == mh::Action::"send", resource); // mine, later`);
  expect(await home.act(owner, "policy.write", files[0])).toMatchObject({ fault: { code: "policy.invalid" } });
  expect(fs.readFileSync(home.file("persona/policy/hard.cedar"), "utf8")).toContain("mine, later");
});

test("K16 what expired unanswered is listed with what was denied", async () => {
  await using home = await makeDesk();
  const { id } = await act(home);
  home.clock.forward(2 * 24 * 3_600_000);
  const { blocked } = await home.own("approval.blocked", {});
  expect(blocked).toMatchObject([{ id, status: "expired", count: 1, askInstead: false }]);
});
