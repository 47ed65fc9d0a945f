// Whether the questions hold together, and what there is of them: `node --conditions=mh-source bench/questions/check.ts`.

import { stopWords } from "../../packages/core/src/memory/search/stop-words.ts";
import { isTimeZone } from "../../packages/core/src/model/wall-clock.ts";
import { askedTimes, instantAt, memoriesOf, owners, questionsOf, recordOf } from "./load.ts";
import type { AskedTime, LivedMemory, Owner, Question } from "./shapes.ts";

/** The share of questions that may be answered by their own words; with more, counting words would do. */
const verbatimMax = 0.6;

/** What is wrong with the data, a sentence each. */
export function faults(): string[] {
  const all = owners();
  const questions = all.flatMap(questionsOf);
  const verbatim = verbatimShare(all);
  return [
    ...all.flatMap(ofOwner),
    ...twice([...questions, ...askedTimes()].map(({ id }) => id)).map((id) => `${id} stands twice`),
    ...askedTimes().flatMap(ofTime),
    ...(verbatim > verbatimMax ? [`${verbatim} of the questions have all their words in the answer`] : []),
  ];
}

/** How many there are of everything. */
export function figures() {
  const all = owners();
  const questions = all.flatMap(questionsOf);
  const answered = questions.filter(({ answers }) => answers.length > 0);
  const times = askedTimes();
  return {
    memories: Object.fromEntries(all.map((owner) => [owner.id, memoriesOf(owner).length])),
    answered: answered.length,
    unanswered: questions.length - answered.length,
    kinds: countBy(answered.map(({ kind }) => kind)),
    languages: countBy(answered.map(({ language }) => language)),
    needs: countBy(answered.map(({ needs }) => needs ?? "words")),
    splits: countBy(questions.map(({ owner }) => all.find(({ id }) => id === owner)?.split ?? "none")),
    verbatim: verbatimShare(all),
    times: times.filter(({ span }) => span).length,
    noTimes: times.filter(({ span }) => !span).length,
    timeLanguages: countBy(times.map(({ language }) => language)),
  };
}

function ofOwner(owner: Owner): string[] {
  const memories = memoriesOf(owner);
  const byId = new Map(memories.map((memory) => [memory.id, memory]));
  const written = memories.filter(({ kind }) => kind !== "event").map(({ at }) => at);
  const lastWritten = written.toSorted().at(-1) ?? "";
  return [
    ...twice(memories.map(({ id }) => id)).map((id) => `${owner.id}: ${id} stands twice`),
    ...twice(memories.map((memory) => recordOf(memory, owner).content)).map((text) => `${owner.id}: twice: ${text}`),
    ...memories.filter((memory) => !isInOrder(memory)).map(({ id }) => `${owner.id}: ${id} ends before it begins`),
    ...(isTimeZone(owner.timeZone) ? [] : [`${owner.id}: no such time zone`]),
    ...questionsOf(owner).flatMap((question) =>
      ofQuestion(question, owner, byId, lastWritten).map((fault) => `${question.id}: ${fault}`),
    ),
  ];
}

function ofQuestion(
  { owner: asked, at, answers, spans = [], wrong = [], kind, ofAssistant }: Question,
  owner: Owner,
  byId: ReadonlyMap<string, LivedMemory>,
  lastWritten: string,
): string[] {
  const evidence = answers.flat();
  const missing = [...evidence, ...wrong].filter((id) => !byId.has(id));
  const texts = evidence.flatMap((id) => byId.get(id) ?? []).map((memory) => folded(recordOf(memory, owner).content));
  const isAssistants = evidence.some((id) => isOfAssistant(byId.get(id)));
  return [
    ...missing.map((id) => `there is no ${id}`),
    ...evidence.filter((id) => wrong.includes(id)).map((id) => `${id} is both right and wrong`),
    ...twice(evidence).map((id) => `${id} answers twice`),
    ...spans
      .filter((span) => !texts.some((text) => text.includes(folded(span))))
      .map((span) => `no answer says ${span}`),
    ...(asked === owner.id ? [] : [`it is asked of ${asked}`]),
    ...(at > lastWritten ? [] : ["it is asked before all was written"]),
    ...(kind === "multi-hop" && answers.length === 1 ? ["one memory answers it"] : []),
    ...(answers.length === 0 && (wrong.length === 0 || spans.length > 0)
      ? ["nothing misleads it, or it has spans"]
      : []),
    ...(isAssistants === (ofAssistant ?? false) ? [] : ["it does not say whether it asks for the assistant's words"]),
  ];
}

