import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { trustLevels } from "@mh/contract/values/effect.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Http } from "@mh/core/ports/http.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";
import { writePackage } from "../support/skill-package.ts";

const noSending = `@id("no-sending")
@title("Nobody sends anything")
forbid (principal, action == mh::Action::"send", resource);
`;
const others = [
  "agent:mail",
  "agent:scheduler",
  "client:web",
  "mcp:claude",
  "module:calendar",
  "peer:laptop",
  "skill:digest",
];

const send = { text: "hi", effect: "send" };
/** A server for every URL: what is asked of the web in this file only has to be answered. */
const feed = `<rss version="2.0"><channel><title>News</title></channel></rss>`;
const anyFeed: Http = {
  request: async () => ({ status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(feed) }),
};

const mailMaySend = `@id("mail-may-send")
permit (principal == mh::Principal::"agent:mail", action == mh::Action::"send", resource);
`;

const short = (outcome: Outcome) =>
  "rules" in outcome ? [outcome.status, outcome.layer, ...outcome.rules] : [outcome.status];
const grant = (home: TestHost, principal: string, skill = "outbox.append") =>
  home.own("grant.give", { principal, skill });
const policy = (home: TestHost) => home.own("policy.list", {});

test("H7 a hard rule denies everybody at every trust level, and the denial names it", async () => {
  await using home = await makeHost();
  home.rule("hard.cedar", noSending);
  const denials: unknown[] = [];
  for (const principal of others) {
    await grant(home, principal);
    for (const level of trustLevels) {
      await home.own("trust.set", { principal, level });
      denials.push([principal, level, ...short(await home.act(principal, "outbox.append", send))]);
    }
  }
  const denied = ["denied", "boundary", "hard.cedar#no-sending"];
  expect(denials).toEqual(others.flatMap((principal) => trustLevels.map((level) => [principal, level, ...denied])));
  for (const principal of [owner, "owner/phone"])
    expect(short(await home.act(principal, "outbox.append", send))).toEqual(denied);
  expect(home.outbox()).toEqual([]);
});

test("H7 a hard rule that comes while a question waits denies the approved command too", async () => {
  await using home = await makeHost();
  await grant(home, agent("mail"));
  const parked = await home.act(agent("mail"), "outbox.append", send);
  expect(short(parked)).toEqual(["parked", "boundary", "table.suggest.send.ask"]);
  const { hash } = await home.own("approval.show", { id: parked.id });
  home.rule("hard.cedar", noSending);
  const outcome = await home.approve(parked.id, hash);
  expect(short(outcome)).toEqual(["denied", "boundary", "hard.cedar#no-sending"]);
  expect(home.outbox()).toEqual([]);
});

test("H7 a looser rule on disk waits until the owner adopts it", async () => {
  await using home = await makeHost();
  await grant(home, agent("mail"));
  home.rule("loose.cedar", mailMaySend);
  expect(short(await home.act(agent("mail"), "outbox.append", send))).toEqual([
    "parked",
    "boundary",
    "table.suggest.send.ask",
  ]);
  expect((await policy(home)).pending.map(({ what, rule }) => [what, rule.id])).toEqual([
    ["adds a permit", "loose.cedar#mail-may-send"],
  ]);
  await home.reopen();
  expect((await home.act(agent("mail"), "outbox.append", send)).status).toBe("parked");
  expect(short(await home.act(agent("mail"), "policy.adopt"))).toEqual([
    "denied",
    "capability",
    "invariant.admin",
    "invariant.declared",
  ]);
  expect(await home.own("policy.adopt", {})).toEqual({ adopted: 1 });
  expect((await home.act(agent("mail"), "outbox.append", send)).status).toBe("done");
  await home.reopen();
  expect((await home.act(agent("mail"), "outbox.append", send)).status).toBe("done");
  expect(home.outbox()).toEqual(["hi", "hi"]);
});

test("H7 an adopted forbid stays in force when its file is emptied, until the owner adopts that", async () => {
  await using home = await makeHost();
  home.rule("house.cedar", `${noSending}${mailMaySend}`);
  await home.own("policy.adopt", {});
  home.rule("house.cedar", "");
  expect(short(await home.act(owner, "outbox.append", send))).toEqual(["denied", "boundary", "house.cedar#no-sending"]);
  await home.own("policy.adopt", {});
  expect((await home.act(owner, "outbox.append", send)).status).toBe("done");
});

