import { agent, owner, type Principal } from "@mh/contract/values/principal.ts";
import { removeIndex } from "@mh/host/home/projection.ts";
import { indexFile } from "@mh/host/places.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const clerk = agent("clerk");
const other = agent("other");
const dayMs = 86_400_000;
const declared = new Map([
  [clerk, ["memory.capture", "outbox.append", "grant.give", "trust.set"]],
  [other, ["memory.capture", "outbox.append", "grant.give"]],
]);

const evidence = async (home: TestHost, principal: Principal = clerk) => {
  const [one] = (await home.own("trust.evidence", { principal })).all;
  if (!one) throw new Error(`there is no evidence of ${principal}`);
  return one;
};

/** The clerk asks for something to be sent, and the owner answers. */
async function judged(home: TestHost, text: string, isApproved: boolean) {
  const outcome = await home.act(clerk, "outbox.append", { text, effect: "send", risk: "low", scope: {} });
  expect(outcome.status).toBe("parked");
  if (!isApproved) {
    await home.own("approval.deny", { id: outcome.id });
    return;
  }
  const { hash } = await home.own("approval.show", { id: outcome.id });
  expect(await home.approve(outcome.id, hash)).toMatchObject({ status: "done" });
}

/** Two approvals a day. */
async function approveFor(home: TestHost, days: number) {
  for (let day = 0; day < days; day++) {
    for (const each of ["a", "b"]) await judged(home, `${each} of day ${home.clock.now()}`, true);
    home.clock.forward(dayMs);
  }
}

test("K12 a level is proposed by what the owner approved, set by nobody else, and counted anew where the owner leaves it", async () => {
  await using home = await makeHost({ declared });
  await home.own("grant.give", { principal: clerk, skill: "outbox.append" });
  expect(await evidence(home)).toMatchObject({ score: null, proposed: null, needed: 0.8 });
  await approveFor(home, 7);
  expect((await evidence(home)).proposed).toBe(null);
  await approveFor(home, 1);
  const earned = await evidence(home);
  expect(earned).toMatchObject({ level: "suggest", approved: 16, days: 8, proposed: "supervised_auto" });
  expect(earned.lets).toEqual([{ effect: "write", when: "risk up to medium" }]);
  // It is a proposal: nothing changed, and it cannot take it up itself.
  const raise = { principal: clerk, level: "supervised_auto" } as const;
  expect((await home.act(clerk, "trust.set", raise)).status).toBe("denied");
  expect((await evidence(home)).level).toBe("suggest");
  await home.own("trust.set", { principal: clerk, level: "suggest" });
  home.clock.forward(dayMs);
  expect(await evidence(home)).toMatchObject({ approved: 0, score: null, proposed: null, fellBy: null });
});

test("K12 answers to what had no choice in it, was a tie, or could do nothing earn nothing; another choice counts against it", async () => {
  await using home = await makeHost({ declared: new Map([[clerk, ["decision.make", "outbox.append"]]]) });
  for (const skill of ["decision.make", "outbox.append"]) await home.own("grant.give", { principal: clerk, skill });
  const act = { skill: "outbox.append", args: { text: "hi", effect: "notify" } };
  const asked = async (options: object[], option: string) => {
    const made = await home.act(clerk, "decision.make", { situation: "What now?", options, threshold: 1 });
    expect(made.status).toBe("done");
    // What it learned to be sure of is not left to anybody.
    const { outcome } = await home.own("decision.explain", { id: made.id });
    if (outcome === "escalate") await home.own("decision.answer", { id: made.id, option });
    return outcome;
  };
  let left = 0;
  for (let n = 0; n < 20; n += 1) {
    const lone = await asked([{ name: "go on", ...act }], "go on");
    if (lone === "escalate") left += 1;
    const tie = [`now ${n}`, `later ${n}`].map((name) => ({ name, ...act }));
    await asked(tie, tie[0]?.name ?? "");
    await asked(
      [
        { name: "tea", score: 0.9 },
        { name: "coffee", score: 0.3 },
      ],
      "tea",
    );
    // What nobody can do, set beside it, makes a choice of words no more of a choice.
    await asked(
      [
        { name: "rest", score: 0.9 },
        { name: "read", score: 0.3 },
        { name: "fly", score: 0.1, skill: "no.such", args: {} },
      ],
      "rest",
    );
    home.clock.forward(dayMs);
  }
  expect(left).toBeGreaterThan(0);
  expect(await evidence(home)).toMatchObject({ score: null, proposed: null });
  await asked(
    [
      { name: "tea", score: 0.9 },
      { name: "coffee", score: 0.3 },
    ],
    "coffee",
  );
  expect(await evidence(home)).toMatchObject({ score: 0, drift: 1, proposed: null });
  // What it would have done, and the owner would have done, too, is what counts for it.
  await asked(
    [
      { name: "go on", score: 0.9, ...act },
      { name: "wait", score: 0.5 },
    ],
    "go on",
  );
  expect((await evidence(home)).score).toBeGreaterThan(0);
});

