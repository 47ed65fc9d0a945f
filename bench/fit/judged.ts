import type { Meaning } from "../../packages/core/src/memory/search/meaning.ts";
import { candidatesOf } from "../../packages/core/src/memory/search/search.ts";
import { signalNames, signalsOf } from "../../packages/core/src/memory/search/signals.ts";
import type { Answered } from "../support/figures.ts";
import { sentenceMeaning } from "../support/sentence-meaning.ts";
import type { Example } from "../support/softmax.ts";
import type { Store } from "../support/stores.ts";

/** A question with the signals of its candidates. */
export type Judged = Example & {
  ids: string[];
  groups: string[][];
  category: string;
  fold: string;
  namesSpeaker: boolean;
};

/** With `meaningOf`, as where an embedder makes vectors. */
export function judgedOf({ name, db, asked }: Store, meaningOf?: (text: string) => Meaning): Judged[] {
  return asked.map(({ text, answers, category, query: plain }) => {
    const query = { ...plain, meaning: meaningOf?.(text) };
    const { question, candidates } = candidatesOf(db, query);
    const ids = candidates.map(({ externalId }) => externalId ?? "");
    const signals = signalsOf(question, candidates, query.vectors);
    return {
      rows: signals.map((values) => signalNames.map((signal) => values[signal])),
      answers: ids.map((id) => answers.some((group) => group.includes(id))),
      ...{ weight: 1, ids, groups: answers, category, fold: name, namesSpeaker: question.names.length > 0 },
    };
  });
}

/** Each store with what the sentence model that installs from npm says of it. */
export async function embedded(all: readonly Store[]): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const store of all) {
    const { meaningOf } = await sentenceMeaning(
      store.db,
      store.asked.map(({ text }) => text),
    );
    judged.push(...judgedOf(store, meaningOf));
  }
  return judged;
}

/** What the weights put first. */
export function ranked({ rows, ids, groups }: Judged, weights: readonly number[]): Answered {
  const scores = rows.map((row) => row.reduce((sum, value, i) => sum + value * (weights[i] as number), 0));
  const order = ids.map((id, i) => ({ id, score: scores[i] as number })).sort((a, b) => b.score - a.score);
  return { answers: groups, hits: order.slice(0, 20).map(({ id }) => id) };
}
