import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { expect } from "vitest";
import { type Act, type Effect, mergedOf, statedBy, texts } from "./acts.ts";
import { type Model, put, type Said, saidIn, write } from "./model.ts";
import { act, listed, type World } from "./world.ts";

type Does = NonNullable<MemoryRecord["proposal"]>["does"];

const liveIds = (world: World, kind: string): string[] =>
  [...world.model.live].filter(([, said]) => said.kind === kind).map(([id]) => id);

/** The owner puts something into the review list. */
export const propose: Act = async (world, pick, other) => {
  const lived = liveIds(world, "episodic");
  const stated = [...world.model.live].filter(([, { fact }]) => fact && fact.status !== "revoked").map(([id]) => id);
  const [one, two, fact] = [lived[pick % lived.length], lived[other % lived.length], stated[other % stated.length]];
  const kinds: (Does | undefined)[] = [
    { type: "memory", text: `Proposed: ${texts[other % texts.length]}` },
    one ? { type: "fact", subject: "Tom", predicate: "likes", object: texts[other % 2] as string } : undefined,
    one ? { type: "task", title: texts[other % texts.length] as string, due: "2026-12-24" } : undefined,
    one ? { type: "routine", title: "How it goes", text: texts[other % texts.length] as string } : undefined,
    one ? { type: "preference", text: texts[other % texts.length] as string } : undefined,
    one && two && one !== two ? { type: "merge", keep: one, others: [two] } : undefined,
    fact ? { type: "retire", fact } : undefined,
    one ? { type: "forsake", memories: [one] } : undefined,
  ];
  const does = kinds[pick % kinds.length];
  if (!does) return () => undefined;
  const args = { does, why: "Somebody said so.", sources: one ? [one] : [] };
  const { id: cmd, value } = await act<{ id: string; known: boolean }>(world, "proposal.make", args);
  const ms = world.now();
  const record = (await listed(world)).find(({ id }) => id === value?.id);
  return (model) => {
    if (value?.known || !value || !record) return;
    expect(saidIn(record)).toMatchObject({ kind: "artifact", proposal: "open", source: "proposal" });
    write(model, cmd, ms, [[value.id, saidIn(record)]]);
  };
};

const refusals = ["proposal.refused", "memory.not-found", "memory.forgotten"];

/** The owner answers: what was proposed is done, all of it or nothing. */
export const accept: Act = async (world, pick) => {
  const open = [...world.model.live].filter(([, said]) => said.proposal === "open");
  const [id] = open[pick % open.length] ?? [];
  if (!id) return () => undefined;
  const { memory } = await world.home.own<{ memory: MemoryRecord }>("memory.show", { id });
  const does = memory.proposal?.does as Does;
  const before = new Set(world.model.live.keys());
  const { id: cmd, value, fault } = await act<{ made: string[] }>(world, "proposal.accept", { ids: [id] }, refusals);
  const ms = world.now();
  if (fault) {
    expect([does.type, fault, isSound(world.model, memory, does)]).toEqual([does.type, fault, false]);
    return () => undefined;
  }
  const made = (await listed(world)).filter((record) => value?.made.includes(record.id));
  return (model) => {
    const closed: Said = { ...(model.live.get(id) as Said), proposal: "accepted" };
    write(model, cmd, ms, [
      ...doneBy(model, does, made, before, { ms, proposedMs: Date.parse(memory.at) }),
      [id, closed],
    ]);
  };
};

/** Whether all that a proposal speaks of is there, and is what it was: then it must be done. */
function isSound(model: Model, { links, at }: MemoryRecord, does: Does): boolean {
  const isUnchanged = (id: string) => model.live.has(id) && (model.changedMs.get(id) ?? 0) <= Date.parse(at);
  switch (does.type) {
    case "fact":
    case "task":
    case "routine":
    case "preference":
      return links.some(({ to }) => model.live.has(to));
    case "merge":
      return [does.keep as string, ...(does.others as string[])].every(isUnchanged);
    case "retire":
      return isUnchanged(does.fact as string);
    default:
      return true;
  }
}

function doneBy(
  model: Model,
  does: Does,
  made: readonly MemoryRecord[],
  before: ReadonlySet<string>,
  { ms, proposedMs }: { ms: number; proposedMs: number },
): (readonly [string, Said | undefined])[] {
  const [record] = made;
  switch (does.type) {
    case "fact": {
      const fact = {
        subject: does.subject,
        predicate: does.predicate,
        object: does.object,
        status: "confirmed",
      } as NonNullable<Said["fact"]>;
      const said = statedBy(model, { id: String(record?.id), known: before.has(String(record?.id)) }, fact, ms);
      return said ? [[String(record?.id), said]] : [];
    }
    case "memory":
    case "preference":
    case "routine": {
      expect(before.has(String(record?.id))).toBe(false);
      expect(record?.content.includes(does.text as string)).toBe(true);
      return record ? [[record.id, saidIn(record)]] : [];
    }
    case "merge":
      return mergedOf(
        [does.keep as string, ...(does.others as string[])].map((id) => [id, model.live.get(id) as Said] as const),
      );
    case "retire": {
      const said = model.live.get(does.fact as string) as Said;
      const fact =
        does.on === undefined ? { ...(said.fact as NonNullable<Said["fact"]>), status: "revoked" } : said.fact;
      return [[does.fact as string, { ...said, ...(fact && { fact }) }]];
    }
    case "forsake": {
      const gone = (does.memories as string[]).filter(
        (id) => model.live.has(id) && (model.changedMs.get(id) ?? 0) <= proposedMs,
      );
      return gone.map((id) => [id, undefined] as const);
    }
    default:
      return [];
  }
}

export const dismiss: Act = async (world, pick) => {
  const open = [...world.model.live].filter(([, said]) => said.proposal === "open");
  const [id, said] = open[pick % open.length] ?? [];
  if (!id || !said) return () => undefined;
  const { id: cmd } = await act(world, "proposal.dismiss", { ids: [id] });
  const ms = world.now();
  return (model) => write(model, cmd, ms, [[id, { ...said, proposal: "dismissed" }]]);
};

/** A night: `sleep-service` reads what was told, and changes nothing but the review list. */
export const night: Act = async (world) => {
  const { home } = world;
  const ends: string[] = [];
  const day = new Date(home.clock.now() + 24 * 3_600_000).toISOString().slice(0, 10);
  home.clock.set(`${day}T01:30:00Z`);
  {
    await using scheduler = home.host.schedule({
      onRun: ({ agent }, { status }) => void ends.push(`${agent} ${status}`),
      onTrouble: (why) => void ends.push(String(why)),
    });
    await scheduler.tick();
    await scheduler.settled();
  }
  expect(ends).toEqual(["sleep-service done"]);
  const records = await listed(world);
  const ms = world.now();
  const effect: Effect = (model) => {
    for (const record of records) {
      if (model.live.has(record.id)) continue;
      expect(saidIn(record)).toMatchObject({ kind: "artifact", proposal: "open" });
      put(model, record.id, saidIn(record), ms);
    }
  };
  return effect;
};
