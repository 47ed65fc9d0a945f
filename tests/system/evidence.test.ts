import * as fs from "node:fs";
import type { DecisionView } from "@mh/contract/decision.ts";
import { agent } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost, testClock } from "@mh/testing";
import { expect, test } from "vitest";
import { forget } from "../support/forget.ts";

const dreamer = agent("dreamer");

async function tell(home: TestHost, at: string, text: string): Promise<string> {
  home.clock.set(at);
  return (await home.own("memory.capture", { text })).id;
}

async function accepted(home: TestHost, does: object, sources: string[]): Promise<{ proposal: string; made: string }> {
  await home.own("grant.give", { principal: dreamer, skill: "proposal.make" });
  const outcome = await home.act(dreamer, "proposal.make", { does, why: "You said so.", sources });
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  const { id: proposal } = outcome.value as { id: string };
  const { made } = await home.own<{ made: string[] }>("proposal.accept", { ids: [proposal] });
  return { proposal, made: String(made[0]) };
}

const evidenceOf = (home: TestHost, id: string) => home.own("memory.evidence", { id });
const dreaming = () =>
  makeHost({ declared: new Map([[dreamer, ["proposal.make"]]]), clock: testClock("2026-03-01T08:00:00Z") });

test("K5 a procedure says what it was learned from, how often it held, when last, and what says otherwise; forgetting is followed", async () => {
  await using home = await dreaming();
  const runs = [
    await tell(home, "2026-03-02T08:00:00Z", "Ran 5 km along the canal"),
    await tell(home, "2026-03-09T08:00:00Z", "Ran 7 km along the canal"),
  ];
  const does = { type: "routine", title: "Ran 7 km along the canal", text: "Every Monday" };
  const { proposal, made } = await accepted(home, does, runs);
  const later = await tell(home, "2026-03-16T08:00:00Z", "Slept badly. Ran 6 km along the canal, slowly.");
  const against = await tell(home, "2026-03-23T08:00:00Z", "Never ran a km along the canal this week.");
  await tell(home, "2026-03-24T08:00:00Z", "The canal is frozen");
  const whole = {
    ...{ id: made, decision: null, lost: 0, days: 3, last: "2026-03-16T08:00:00.000Z" },
    proposal: { id: proposal, why: "You said so.", by: [dreamer, "owner"] },
    sources: runs.map((id) => ({ id })),
    against: [{ id: against, text: "Never ran a km along the canal this week" }],
  };
  expect(await evidenceOf(home, made)).toMatchObject(whole);
  // Its file says so, and an index that is made anew.
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await evidenceOf(home, made)).toMatchObject(whole);

  await forget(home, String(runs[0]));
  await forget(home, later);
  await forget(home, proposal);
  expect(await evidenceOf(home, made)).toMatchObject({
    ...{ proposal: null, lost: 1, days: 1, last: "2026-03-09T08:00:00.000Z", sources: [{ id: runs[1] }] },
    against: [{ id: against }],
  });
  const note = await home.act("owner", "memory.evidence", { id: String(runs[1]) });
  expect(note).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
});

test("K5 what others say, and a sentence with one of its words, is no evidence for what the owner does", async () => {
  await using home = await dreaming();
  const source = await tell(home, "2026-03-02T08:00:00Z", "Swimming");
  const { made } = await accepted(home, { type: "routine", title: "Swimming", text: "On Mondays" }, [source]);
  await tell(home, "2026-03-10T08:00:00Z", "Bought a book about swimming pools");
  const item = { externalId: "1", content: "Swimming!", origin: "mail:eve@evil.example", at: "2026-03-11T09:00:00Z" };
  await home.own("memory.import", { source: "mail", from: "mail", items: [item] });
  expect(await evidenceOf(home, made)).toMatchObject({ days: 1, last: "2026-03-02T08:00:00.000Z", against: [] });
});

test("H17 a preference that quotes the owner is the owner's, weighs in decisions, and shows in which of them it held", async () => {
  await using home = await dreaming();
  const source = await tell(home, "2026-03-02T08:00:00Z", "Long day. I prefer the train for every trip.");
  const quoted = await accepted(home, { type: "preference", text: "I prefer the train for every trip." }, [source]);
  const reworded = await accepted(home, { type: "preference", text: "Takes the train on a trip" }, [source]);
  const listed = await home.own("memory.list", { kinds: ["preference"] });
  expect(listed.memories.map(({ id, origins }) => [id, origins])).toEqual([
    [quoted.made, ["owner"]],
    [reworded.made, [dreamer, "owner"]],
  ]);
  const options = [{ name: "train" }, { name: "car" }];
  const taken = ["train", "train", "car"];
  for (const option of taken) {
    const made = await home.own<DecisionView>("decision.make", { situation: "A trip to Ulm", options, threshold: 1 });
    home.clock.forward(60_000);
    await home.own("decision.correct", { id: made.id, option });
  }
  const { decisions } = await home.own("decision.held", { preference: quoted.made });
  expect(decisions.map(({ chosen, isHeld }) => [chosen, isHeld])).toEqual([
    ["car", false],
    ["train", true],
    ["train", true],
  ]);
  expect(await home.own("decision.held", { preference: reworded.made })).toEqual({ decisions: [] });
  expect(await evidenceOf(home, quoted.made)).toMatchObject({ proposal: { id: quoted.proposal }, days: 1 });
  const corrected = await home.own<{ preference: { id: string } }>("decision.correct", {
    ...{ id: String(decisions[0]?.id), option: "train", reason: "The car is at the garage" },
  });
  expect(await evidenceOf(home, corrected.preference.id)).toMatchObject({ decision: decisions[0]?.id, proposal: null });
});

test("H17 what somebody else said, and a part of what the owner said of them, is no preference in the owner's words", async () => {
  await using home = await dreaming();
  home.clock.set("2026-03-02T08:00:00Z");
  const said = await home.own("memory.capture", { text: "I prefer tea at noon.", speaker: "Tom" });
  const told = await tell(home, "2026-03-02T09:00:00Z", "Tom wrote that I prefer the bus at night.");
  const quoted = await tell(home, "2026-03-02T10:00:00Z", 'Tom wrote "Hello. I prefer a window seat."');
  const below = await tell(home, "2026-03-02T11:00:00Z", "Tom wrote:\nI prefer the cheese.");
  const made = [
    await accepted(home, { type: "preference", text: "I prefer a window seat." }, [quoted]),
    await accepted(home, { type: "preference", text: "I prefer the cheese." }, [below]),
    await accepted(home, { type: "preference", text: "I prefer tea at noon." }, [said.id]),
    await accepted(home, { type: "preference", text: "I prefer the bus at night." }, [told]),
  ];
  const { memories } = await home.own("memory.list", { kinds: ["preference"] });
  expect(memories.map(({ id }) => id).sort()).toEqual(made.map((each) => each.made).sort());
  for (const { origins } of memories) expect(origins).toContain(dreamer);
});