test("H7 a broken file keeps the adopted rules in force and says which line is wrong", async () => {
  await using home = await makeHost();
  home.rule("hard.cedar", `${noSending}${mailMaySend}`);
  await home.own("policy.adopt", {});
  for (const broken of ["forbid (principal, action", `forbid (principal, action == mh::Action::"sned", resource);`]) {
    home.rule("hard.cedar", broken);
    expect(short(await home.act(owner, "outbox.append", send))).toEqual([
      "denied",
      "boundary",
      "hard.cedar#no-sending",
    ]);
    expect((await policy(home)).broken).toMatch(/hard\.cedar/);
  }
  const adopt = await home.act(owner, "policy.adopt");
  expect(adopt.status === "failed" && adopt.fault.code).toBe("policy.invalid");
});

test("H7 a forbid that bites but was never adopted still bites when its file, or a neighbour, is broken", async () => {
  await using home = await makeHost();
  home.rule("hard.cedar", noSending);
  expect((await home.act(owner, "outbox.append", send)).status).toBe("denied");
  home.rule("other.cedar", "forbid (principal, action");
  expect(short(await home.act(owner, "outbox.append", send))).toEqual(["denied", "boundary", "hard.cedar#no-sending"]);
  await home.reopen();
  expect(short(await home.act(owner, "outbox.append", send))).toEqual(["denied", "boundary", "hard.cedar#no-sending"]);
});

test("H9 nobody but the owner sets trust", async () => {
  await using home = await makeHost();
  for (const principal of others) {
    await grant(home, principal, "trust.set");
    await home.own("trust.set", { principal, level: "adaptive_auto" });
    const outcome = await home.act(principal, "trust.set", { principal: "agent:victim", level: "adaptive_auto" });
    expect(short(outcome)).toEqual(["denied", "capability", "invariant.admin"]);
  }
  expect(await home.own("trust.list", { principal: "agent:victim" })).toEqual({
    levels: [{ principal: "agent:victim", level: "suggest" }],
  });
});

