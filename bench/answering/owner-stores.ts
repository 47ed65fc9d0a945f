// A store for each invented owner, and what is asked of it.
import type { AskQuery } from "../../packages/core/src/memory/ask/ask.ts";
import { loadAskedTimes } from "../../packages/core/src/memory/extract/asked-times.ts";
import type { Database } from "../../packages/core/src/ports/database.ts";
import { wordVectors } from "../../packages/host/src/home/word-vectors.ts";
import { instantAt, owners, questionsOf } from "../questions/load.ts";
import type { Owner, Question } from "../questions/shapes.ts";
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

export const quotedMax = 3;

function queryOf({ ask, at }: Question, { timeZone }: Owner): AskQuery {
  return { text: ask, k: quotedMax, at: instantAt(at, timeZone), timeZone, vectors: wordVectors(), askedTimes };
}
