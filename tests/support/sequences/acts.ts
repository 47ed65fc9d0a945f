import * as fs from "node:fs";
import * as path from "node:path";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { localDay } from "@mh/core/model/wall-clock.ts";
import { expect } from "vitest";
import { filesBelow } from "../files-below.ts";
import { bury, isAsLeft, type Model, nextRedo, nextUndo, putBack, type Said, saidIn, write } from "./model.ts";
import { act, byHand, ended, listed, type World } from "./world.ts";

/** What an act should have done to the model; nothing where there was nothing to do it to. */
export type Effect = (model: Model) => void;
export type Act = (world: World, pick: number, other: number) => Promise<Effect>;

export const texts = [
  "Tea with Sarah and the quokka",
  "Sarah lives in Lisbon",
  "My brother Tom lives in Porto",
  "The boiler was repaired by Tom",
  "Lunch with Ines on 14 October",
  "Swim before work",
  "I am allergic to nuts",
];
export const words = ["quokka", "sarah", "lisbon", "tom", "boiler", "ines", "swim", "nuts", "tea", "porto"];
const places = ["Lisbon", "Porto", "Ulm"];
const names = ["Sarah", "Tom", "Ines"];
const timeZone = "Europe/Berlin";

const nothing: Effect = () => undefined;
const chosen = <T>(from: readonly T[], pick: number): T | undefined => from[pick % from.length];
const liveOf = ({ model }: World, isWanted: (said: Said) => boolean): [string, Said][] =>
  [...model.live].filter(([, said]) => isWanted(said));
const isLine = ({ kind }: Said): boolean => kind === "episodic" || kind === "artifact";
const isNote = ({ kind }: Said): boolean => kind === "procedural" || kind === "preference";

const shown = async ({ home }: World, id: string): Promise<MemoryRecord> =>
  (await home.own<{ memory: MemoryRecord }>("memory.show", { id })).memory;

export const capture: Act = async (world, pick) => {
  const content = chosen(texts, pick) as string;
  const { id: cmd, value } = await act<{ id: string }>(world, "memory.capture", { text: content });
  const id = value?.id as string;
  const ms = world.now();
  const at = new Date(ms).toISOString();
  return (model) => {
    const dayOf = (iso: string) => localDay(Date.parse(iso), timeZone);
    const same = [...model.live].filter(
      ([, said]) =>
        said.kind === "episodic" &&
        said.source === "capture" &&
        said.content === content &&
        dayOf(said.at) === dayOf(at),
    );
    const earlier = model.live.get(id);
    expect(same.length > 0 ? same.map(([each]) => each) : [id]).toContain(id);
    if (same.length === 0) expect(earlier).toBeUndefined();
    const fresh: Said = { kind: "episodic", content, at, count: 1, source: "capture", byHand: false };
    write(model, cmd, ms, [[id, earlier ? { ...earlier, count: earlier.count + 1 } : fresh]]);
  };
};

export const importItems: Act = async (world, pick, other) => {
  const source = other % 2 ? "phone" : "laptop";
  const items = [pick, pick + 1].map((n) => ({
    ...{ externalId: String(n % 4), content: chosen(texts, n >> 2) as string, at: "2026-03-01T10:00:00Z" },
  }));
  const update = other % 3 === 0;
  const args = { source, from: source, items, ...(update && { update }) };
  const { id: cmd, value } = await act<{ results: { id: string | null; externalId: string; status: string }[] }>(
    world,
    "memory.import",
    args,
  );
  const ms = world.now();
  const records = new Map((await listed(world)).map((record) => [record.id, record]));
  return (model) => {
    const written = (value?.results ?? []).flatMap(({ id, status }, n) => {
      if (id === null || status === "duplicate" || status === "refused") return [];
      const { externalId, content } = items[n] as (typeof items)[number];
      const earlier = model.live.get(id);
      expect([status, earlier === undefined]).toEqual(status === "added" ? ["added", true] : ["updated", false]);
      const record = records.get(id);
      const from = earlier?.source ?? record?.source ?? source;
      const said: Said = {
        kind: "episodic",
        content,
        at: "2026-03-01T10:00:00.000Z",
        count: earlier?.count ?? 1,
        source: from,
        byHand: false,
        externalId,
      };
      return [[id, said] as const];
    });
    write(model, cmd, ms, written);
  };
};

