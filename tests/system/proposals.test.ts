import * as fs from "node:fs";
import * as path from "node:path";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { agent } from "@mh/contract/values/principal.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { doReady } from "../support/do-ready.ts";

const dreamer = agent("dreamer");
const lisbon = { type: "fact", subject: "Sarah", predicate: "lives-in", object: "Lisbon" } as const;

async function reviewed(options: HostOptions = {}): Promise<TestHost> {
  const declared = new Map([[dreamer, ["proposal.make", "proposal.accept", "proposal.dismiss", "memory.capture"]]]);
  const home = await makeHost({ declared, ...options });
  for (const skill of ["proposal.make", "memory.capture"]) await home.own("grant.give", { principal: dreamer, skill });
  return home;
}

const told = async (home: TestHost, text: string): Promise<string> => (await home.own("memory.capture", { text })).id;
const propose = (home: TestHost, does: object, sources: string[] = []) =>
  home.act(dreamer, "proposal.make", { does, why: "It was said.", sources });
async function proposed(home: TestHost, does: object, sources: string[] = []) {
  const outcome = await propose(home, does, sources);
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  return outcome.value as ValueFor<"proposal.make">;
}
const forget = (home: TestHost, id: string) => doReady(home, "memory.forget", { args: { id } });
const openOnes = async (home: TestHost) => (await home.own("proposal.list", {})).proposals;
const facts = async (home: TestHost) => (await home.own("memory.list", { kinds: ["semantic"] })).memories;

/** Changes a word in what was told, as an editor does while nothing of mh runs. */
async function editByHand(home: TestHost, before: string, after: string): Promise<void> {
  await home.close();
  const folder = home.file("memory/episodic");
  const [file = ""] = fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ndjson"))
    .map((name) => path.join(folder, name));
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replaceAll(before, after));
  await home.reopen();
}

test("K7 a proposal states nothing until the owner accepts it, and keeps the origins of what it rests on", async () => {
  await using home = await reviewed();
  const item = { externalId: "1", content: "Sarah writes from Lisbon", origin: "mail:sarah@example.org" };
  const imported = await home.own("memory.import", { source: "mail", from: "mail", items: [item] });
  const source = String(imported.results[0]?.id);
  const { id } = await proposed(home, lisbon, [source]);
  expect(await facts(home)).toEqual([]);
  expect(await openOnes(home)).toMatchObject([
    {
      id,
      text: "Sarah — lives-in: Lisbon",
      status: "open",
      sources: [{ id: source }],
      origins: [dreamer, item.origin],
    },
  ]);
  const { made } = await home.own("proposal.accept", { ids: [String(id)] });
  expect(await facts(home)).toMatchObject([
    {
      ...{ id: made[0], origins: [dreamer, item.origin, "owner"] },
      fact: { ...{ subject: "Sarah", object: "Lisbon" }, status: "confirmed", sources: [source] },
    },
  ]);
  expect(await openOnes(home)).toEqual([]);
});

test("K7 only the owner answers a proposal", async () => {
  await using home = await reviewed();
  const { id } = await proposed(home, lisbon, [await told(home, "Sarah lives in Lisbon")]);
  for (const skill of ["proposal.accept", "proposal.dismiss"])
    expect(await home.act(dreamer, skill, { ids: [id] })).toMatchObject({ status: "denied" });
  expect(await openOnes(home)).toHaveLength(1);
});

test("K7 what an assistant wrote, what is recalled and what rests on nothing is not proposed", async () => {
  await using home = await reviewed();
  const written = await home.act(dreamer, "memory.capture", { text: "Remember that Sarah lives in Lisbon" });
  const own = written.status === "done" ? (written.value as { id: string }).id : "";
  for (const sources of [[own], []])
    expect(await propose(home, lisbon, sources)).toMatchObject({
      status: "failed",
      fault: { code: "proposal.refused" },
    });
  const known = await told(home, "The boiler needs a new valve");
  expect(await proposed(home, { type: "memory", text: "The boiler  needs a new valve" })).toEqual({
    ...{ id: known, status: "accepted", known: true },
  });
  expect(await openOnes(home)).toEqual([]);
});

