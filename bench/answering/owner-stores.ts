// A store for each invented owner, and what is asked of it; and, as in a home that is new, one of ten memories for each question.
import type { AskQuery } from "../../packages/core/src/memory/ask/ask.ts";
import { loadAskedTimes } from "../../packages/core/src/memory/extract/asked-times.ts";
import type { Database } from "../../packages/core/src/ports/database.ts";
import { wordVectors } from "../../packages/host/src/home/word-vectors.ts";
import { instantAt, memoriesOf, owners, questionsOf } from "../questions/load.ts";
import type { LivedMemory, Owner, Question } from "../questions/shapes.ts";
import { storeOf } from "../support/stores.ts";

/** A question with the store that it is put to. */
export type Put = { owner: Owner; question: Question; db: Database; query: AskQuery };

const askedTimes = await loadAskedTimes();

export function questionsPut(split?: Owner["split"]): Put[] {
  return owners(split).flatMap((owner) => {
    const db = storeOf(owner);
    return questionsOf(owner).map((question) => ({ owner, question, db, query: queryOf(question, owner) }));
  });
}

const smallSize = 10;
const least = 4;

/** Each question put to a store of ten memories: what answers it, what misleads, and others of its owner, drawn by its id. */
export function questionsPutSmall(split?: Owner["split"]): Put[] {
  return owners(split).flatMap((owner) => {
    const memories = memoriesOf(owner);
    return questionsOf(owner).map((question) => {
      const db = storeOf(owner, fewOf(memories, question));
      return { owner, question, db, query: queryOf(question, owner) };
    });
  });
}

function fewOf(memories: readonly LivedMemory[], { id, answers, wrong = [] }: Question): LivedMemory[] {
  const wanted = [...answers.flat(), ...wrong].slice(0, smallSize - least);
  const drawn = memories.toSorted((a, b) => draw(id + a.id) - draw(id + b.id));
  const kept = new Set([...wanted, ...drawn.map((memory) => memory.id)].slice(0, smallSize));
  const others = drawn.filter((memory) => !kept.has(memory.id)).slice(0, smallSize - kept.size);
  return memories.filter((memory) => kept.has(memory.id) || others.includes(memory));
}

/** A number for a text, as good as drawn and always the same (FNV-1a). */
function draw(text: string): number {
  return [...text].reduce(
    (sum, letter) => Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0,
    2_166_136_261,
  );
}

export const quotedMax = 3;

function queryOf({ ask, at }: Question, { timeZone }: Owner): AskQuery {
  return { text: ask, k: quotedMax, at: instantAt(at, timeZone), timeZone, vectors: wordVectors(), askedTimes };
}