test("H9 no other skill raises trust as a side effect", async () => {
  const tidy = `export const agent = { name: "tidy", title: "Tidies", triggers: [], may: ["task.list"],
    ensures: ["task.list"], run: () => undefined };`;
  await using home = await makeHost({ http: anyFeed, agents: { tidy } });
  using place = makePlace();
  const outside = place.folder;
  const mail = agent("mail");
  const { id } = await home.own<{ id: string }>("memory.capture", { text: "Tea with Sarah" });
  const given = await home.own("grant.give", { principal: mail, skill: "memory.capture" });
  await grant(home, mail);
  const asking = (text: string) => home.act(mail, "outbox.append", { ...send, text });
  const asked = [await asking("one"), await asking("two")] as const;
  const { hash } = await home.own("approval.show", { id: asked[0].id });
  home.rule("loose.cedar", mailMaySend);
  const { id: task } = await home.own<{ id: string }>("task.add", { title: "Call Sarah" });
  const stated = { subject: "Tom", predicate: "birthday", object: "4 May" };
  const { id: fact } = await home.own<{ id: string }>("fact.add", stated);
  const options = [{ name: "tea" }, { name: "cake" }];
  const { id: decision } = await home.own("decision.make", { situation: "Tea or cake?", options });
  const keys = { p256dh: "A".repeat(87), auth: "A".repeat(22) };
  const subscription = { endpoint: "https://push.example/1", keys };
  const letters = writePackage(path.dirname(home.root));
  const { stage, skill } = await home.own("skill.fetch", { source: letters });
  writePackage(home.file("brain/skills"), { name: "waiting" });
  const waiting = await home.own("skill.show", { name: "waiting" });
  const args: Record<string, unknown> = {
    "memory.capture": { text: "Coffee" },
    "memory.import": { source: "s", from: "f", items: [{ externalId: "1", content: "Cake" }] },
    "memory.edit": { id, text: "Tea with Sarah and Tom" },
    "memory.search": { q: "tea" },
    "memory.ask": { q: "tea?" },
    "memory.show": { id },
    "approval.show": { id: asked[0].id },
    "approval.approve": { id: asked[0].id, hash },
    "approval.deny": { id: asked[1].id },
    "grant.give": { principal: mail, skill: "trust.set" },
    "grant.revoke": { id: given.id },
    "policy.adopt": {},
    "policy.draft": { kind: "forbid", sentence: "send mail" },
    "policy.write": { name: "quiet.cedar", text: `forbid (principal == mh::Principal::"agent:x", action, resource);` },
    "grant.plan": { principal: mail, task: "t1", title: "Tea", steps: [{ skill: "outbox.append" }] },
    "plan.propose": { title: "Tea", steps: [{ skill: "outbox.append" }] },
    "journal.checkpoint": {},
    "journal.archive": { before: "2026-03-01" },
    "object.discard": {},
    "run.list": {},
    "import.run": { path: outside },
    "import.preview": { path: outside },
    "kernel.stop": {},
    "kernel.resume": {},
    "outbox.append": { text: "x" },
    "task.edit": { id: task, project: "ML" },
    "task.start": { id: task },
    "task.finish": { id: task },
    "task.reopen": { id: task },
    "task.drop": { id: task },
    "task.add": { title: "Buy milk" },
    "task.show": { id: task },
    "fact.add": { subject: "Sarah", predicate: "works-at", object: "Acme" },
    "fact.review": { id: fact, status: "confirmed" },
    "relationship.relate": { a: "Sarah", b: "Tom", type: "knows" },
    "relationship.show": { name: "Sarah" },
    "memory.learn": { title: "Tea", text: "Boil water." },
    "memory.prefer": { text: "No calls before ten" },
    "memory.propose": {},
    "memory.consolidate": {},
    "persona.update": { section: "values", text: "Calm." },
    "persona.show": {},
    "config.set": { name: "owner", value: "Ada L." },
    "config.write": { text: "owner: Ada\n" },
    "config.show": {},
    "config.adopt": {},
    "file.write": { path: "a.txt", text: "x" },
    "file.read": { path: "a.txt" },
    "file.remove": { path: "a.txt" },
    "mail.read": {},
    "mail.triage": { messages: [] },
    "mail.draft": { to: ["sarah@example.org"], subject: "Tea", body: "At four?" },
    "mail.send": { to: ["sarah@example.org"], subject: "Tea", body: "At four?" },
    "mail.delete": { uid: 1, uidValidity: "1" },
    "snapshot.create": { name: "one" },
    "snapshot.restore": { name: "2026-03-02T090001Z-one" },
    "history.undo": {},
    "history.redo": {},
    "damage.restore": {},
    "damage.accept": {},
    "notify.send": { title: "Tea", channel: "ntfy" },
    "notify.flush": {},
    "device.add": { name: "phone" },
    "device.key": {},
    "device.subscribe": { device: "phone", subscription },
    "device.unsubscribe": { device: "phone" },
    "device.revoke": { device: "phone" },
    "secret.move": { to: "keyfile" },
    "secret.set": { name: "ntfy", offer: offerSecret(home.root, home.environment, "tk_1").id },
    "secret.unlock": {},
    "secret.remove": { name: "ntfy" },
    "calendar.read": {},
    "calendar.write": { title: "Tea", start: "tomorrow" },
    "decision.make": { situation: "Tea or coffee?", options: [{ name: "tea" }, { name: "coffee" }] },
    "decision.explain": { id: decision },
    "decision.answer": { id: decision, option: "tea" },
    "disk.write": { path: `${outside}/a.txt`, text: "x" },
    "disk.list": { path: outside },
    "disk.read": { path: `${outside}/a.txt` },
    "feed.read": { url: "https://example.org/feed" },
    "web.fetch": { url: "https://example.org/" },
    "shell.run": { argv: ["true"] },
    "agent.allow": { name: "tidy" },
    "agent.show": { name: "tidy" },
    "agent.renew": { name: "tidy" },
    "agent.pause": { name: "tidy" },
    "agent.resume": { name: "tidy" },
    "agent.stop": { name: "tidy" },
    "agent.log": { name: "tidy" },
    "agent.run": { agent: "tidy", trigger: "owner", kind: "owner", slot: "1", attempt: 1, at: "2026-03-02T09:00:00Z" },
    "skill.fetch": { source: letters },
    "skill.allow": { name: "waiting", hash: waiting.skill.hash },
    "skill.show": { name: "waiting" },
    "skill.read": { name: "waiting" },
    "skill.remove": { name: "waiting" },
    "skill.add": { stage, hash: skill.hash },
    "mcp.look": { server: "none" },
    "mcp.allow": { stage, hash: skill.hash },
    "mcp.remove": { server: "none" },
    "memory.forget": { id },
  };
  // For the others, what their contracts show.
  for (const { contract } of home.host.registry.all())
    if (contract.name !== "trust.set") args[contract.name] ??= contract.examples[0]?.args;
  const unreached = { "notify.send": "failed" };
  const nothingToDo = {
    ...unreached,
    // Nobody runs an agent but the agent itself.
    "agent.run": "failed",
    // The owner needs no plan.
    "plan.propose": "failed",
    "calendar.write": "failed",
    "config.adopt": "failed",
    "damage.restore": "failed",
    "damage.accept": "failed",
  };
  // There is no MCP server.
  const noServer = { "mcp.look": "failed", "mcp.allow": "failed", "mcp.remove": "failed" };
  // No mail account is set up.
  const noAccount = { "mail.read": "failed", "mail.draft": "failed", "mail.send": "failed", "mail.delete": "failed" };
  // In CI there is always one (.ci/run).
  const hasSandbox = process.env.CI || spawnSync("bwrap", ["--version"]).error === undefined;
  const walled = hasSandbox ? {} : { "shell.run": "failed" };
  const unsettled = { "memory.forget": "parked", ...nothingToDo, ...noAccount, ...noServer, ...walled };
  const before = await home.own("trust.list", { principal: mail });
  const ends: Record<string, string> = {};
  for (const [skill, given] of Object.entries(args)) ends[skill] = (await home.act(owner, skill, given)).status;
  expect(ends).toEqual({
    ...Object.fromEntries(Object.keys(args).map((skill) => [skill, "done"])),
    ...unsettled,
  });
  expect(await home.own("trust.list", { principal: mail })).toEqual(before);
  expect([...inspect(home.root, home.environment).records()].filter(({ phase }) => phase === "trust")).toEqual([]);
});