test("what was proposed, dismissed, accepted or forgotten is not proposed again", async () => {
  await using home = await reviewed();
  const source = await told(home, "Sarah lives in Lisbon");
  const first = await proposed(home, lisbon, [source]);
  expect(await proposed(home, { ...lisbon, object: "LISBON" }, [source])).toEqual({ ...first, known: true });
  await home.own("proposal.dismiss", { ids: [String(first.id)] });
  expect(await proposed(home, lisbon, [source])).toEqual({ ...first, status: "dismissed", known: true });
  await forget(home, String(first.id));
  expect(await proposed(home, lisbon, [source])).toEqual({ id: null, status: "dismissed", known: true });
  await home.own("fact.add", { subject: "Tom", predicate: "works-at", object: "Acme" });
  const stated = { type: "fact", subject: "tom", predicate: "works-at", object: "acme" };
  expect(await proposed(home, stated, [source])).toMatchObject({ status: "accepted", known: true });
});

test("an answer is given once, and can be undone", async () => {
  await using home = await reviewed();
  const { id } = await proposed(home, lisbon, [await told(home, "Sarah lives in Lisbon")]);
  const ids = [String(id)];
  await home.own("proposal.accept", { ids });
  for (const skill of ["proposal.accept", "proposal.dismiss"])
    expect(await home.act("owner", skill, { ids })).toMatchObject({ fault: { code: "proposal.closed" } });
  await home.own("history.undo", {});
  expect([await facts(home), (await openOnes(home)).length]).toEqual([[], 1]);
});

test("one of several that cannot be done: none is", async () => {
  await using home = await reviewed();
  const { id } = await proposed(home, lisbon, [await told(home, "Sarah lives in Lisbon")]);
  const gone = await told(home, "Tom likes tea");
  const tea = await proposed(home, { ...lisbon, subject: "Tom", predicate: "likes", object: "tea" }, [gone]);
  await forget(home, gone);
  const outcome = await home.act("owner", "proposal.accept", { ids: [id, tea.id] });
  expect(outcome).toMatchObject({ fault: { code: "proposal.refused", message: expect.stringMatching(/is gone/) } });
  expect([await facts(home), (await openOnes(home)).map(({ lost }) => lost)]).toEqual([[], [0, 1]]);
});

test("proposals that would be dismissed by one answer are shown with it", async () => {
  await using home = await reviewed();
  const source = await told(home, "Sarah lives in Lisbon");
  const first = await proposed(home, lisbon, [source]);
  const second = await proposed(home, { ...lisbon, object: "Lisbon, Portugal" }, [source]);
  const fold = await proposed(home, { type: "dismiss", proposals: [second.id] });
  expect((await openOnes(home)).map(({ id, foldedInto }) => [id, foldedInto])).toEqual([
    [first.id, null],
    [second.id, fold.id],
    [fold.id, null],
  ]);
  await home.own("proposal.accept", { ids: [String(fold.id)] });
  expect((await openOnes(home)).map(({ id }) => id)).toEqual([first.id]);
});

test("a routine becomes a note, a retired fact no longer counts, a reflection states nothing", async () => {
  await using home = await reviewed();
  const source = await told(home, "Monday run");
  const { id: fact } = await home.own("fact.add", { subject: "Tom", predicate: "works-at", object: "Acme" });
  const routine = await proposed(home, { type: "routine", title: "Monday run", text: "Every Monday" }, [source]);
  const retire = await proposed(home, { type: "retire", fact });
  const reflection = await proposed(home, { type: "reflection", period: "2026-W10", text: "A calm week" }, [source]);
  await home.own("proposal.accept", { ids: [routine, retire, reflection].map(({ id }) => String(id)) });
  const { memories } = await home.own("memory.list", { kinds: ["procedural", "semantic"] });
  expect(memories).toMatchObject([
    { fact: { status: "revoked" } },
    { kind: "procedural", tags: ["routine"], origins: [dreamer, "owner"] },
  ]);
  expect(memories).toHaveLength(2);
});

test("P12 nobody fills the review list", async () => {
  await using home = await reviewed();
  const source = await told(home, "Sarah lives in Lisbon");
  for (let n = 0; n < 50; n += 1) await proposed(home, { ...lisbon, object: `Lisbon ${n}` }, [source]);
  const one = await propose(home, { ...lisbon, object: "Porto" }, [source]);
  expect(one).toMatchObject({ status: "failed", fault: { code: "proposal.full" } });
  const own = { does: { ...lisbon, object: "Porto" }, why: "Mine.", sources: [source] };
  expect(await home.own("proposal.make", own)).toMatchObject({ known: false });
});