function ofTime({ id, at, timeZone, weekStart, ask, span, why }: AskedTime): string[] {
  if (!isTimeZone(timeZone)) return [`${id}: no such time zone`];
  if (!span) return why ? [] : [`${id}: it does not say why it is no time`];
  const { from, to, words, grain, accept = [] } = span;
  const firstDay = weekStart === "monday" ? 1 : 0;
  const hasLength = (each: { from: string; to: string }) =>
    instantAt(each.from, timeZone) < instantAt(each.to, timeZone);
  const begins = new Date(`${from.slice(0, 10)}T00:00Z`);
  return [
    ...(folded(ask).includes(folded(words)) ? [] : ["its words do not stand in the question"]),
    ...([span, ...accept].every(hasLength) ? [] : ["it ends before it begins"]),
    ...(accept.some((each) => each.from === from && each.to === to) ? ["it accepts itself"] : []),
    ...(grain === "hour" || (from + to).match(/T00:00/g)?.length === 2 ? [] : ["it does not begin and end a day"]),
    ...(grain === "week" && begins.getUTCDay() !== firstDay ? ["the week begins on another day"] : []),
    ...((grain === "month" || grain === "year") && begins.getUTCDate() !== 1 ? ["the month begins later"] : []),
    ...(Math.abs(Date.parse(`${from}Z`) - Date.parse(`${at}Z`)) < 3 * 366 * 86_400_000 ? [] : ["it is years away"]),
  ].map((fault) => `${id}: ${fault}`);
}

/** Of the answered questions, those of which every word that says something stands in one needed memory or another. */
function verbatimShare(all: readonly Owner[]): number {
  const shares = all.flatMap((owner) => {
    const byId = new Map(memoriesOf(owner).map((memory) => [memory.id, recordOf(memory, owner).content]));
    return questionsOf(owner)
      .filter(({ answers }) => answers.length > 0)
      .map(({ ask, answers }) => {
        const evidence = new Set(answers.flat().flatMap((id) => wordsOf(byId.get(id) ?? "")));
        const content = wordsOf(ask).filter((word) => !functionWords.has(word));
        return content.every((word) => evidence.has(word)) ? 1 : 0;
      });
  });
  return Math.round((100 * shares.reduce((sum: number, share) => sum + share, 0)) / shares.length) / 100;
}

const functionWords: ReadonlySet<string> = new Set([
  ...stopWords,
  ...(
    "much many old long last first now wer wie wo wann was welche welcher welches viel viele alt lange ist sind war hat habe " +
    "hab der die das den dem ein eine einen mein meine meiner mir ich wir uns von im in am an zu für auf und mit bei " +
    "qui que quoi quel quelle quand combien où est a le la les de du des mon ma mes je on il à au en un une " +
    "cuándo cuánto cuántos qué quién dónde el los me mi con del o quantos onde quem quanto quando é tem os da do na no meu minha"
  ).split(" "),
]);

const isOfAssistant = (memory: LivedMemory | undefined) => memory?.kind === "chat" && memory.by === "assistant";
const isInOrder = (memory: LivedMemory) => memory.kind !== "event" || memory.at <= memory.end;
const folded = (text: string) => text.toLowerCase().replace(/\s+/g, " ");
const wordsOf = (text: string) => folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];

function twice(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text, i) => texts.indexOf(text) !== i))];
}

function countBy(names: readonly string[]): Record<string, number> {
  return Object.fromEntries(Object.entries(Object.groupBy(names, (name) => name)).map(([k, v]) => [k, v?.length ?? 0]));
}

if (import.meta.main) {
  for (const fault of faults()) console.error(fault);
  console.log(JSON.stringify(figures(), null, 2));
  process.exitCode = faults().length > 0 ? 1 : 0;
}
