import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { trustLevels } from "@mh/contract/values/effect.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { checkHome, type Finding } from "@mh/host/home/check-home.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { doReady } from "../support/do-ready.ts";
import { makePlace } from "../support/make-place.ts";
import { makeReadyHome, setUps, unreachable } from "../support/repeatable.ts";

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

test("H7 a hard rule that comes while an approval request waits denies the approved command too", async () => {
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

test("H7 a rule that comes into force as its file is written over is in the log before that, and goes on to bind", async () => {
  await using home = await makeHost();
  home.rule("hard.cedar", noSending);
  const replaces = createHash("sha256").update(noSending).digest("hex");
  const write = await home.act(owner, "policy.write", { name: "hard.cedar", text: mailMaySend, replaces });
  expect(write.status).toBe("done");
  expect(fs.readFileSync(home.file("persona/policy/hard.cedar"), "utf8")).toBe(mailMaySend);
  const { records } = await home.own("audit.tail", { limit: 20 });
  const kept = records.filter(({ phase, body }) => phase === "adopt" && body?.what === "policy").map(({ seq }) => seq);
  expect(kept.at(-1)).toBeLessThan(records.find(({ id }) => id === write.id)?.seq ?? 0);
  expect((await policy(home)).inForce.map(({ id }) => id)).toContain("hard.cedar#no-sending");
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

test("H7 a rule file that is a link is named, and what it said before it was one stays in force", async () => {
  await using home = await makeHost();
  home.rule("hard.cedar", noSending);
  expect((await home.act(owner, "outbox.append", send)).status).toBe("denied");
  const file = home.file("persona/policy/hard.cedar");
  fs.renameSync(file, home.file("elsewhere.cedar"));
  fs.symlinkSync(home.file("elsewhere.cedar"), file);
  home.clock.forward(1000);
  expect((await policy(home)).broken).toMatch(/^hard\.cedar is a link/);
  expect((await home.act(owner, "outbox.append", send)).status).toBe("denied");
  const found: Finding[] = [];
  for await (const finding of checkHome(home.root, home.environment)) if (finding.what === "rules") found.push(finding);
  expect(found).toContainEqual(expect.objectContaining({ level: "bad", message: expect.stringMatching(/is a link/) }));
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
  await using home = await makeReadyHome();
  using place = makePlace();
  const before = await home.own("trust.list", { principal: "agent:mail" });
  for (const [skill, setUp] of Object.entries(setUps)) {
    if (skill === "trust.set") continue;
    await doReady(home, skill, await setUp(home, place));
  }
  for (const [skill, { args }] of Object.entries(unreachable)) await home.act(owner, skill, args);
  for (const { kind, contract } of home.host.registry.all()) {
    if (kind !== "query") continue;
    for (const { args } of contract.examples) await home.act(owner, contract.name, args);
  }
  expect(await home.own("trust.list", { principal: "agent:mail" })).toEqual(before);
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

test("a rule that is edited while the home is closed waits for its next opening, and nothing is written after the end", async () => {
  await using home = await makeHost();
  const closing = home.close();
  home.rule("late.cedar", noSending);
  home.clock.forward(60_000);
  await closing;
  await home.reopen();
  const { inForce } = await policy(home);
  expect(inForce.filter(({ origin }) => origin === "owner").map(({ title }) => title)).toEqual([
    "Nobody sends anything",
  ]);
});