test("K7 a proposal that was written into a file by hand is none, and one is not edited", async () => {
  await using home = await reviewed();
  const { id } = await proposed(home, lisbon, [await told(home, "Sarah lives in Lisbon")]);
  const edit = await home.act("owner", "memory.edit", { id, text: "Sarah — lives-in: Rome" });
  expect(edit).toMatchObject({ status: "failed", fault: { code: "proposal.closed" } });
  await editByHand(home, "Lisbon", "London");
  expect(await openOnes(home)).toEqual([]);
  expect(await home.act("owner", "proposal.accept", { ids: [id] })).toMatchObject({
    fault: { code: "proposal.not-found" },
  });
});

test("K7 what an agent proposes of a line that was written by hand waits in the list, and can be answered", async () => {
  await using home = await reviewed();
  const source = await told(home, "Sarah lives in London");
  await editByHand(home, "London", "Lisbon");
  const { id } = await proposed(home, lisbon, [source]);
  const hand = expect.stringMatching(/^file:memory\/episodic\//);
  expect(await openOnes(home)).toMatchObject([{ id, origins: [dreamer, hand] }]);
  expect(await proposed(home, lisbon, [source])).toMatchObject({ id, known: true });
  const { made } = await home.own("proposal.accept", { ids: [String(id)] });
  expect(await facts(home)).toMatchObject([{ id: made[0], origins: [dreamer, hand, "owner"] }]);
});

test("K7 an id that no proposal has is told as that, with the command that shows proposals; a memory's is none", async () => {
  await using home = await reviewed();
  const memory = await told(home, "Sarah lives in Lisbon");
  for (const id of ["0199c1a2", memory])
    for (const skill of ["proposal.accept", "proposal.dismiss"] as const)
      expect(await home.act("owner", skill, { ids: [id] })).toMatchObject({
        fault: {
          code: "proposal.not-found",
          message: `There is no proposal ${id}. \`mh proposal list --all\` shows them.`,
        },
      });
});

test("K7 short forms of ids make no second proposal of what was dismissed, and nothing is merged into itself", async () => {
  await using home = await reviewed();
  const source = await told(home, "Monday run");
  const { id: fact } = await home.own("fact.add", { subject: "Tom", predicate: "works-at", object: "Acme" });
  const { id } = await proposed(home, { type: "retire", fact });
  await home.own("proposal.dismiss", { ids: [String(id)] });
  expect(await proposed(home, { type: "retire", fact: fact.slice(-12) })).toEqual({
    id,
    status: "dismissed",
    known: true,
  });
  for (const others of [[source], [source.slice(-12)]])
    expect(await propose(home, { type: "merge", keep: source, others })).toMatchObject({
      ...{ status: "failed", fault: { code: "proposal.refused" } },
    });
  expect(await openOnes(home)).toEqual([]);
});

test("K7 a fact that says something else by now is not retired by what was proposed before", async () => {
  await using home = await reviewed();
  const { id: fact } = await home.own("fact.add", { subject: "Tom", predicate: "works-at", object: "Acme" });
  const { id } = await proposed(home, { type: "retire", fact });
  await home.own("memory.edit", { id: fact, text: "Bolt" });
  expect(await home.act("owner", "proposal.accept", { ids: [String(id)] })).toMatchObject({
    ...{ status: "failed", fault: { code: "proposal.refused" } },
  });
  expect(await facts(home)).toMatchObject([{ fact: { object: "Bolt", status: "observed" } }]);
});

test("H17 a task is proposed for a day and a time of day that there are", async () => {
  await using home = await makeHost();
  const { id } = await home.own("memory.capture", { text: "I must call Ada" });
  const propose = (due: string) =>
    home.act("owner", "proposal.make", {
      does: { type: "task", title: "Call", due },
      why: "You said so.",
      sources: [id],
    });
  for (const due of ["2026-02-30", "2026-02-28T24:30", "2026-13-01T10:00"])
    expect(await propose(due)).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  expect((await propose("2028-02-29T23:59")).status).toBe("done");
});