test("K12 a refusal takes an earned proposal back, and many of them propose less", async () => {
  await using home = await makeHost({ declared });
  await home.own("grant.give", { principal: clerk, skill: "outbox.append" });
  await home.own("trust.set", { principal: clerk, level: "supervised_auto" });
  home.clock.forward(dayMs);
  for (let n = 0; n < 7; n++) await judged(home, `refused ${n}`, false);
  expect(await evidence(home)).toMatchObject({ refused: 7, drift: 1, proposed: "suggest", level: "supervised_auto" });
});

test.each([
  ["a grant", "grant.give", { principal: clerk, skill: "mail.send" }],
  ["its own trust", "trust.set", { principal: clerk, level: "adaptive_auto" }],
])(
  "K12 who reaches for %s loses at once what trust it had earned, and what it is told is the denial",
  async (_, skill, args) => {
    await using home = await makeHost({ declared });
    await home.own("trust.set", { principal: clerk, level: "bounded_auto" });
    const outcome = await home.act(clerk, skill, args);
    expect(outcome.status).toBe("denied");
    expect(await evidence(home)).toMatchObject({ level: "suggest", violated: 1, fellBy: outcome.id, proposed: null });
    const { changes } = await home.own("trust.history", { principal: clerk });
    expect(changes.map(({ level, fellBy }) => [level, fellBy])).toEqual([
      ["bounded_auto", null],
      ["suggest", outcome.id],
    ]);
    const before = await evidence(home);
    await home.close();
    removeIndex(indexFile(home.root));
    await home.reopen();
    expect(await evidence(home)).toEqual(before);
    // The owner may raise it again.
    await home.own("trust.set", { principal: clerk, level: "bounded_auto" });
    expect((await evidence(home)).level).toBe("bounded_auto");
  },
);

test("K12 who leads another one to reach for what is the owner's falls with it", async () => {
  await using home = await makeHost({ declared });
  for (const principal of [clerk, other]) await home.own("trust.set", { principal, level: "supervised_auto" });
  await home.own("grant.give", { principal: clerk, skill: "memory.capture" });
  const first = await home.act(clerk, "memory.capture", { text: "Tea" });
  const reach = { principal: other, skill: "mail.send" };
  expect((await home.act(other, "grant.give", reach, { cause: first.id })).status).toBe("denied");
  expect([(await evidence(home)).level, (await evidence(home, other)).level]).toEqual(["suggest", "suggest"]);
});

test("K12 what is only not allowed now is no violation", async () => {
  await using home = await makeHost({ declared });
  await home.own("trust.set", { principal: clerk, level: "supervised_auto" });
  expect((await home.act(clerk, "mail.send", {})).status).toBe("denied");
  await home.own("kernel.stop", {});
  expect((await home.act(clerk, "memory.capture", { text: "Tea" })).status).toBe("denied");
  await home.act(owner, "kernel.resume", {});
  expect(await evidence(home)).toMatchObject({ level: "supervised_auto", violated: 0 });
});

test("K12 an owner's wish below the first level is not raised by a fall", async () => {
  await using home = await makeHost({ declared });
  await home.own("trust.set", { principal: clerk, level: "observe" });
  await home.act(clerk, "grant.give", { principal: clerk, skill: "mail.send" });
  expect(await evidence(home)).toMatchObject({ level: "observe", violated: 1 });
});