export const edit: Act = async (world, pick, other) => {
  const [id, said] =
    chosen(
      liveOf(world, ({ proposal }) => proposal === undefined),
      pick,
    ) ?? [];
  if (!id || !said) return nothing;
  const text = said.fact ? (chosen(places, other) as string) : (chosen(texts, other) as string);
  const { id: cmd, fault } = await act(world, "memory.edit", { id, text }, ["memory.unchanged"]);
  const ms = world.now();
  if (fault) {
    expect(said.content).toBe(text);
    return nothing;
  }
  const record = await shown(world, id);
  return (model) => {
    const { fact } = said;
    const now: Said = fact
      ? { ...said, fact: { ...fact, object: text }, content: `${fact.subject} — ${fact.predicate}: ${text}` }
      : { ...said, content: isNote(said) ? record.content : text };
    if (isNote(said)) expect(record.content.endsWith(text)).toBe(true);
    write(model, cmd, ms, [[id, now]]);
  };
};

export const forget: Act = async (world, pick) => {
  const [id] = chosen([...world.model.live], pick) ?? [];
  if (!id) return nothing;
  const { home } = world;
  const parked = await home.act(owner, "memory.forget", { id });
  if (parked.status !== "parked") throw new Error(`memory.forget: ${JSON.stringify(parked)}`);
  // It may have been asked before, and the crash have come before the answer.
  const { hash } = await home.own<{ hash: string }>("approval.show", { id: parked.approval });
  ended("memory.forget", await home.approve(parked.approval, hash), []);
  return (model) => {
    bury(model, id);
    model.changes.push({
      ...{ cmd: parked.id, kind: "do", ms: world.now(), undoable: false, undone: false },
      before: new Map(),
      after: new Map(),
    });
  };
};

export const relate: Act = async (world, pick, other) => {
  const a = chosen(names, pick) as string;
  const b = chosen(names, pick + 1 + (other % 2)) as string;
  const { id: cmd, value } = await act<{ id: string; known: boolean }>(world, "relationship.relate", {
    a,
    b,
    type: "knows",
  });
  return stated(world, cmd, value, { subject: a, predicate: "knows", object: b, status: "observed" });
};

export const addFact: Act = async (world, pick, other) => {
  const [subject, object] = [chosen(names, pick) as string, chosen(places, other) as string];
  const args = { subject, predicate: "lives-in", object };
  const { id: cmd, value } = await act<{ id: string; known: boolean }>(world, "fact.add", args);
  return stated(world, cmd, value, { ...args, status: "observed" });
};

const ranks = ["inferred", "observed", "confirmed"];
type FactSaid = NonNullable<Said["fact"]>;
const factContent = ({ subject, predicate, object }: FactSaid) => `${subject} — ${predicate}: ${object}`;

function stated(world: World, cmd: string, value: { id: string; known: boolean } | undefined, fact: FactSaid): Effect {
  const ms = world.now();
  return (model) => {
    const said = value && statedBy(model, value, fact, ms);
    if (value && said) write(model, cmd, ms, [[value.id, said]]);
  };
}

/** What a fact says once it was stated; nothing where it was known as surely before. */
export function statedBy(
  model: Model,
  { id, known }: { id: string; known: boolean },
  fact: FactSaid,
  ms: number,
): Said | undefined {
  const isSame = ({ fact: other }: Said) =>
    other && other.status !== "revoked" && factContent(other).toLowerCase() === factContent(fact).toLowerCase();
  const same = [...model.live].filter(([, said]) => isSame(said)).map(([each]) => each);
  expect([known, model.live.has(id), same.length === 0 || same.includes(id)]).toEqual([same.length > 0, known, true]);
  const earlier = model.live.get(id);
  if (!earlier?.fact) {
    const at = new Date(ms).toISOString();
    return { kind: "semantic", content: factContent(fact), at, count: 1, source: "fact", byHand: false, fact };
  }
  if (ranks.indexOf(earlier.fact.status) >= ranks.indexOf(fact.status)) return undefined;
  return { ...earlier, fact: { ...earlier.fact, status: fact.status } };
}