test("H10 the verdict is rebuilt from the log alone: allow, ask, deny and approved", async () => {
  await using home = await makeHost({ declared: new Map([["agent:shy", ["outbox.append"]]]) });
  home.rule("hard.cedar", `@title("No fetching") forbid (principal, action == mh::Action::"fetch", resource);`);
  await grant(home, agent("mail"));
  const outcomes = [
    await home.act(agent("mail"), "outbox.append", { text: "a", effect: "write" }),
    await home.act(agent("mail"), "outbox.append", { text: "b", effect: "fetch" }),
    await home.act(agent("mail"), "outbox.append", send),
    await home.act(agent("mail"), "outbox.append", { text: "c", effect: "write", to: "eve" }),
    await home.act(agent("shy"), "outbox.append", { text: "d", effect: "write" }),
    await home.act(agent("nobody"), "outbox.append", { text: "e", effect: "write" }),
    await home.act(owner, "outbox.append", { text: "f", effect: "destroy" }),
  ];
  const asked = outcomes[2] as Outcome;
  const { hash } = await home.own("approval.show", { id: asked.id });
  await home.approve(asked.id, hash);
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  const why = (id: string) => explainCommand(home.root, home.environment, id);
  const rebuilt = outcomes.map(({ id }) => {
    const rejudged = why(id)?.rejudged;
    if (!rejudged || "impossible" in rejudged) return rejudged;
    const { isSame, verdict } = rejudged;
    return [isSame, verdict.verdict, verdict.layer, ...verdict.rules];
  });
  expect(rebuilt).toEqual([
    [true, "allow", "boundary", "table.suggest.write.allow"],
    [true, "deny", "boundary", "hard.cedar#1"],
    [true, "ask", "boundary", "table.suggest.send.ask"],
    [true, "ask", "provenance", "invariant.provenance"],
    [true, "ask", "capability", "invariant.first-use"],
    [true, "deny", "capability", "invariant.declared"],
    [true, "ask", "approval", "invariant.irreversible"],
  ]);
  expect(why(outcomes[1]?.id ?? "")?.rules).toEqual([{ id: "hard.cedar#1", title: "No fetching" }]);
});

test("H10 a record whose verdict was forged does not match its rebuilt verdict", async () => {
  await using home = await makeHost();
  const { id } = await home.act(agent("nobody"), "outbox.append", send);
  await home.close();
  const [segment = ""] = fs.readdirSync(home.file("logs/audit"));
  const file = home.file(`logs/audit/${segment}`);
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replaceAll(`"verdict":"deny"}`, `"verdict":"allow"}`));
  const forged = fs.readFileSync(file, "utf8").replace(/"verdict":"deny"(?=,"[^"]*":)/g, `"verdict":"allow"`);
  fs.writeFileSync(file, forged);
  const rejudged = explainCommand(home.root, home.environment, id)?.rejudged;
  expect(rejudged).toMatchObject({ isSame: false, verdict: { verdict: "deny" } });
});
