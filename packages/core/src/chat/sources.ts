import { type MemoryRecord, memoryRecordSchema } from "@mh/contract/values/memory.ts";

/** Deeper than any answer of a skill's goes. */
const depthMax = 8;

/** The memories that stand in what a skill gave, wherever in it: each says itself what it is. */
export function memoriesIn(value: unknown, depth = 0): MemoryRecord[] {
  if (typeof value !== "object" || value === null || depth > depthMax) return [];
  if (!Array.isArray(value) && "op" in value) {
    const memory = memoryRecordSchema().safeParse(value);
    if (memory.success) return [memory.data];
  }
  return Object.values(value).flatMap((each) => memoriesIn(each, depth + 1));
}

export interface Source {
  id: string;
  at: string;
  text: string;
  origins: string[];
  isCited: boolean;
}

const sourcesMax = 20;
const textMax = 200;

/** What a turn read, those first that its answer names by their ids, whole or the end of them. */
export function sourcesOf(read: readonly MemoryRecord[], answer: string): Source[] {
  const byId = new Map(read.map((memory) => [memory.id, memory]));
  const all = [...byId.values()].map(({ id, at, content, origins }) => ({
    ...{ id, at, origins, text: clip(content) },
    isCited: answer.includes(id.slice(-8)),
  }));
  return all.toSorted((a, b) => Number(b.isCited) - Number(a.isCited)).slice(0, sourcesMax);
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > textMax ? `${line.slice(0, textMax - 1)}…` : line;
}