export const reviewFact: Act = async (world, pick, other) => {
  const [id, said] =
    chosen(
      liveOf(world, ({ fact }) => fact !== undefined),
      pick,
    ) ?? [];
  if (!id || !said?.fact) return nothing;
  const status = other % 2 ? "confirmed" : "revoked";
  const { fact } = said;
  const { id: cmd, fault } = await act(
    world,
    "fact.review",
    { id, status },
    fact.status === status ? ["fact.unchanged"] : [],
  );
  const ms = world.now();
  return (model) => {
    if (!fault) write(model, cmd, ms, [[id, { ...said, fact: { ...fact, status } }]]);
  };
};

export const note: Act = async (world, pick, other) => {
  const text = chosen(texts, pick) as string;
  const [skill, kind] = other % 2 ? ["memory.learn", "procedural"] : ["memory.prefer", "preference"];
  const args = other % 2 ? { title: "How it is done", text } : { text };
  const { id: cmd, value } = await act<{ id: string }>(world, skill as string, args);
  const ms = world.now();
  return (model) => {
    const content = other % 2 ? `How it is done\n\n${text}` : text;
    const said: Said = {
      ...{ kind: kind as string, content, at: "", count: 1, source: kind as string, byHand: false },
    };
    write(model, cmd, ms, [[value?.id as string, said]]);
  };
};

/** Merges what says the same at the same time into the oldest. */
export const consolidate: Act = async (world) => {
  const { id: cmd, value } = await act<{ merged: { keep: string; others: string[] }[] }>(
    world,
    "memory.consolidate",
    {},
  );
  const ms = world.now();
  return (model) => {
    const episodic = [...model.live].filter(([, { kind }]) => kind === "episodic").sort(([a], [b]) => (a < b ? -1 : 1));
    const groups = [...Map.groupBy(episodic, ([, { content, at }]) => `${content}\n${at}`).values()].filter(
      (group) => group.length > 1,
    );
    const ids = groups.map((group) => group.map(([id]) => id)).sort();
    expect(value?.merged.map(({ keep, others }) => [keep, ...others]).sort()).toEqual(ids);
    write(
      model,
      cmd,
      ms,
      groups.flatMap((group) => mergedOf(group)),
    );
  };
};

export function mergedOf(group: readonly [string, Said][]): (readonly [string, Said | undefined])[] {
  const [[keep, said], ...others] = group as [[string, Said], ...[string, Said][]];
  const count = group.reduce((sum, [, each]) => sum + each.count, 0);
  const byHand = group.some(([, each]) => each.byHand);
  return [[keep, { ...said, count, byHand }] as const, ...others.map(([id]) => [id, undefined] as const)];
}

const staleFaults = ["history.stale", "history.nothing"];

export const undo: Act = (world) => takeBack(world, "history.undo", nextUndo(world.model));
export const redo: Act = (world) => takeBack(world, "history.redo", nextRedo(world.model));

/** Takes back what it should, and must where all of it still is as it was left. */
async function takeBack(world: World, skill: string, next: Model["changes"][number] | undefined): Promise<Effect> {
  const { id: cmd, value, fault } = await act<{ commands: string[] }>(world, skill, {}, staleFaults);
  const ms = world.now();
  const isFree = next !== undefined && isAsLeft(world.model, next) && ms - next.ms < 29 * 24 * 3_600_000;
  const isImported = [...(next?.before.values() ?? [])].some((said) => said?.externalId !== undefined);
  if (fault) {
    expect([skill, fault, isFree && !isImported ? next?.cmd : undefined]).toEqual([skill, fault, undefined]);
    return nothing;
  }
  expect(value?.commands).toEqual([next?.cmd]);
  return (model) => {
    const change = model.changes.find((each) => each.cmd === next?.cmd);
    if (change) putBack(model, change, cmd, ms);
  };
}

export const editLineByHand: Act = async (world, pick, other) => {
  const [id, said] =
    chosen(
      liveOf(world, (each) => isLine(each) && each.proposal === undefined),
      pick,
    ) ?? [];
  const content = chosen(texts, other) as string;
  if (!id || !said || said.content === content) return nothing;
  const { home } = world;
  const last = await shown(world, id);
  await byHand(world, () => {
    for (const file of filesBelow(home.file("memory/episodic"))) {
      const lines = fs.readFileSync(file, "utf8").split("\n");
      const changed = lines.map((line) => {
        const record = line && (JSON.parse(line) as MemoryRecord);
        return record && record.id === id && record.rev === last.rev ? JSON.stringify({ ...record, content }) : line;
      });
      if (changed.join() !== lines.join()) fs.writeFileSync(file, changed.join("\n"));
    }
  });
  return (model) => void model.live.set(id, { ...said, content, byHand: true });
};

