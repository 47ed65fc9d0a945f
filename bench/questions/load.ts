// The invented owners of this folder, their memories as the importers would write them, and what is asked of them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import type { EventTime, MemoryRecord } from "../../packages/contract/src/values/memory.ts";
import { instantOf } from "../../packages/core/src/model/wall-clock.ts";
import {
  type AskedTime,
  type LivedMemory,
  memorySchema,
  type Owner,
  ownerSchema,
  type Question,
  questionSchema,
  timeSchema,
} from "./shapes.ts";

/** The owners of one split, or all. Whatever is fitted is fitted on `fit` alone and measured on `held`. */
export function owners(split?: Owner["split"]): Owner[] {
  return read("owners.ndjson", ownerSchema).filter((owner) => split === undefined || owner.split === split);
}

export function memoriesOf({ split, id }: Owner): LivedMemory[] {
  return read(`${split}/${id}.memories.ndjson`, memorySchema);
}

export function questionsOf({ split, id }: Owner): Question[] {
  return read(`${split}/${id}.questions.ndjson`, questionSchema);
}

export function askedTimes(): AskedTime[] {
  return read("times.ndjson", timeSchema);
}

/** The instant of a wall-clock time like 2026-11-25T09:30, or of the beginning of a day like 2026-11-25. */
export function instantAt(wall: string, timeZone: string, daysLater = 0): Date {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = wall.split(/[-T:]/).map(Number);
  return new Date(instantOf({ year, month: month - 1, day: day + daysLater, hour, minute }, timeZone));
}

/** A memory as a store holds it; its id is `externalId`. What an extractor finds in its words is not among it. */
export function recordOf(memory: LivedMemory, owner: Owner): MemoryRecord {
  const at = instantAt(memory.at, owner.timeZone).toISOString();
  return {
    ...{ v: 1, id: `${owner.id}/${memory.id}`, rev: 1, op: "put", cmd: "bench", kind: "episodic", at, recordedAt: at },
    ...{ eventAt: [], content: contentOf(memory, owner), tags: [], entities: [], source: memory.kind },
    ...{ externalId: memory.id, origins: ["owner"], links: [], count: 1 },
    ...ownParts(memory, owner),
  };
}

function ownParts(memory: LivedMemory, { id, timeZone }: Owner): Partial<MemoryRecord> {
  if (memory.kind === "mail")
    return {
      ...{ tags: ["mail"], session: `${id}/${memory.session}` },
      ...(memory.from !== "me" && { speaker: memory.from, origins: [`mail:${memory.from}`] }),
    };
  if (memory.kind === "chat")
    return {
      session: `${id}/${memory.session}`,
      ...(memory.by === "assistant" && { kind: "artifact", speaker: "assistant", origins: ["assistant"] }),
    };
  if (memory.kind === "event") return { eventAt: occurrences(memory, timeZone) };
  if (memory.kind === "task")
    return {
      tags: ["task", ...(memory.state === "dropped" ? ["cancelled"] : [])],
      eventAt: memory.state === "dropped" ? [] : [wholeDays(memory.due, memory.due, timeZone)],
    };
  if (memory.kind === "contact") {
    const { name, predicate, object } = memory;
    const fact = { subject: name, predicate, object, confidence: 1, status: "observed" as const, sources: [] };
    return { kind: "semantic", tags: ["contact"], fact };
  }
  return {};
}

function contentOf(memory: LivedMemory, owner: Owner): string {
  if (memory.kind === "contact") return `${memory.name} — ${memory.predicate}: ${memory.object}`;
  const head =
    memory.kind === "event"
      ? eventHead(memory, owner.timeZone)
      : memory.kind === "task"
        ? taskHead(memory)
        : "title" in memory
          ? memory.title
          : undefined;
  return [head, memory.text].filter(Boolean).join("\n\n");
}

type Entry = Extract<LivedMemory, { kind: "event" }>;

function eventHead({ title, at, end, where, with: people, everyWeeks, until }: Entry, timeZone: string): string {
  const isTimed = at.includes("T");
  const isSameDay = at.slice(0, 10) === end.slice(0, 10);
  const timed = `${dayWords(at)}, ${at.slice(11)}${isSameDay ? "–" : ` – ${dayWords(end)}, `}${end.slice(11)} (${timeZone})`;
  const weekday = dayName(at, "long");
  const every = everyWeeks === 1 ? "every week" : `every ${everyWeeks} weeks`;
  return [
    title,
    `When: ${isTimed ? timed : isSameDay ? dayWords(at) : `${dayWords(at)} – ${dayWords(end)}`}`,
    everyWeeks && until && `Repeats: ${every} on ${weekday} until ${shortDay(until)}`,
    where && `Where: ${where}`,
    people && `With: ${people.join(", ")}`,
  ]
    .filter(Boolean)
    .join("\n");
}

function taskHead({ title, due, state }: Extract<LivedMemory, { kind: "task" }>): string {
  const lines = [state === "dropped" ? `${title} (cancelled)` : title, `Due: ${dayWords(due)}`];
  return [...lines, ...(state === "done" ? ["Done."] : [])].join("\n");
}

function occurrences({ at, end, everyWeeks, until }: Entry, timeZone: string): EventTime[] {
  const times: EventTime[] = [];
  const last = until ?? at;
  for (let days = 0; addDays(at, days) <= last.slice(0, 10); days += 7 * (everyWeeks ?? 1)) {
    const from = addDays(at, days) + at.slice(10);
    const to = addDays(end, days) + end.slice(10);
    times.push(at.includes("T") ? timed(from, to, timeZone) : wholeDays(from, to, timeZone));
    if (everyWeeks === undefined) break;
  }
  return times;
}

function timed(from: string, to: string, timeZone: string): EventTime {
  const instants = { from: instantAt(from, timeZone).toISOString(), to: instantAt(to, timeZone).toISOString() };
  return { ...instants, text: `${dayWords(from)}, ${from.slice(11)}`, grain: "minute" };
}

function wholeDays(from: string, last: string, timeZone: string): EventTime {
  const instants = { from: instantAt(from, timeZone).toISOString(), to: instantAt(last, timeZone, 1).toISOString() };
  return { ...instants, text: dayWords(from), grain: "day" };
}

function addDays(wall: string, days: number): string {
  const date = new Date(`${wall.slice(0, 10)}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** "Wed 8 May 2024", as the calendar importer writes it. */
const dayWords = (wall: string): string => `${dayName(wall, "short")} ${shortDay(wall)}`;

function shortDay(wall: string): string {
  const date = new Date(`${wall.slice(0, 10)}T00:00Z`);
  const month = date.toLocaleDateString("en-US", { month: "short", timeZone: "UTC" });
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`;
}

function dayName(wall: string, weekday: "long" | "short"): string {
  return new Date(`${wall.slice(0, 10)}T00:00Z`).toLocaleDateString("en-US", { weekday, timeZone: "UTC" });
}

function read<T>(file: string, schema: z.ZodType<T>): T[] {
  const lines = readFileSync(join(import.meta.dirname, file), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line, i) => {
    const { success, data, error } = schema.safeParse(JSON.parse(line));
    if (!success) throw new Error(`${file}, line ${i + 1}: ${error.message}`);
    return data;
  });
}
