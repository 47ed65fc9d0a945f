import type { Answer, Hit } from "@mh/contract/memory-look.ts";
import type { EventTime } from "@mh/contract/values/memory.ts";
import { memoryKinds } from "@mh/contract/values/memory-kinds.ts";
import type { Database } from "../../ports/database.ts";
import type { ReadAskedTimes } from "../extract/asked-times.ts";
import { evidenceKinds, type SearchQuery, search } from "../search/search.ts";
import { aliasesOf } from "./aliases.ts";
import { answerOf } from "./answer.ts";
import { type Asked, readAsked, withoutTimes } from "./asked.ts";
import { isAskedInChat } from "./asked-in-chat.ts";
import { type Evidence, evidenceFor } from "./evidence.ts";
import { likenessTo, type Near } from "./likeness.ts";
import { ranked } from "./ranking.ts";
import { chanceOf } from "./sureness.ts";

export interface AskQuery extends Pick<SearchQuery, "timeZone" | "meaning" | "vectors" | "kinds" | "archived"> {
  text: string;
  /** How many memories the answer may quote. */
  k: number;
  at: Date;
  askedTimes: ReadAskedTimes;
}

/** What was weighed for an answer, best first, and the chance that the first of it answers. */
export interface Weighed {
  asked: Asked;
  evidence: Evidence[];
  chance: number;
}

/** Answers a question from a store by quoting it, without a model: best first, with how likely it is that this answers. */
export function ask(db: Database, query: AskQuery): Answer {
  return answerOf(weigh(db, query), query);
}

function weigh(db: Database, query: AskQuery): Weighed {
  const { asked, evidence } = gathered(db, query);
  const best = ranked(evidence);
  return { asked, evidence: best, chance: chanceOf(asked, best) };
}

/** So many of what search finds are read closely. */
const readMax = 40;

/** What search finds for the question and the forms that its words have in the store, in the order of search. */
export function gathered(db: Database, query: AskQuery): { asked: Asked; evidence: Evidence[] } {
  const { text, at, timeZone, askedTimes } = query;
  const isWord = (word: string) => query.vectors?.isWord(word) ?? false;
  const read = (spans: readonly EventTime[]) => readAsked(db, text, spans, isWord);
  const named = read(askedTimes(text, at, timeZone));
  const asked = named.wants.isAhead && named.spans.length === 0 ? openAhead(named, read([comingTo(at)])) : named;
  const kinds = query.kinds ?? (asked.wants.ofAssistant ? memoryKinds : evidenceKinds);
  const found = (of: Asked) =>
    search(db, {
      // The words of a time are no words to look for.
      text: withoutTimes(text, of.spans),
      standing: new Map(
        of.concepts.map(({ word, variants, same, aliases }) => [word, [...variants, ...same, ...aliases]]),
      ),
      k: readMax,
      ...{ at, timeZone, meaning: query.meaning, vectors: query.vectors },
      extractDates: () => [...of.spans],
      kinds,
      archived: query.archived,
    });
  const hits = found(asked);
  const near = likenessTo(asked, query.vectors);
  const weighed = (of: Asked, among: readonly Hit[], by: Near) => {
    const answering = among.filter(({ record }) => !isAskedInChat(record, text));
    return { asked: of, evidence: evidenceFor(of, answering, at, by) };
  };
  const aliases = aliasesOf(asked.concepts, hits, near, isWord);
  if (aliases.size === 0) return weighed(asked, hits, near);
  const concepts = asked.concepts.map((concept) => ({ ...concept, aliases: aliases.get(concept.word) ?? [] }));
  const naming = { ...asked, concepts };
  return weighed(naming, found(naming), likenessTo(naming, query.vectors));
}

/** "What do I have to do?" names no time and nothing to look for: what is to come is meant. */
const openAhead = (named: Asked, ahead: Asked): Asked =>
  ahead.concepts.every(({ isAsking }) => isAsking) ? ahead : named;

const comingDays = 90;

function comingTo(at: Date): EventTime {
  const to = new Date(at.getTime() + comingDays * 86_400_000).toISOString();
  return { text: "", from: at.toISOString(), to, grain: "month" };
}