/** The words of a memory as its owner's: it was reviewed. */
export const vouch: Act = async (world, pick) => {
  const [id, said] =
    chosen(
      liveOf(world, ({ byHand }) => byHand),
      pick,
    ) ?? [];
  if (!id || !said) return nothing;
  const { id: cmd } = await act(world, "memory.vouch", { ids: [id] });
  const ms = world.now();
  return (model) => write(model, cmd, ms, [[id, { ...said, byHand: false, count: 1 }]], { undoable: false });
};

export const editNoteByHand: Act = async (world, pick, other) => {
  const [id, said] = chosen(liveOf(world, isNote), pick) ?? [];
  if (!id || !said) return nothing;
  const text = chosen(texts, other) as string;
  const file = noteFile(world, id);
  await byHand(world, () => fs.appendFileSync(file, `\n${text}\n`));
  const content = (await shown(world, id)).content;
  expect(content.endsWith(text)).toBe(true);
  return (model) => void model.live.set(id, { ...said, content });
};

/** A file by hand, or one that gets another name. */
export const moveNoteByHand: Act = async (world, pick, other) => {
  const [id] = chosen(liveOf(world, isNote), pick) ?? [];
  if (!id) return nothing;
  const file = noteFile(world, id);
  const text = fs.readFileSync(file, "utf8");
  // A file that names no id is another one under another name.
  if (!text.includes(`id: ${id}`)) return nothing;
  await byHand(world, () =>
    fs.renameSync(file, path.join(path.dirname(file), `moved-${other % 3}-${id.slice(-6)}.md`)),
  );
  return (model) => {
    // What changed the file under its former name does not find it as it left it.
    for (const { after } of model.changes) if (after.has(id)) after.set(id, undefined);
  };
};

export const newNoteByHand: Act = async (world, pick, other) => {
  const folder = other % 2 ? "procedural" : "preferences";
  const kind = other % 2 ? "procedural" : "preference";
  const content = chosen(texts, pick) as string;
  const file = world.home.file(`memory/${folder}/by-hand-${pick % 3}.md`);
  if (fs.existsSync(file)) return nothing;
  await byHand(world, () => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // An undated note is as old as its file, and no test's clock sets that.
    fs.writeFileSync(file, `---\ncreated: 2026-03-01T10:00:00Z\n---\n${content}\n`);
  });
  const known = new Set(world.model.live.keys());
  const id = (await listed(world)).find((each) => !known.has(each.id))?.id as string;
  return (model) => {
    model.forgotten.delete(id);
    model.live.set(id, { kind, content, at: "", count: 1, source: kind, byHand: false });
  };
};

function noteFile({ home }: World, id: string): string {
  const folders = [home.file("memory/procedural"), home.file("memory/preferences")];
  const files = folders
    .filter((folder) => fs.existsSync(folder))
    .flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)));
  const file =
    files.find((each) => fs.readFileSync(each, "utf8").includes(id)) ?? files.find((each) => each.includes("by-hand"));
  return file as string;
}

/** A memory is deleted by hand: it still answers, until it is put back or let go. */
export const deleteByHand: Act = async (world, pick, other) => {
  const [id, said] =
    chosen(
      liveOf(world, (each) => isLine(each) && !each.byHand),
      pick,
    ) ?? [];
  if (!id || !said) return nothing;
  const { home } = world;
  await byHand(world, () => {
    for (const file of filesBelow(home.file("memory/episodic"))) {
      const lines = fs.readFileSync(file, "utf8").split("\n");
      const kept = lines.filter((line) => line === "" || (JSON.parse(line) as MemoryRecord).id !== id);
      if (kept.length < lines.length) fs.writeFileSync(file, kept.join("\n"));
    }
  });
  expect(saidIn(await shown(world, id))).toEqual(said);
  const isKept = other % 2 === 0;
  await act(world, isKept ? "damage.restore" : "damage.accept", {});
  const ms = world.now();
  return (model) => {
    // Its lines are no part any more of what any change did.
    for (const { before, after } of model.changes) {
      before.delete(id);
      after.delete(id);
    }
    if (!isKept) model.live.delete(id);
    model.changedMs.set(id, ms);
  };
};
