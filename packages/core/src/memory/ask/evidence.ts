import type { Hit } from "@mh/contract/memory-look.ts";
import type { EventTime, MemoryRecord } from "@mh/contract/values/memory.ts";
import { languageIn } from "../search/function-words.ts";
import { wordLikeness } from "../search/word-likeness.ts";
import type { Asked, Concept } from "./asked.ts";
import { bestValue, namedIn, strengthOf } from "./best-value.ts";
import { definitionOf } from "./definition.ts";
import { described } from "./described.ts";
import type { Features } from "./features.ts";
import { type KnownNames, knownIn, knownNames } from "./known-names.ts";
import type { Near } from "./likeness.ts";
import { inOrder } from "./order.ts";
import { headOf, isOnlyAsking, type Passage, passagesOf, saidWords, titleOf } from "./passages.ts";
import { type Value, valuesIn } from "./values.ts";

/** A memory as an answer: its best passage, the value in it that is asked for, and what speaks for it. */
export interface Evidence {
  hit: Hit;
  passage: Passage;
  value: Value | undefined;
  /** How far it has each word of the question. */
  having: readonly number[];
  features: Features;
}

/** Weighs up what search found, in the order of search. */
export function evidenceFor(asked: Asked, hits: readonly Hit[], now: Date, near: Near): Evidence[] {
  const most = hits[0]?.score || 1;
  const known = knownNames(hits);
  const all = hits.map((hit, i) => evidenceOf(asked, hit, { share: hit.score / most, rank: i }, now, { near, known }));
  return inOrder(asked, described(all), now);
}

type Reading = { near: Near; known: KnownNames };
type Standing = { share: number; rank: number };
function evidenceOf(asked: Asked, hit: Hit, { share, rank }: Standing, now: Date, { near, known }: Reading): Evidence {
  const { record, signals } = hit;
  const { concepts, wants } = asked;
  const title = titleOf(record.content);
  const head = near(headOf(record));
  const isNamed = wants.kinds.has("person") || wants.kinds.has("place");
  const isCapitalTelling = isNamed && languageIn(record.content.slice(0, 1_000)) !== "de";
  const passages = passagesOf(record.content);
  const inside = passages.map(({ words }) => near(words));
  const whole = concepts.map((_, i) => Math.max(head[i] ?? 0, ...inside.map((here) => here[i] ?? 0)));
  const read = passages.map((passage, at) => {
    const here = concepts.map((_, i) =>
      Math.max(
        inside[at]?.[i] ?? 0,
        0.85 * Math.max(head[i] ?? 0, inside[at - 1]?.[i] ?? 0, inside[at + 1]?.[i] ?? 0),
        0.5 * (whole[i] ?? 0),
      ),
    );
    const values = [
      ...valuesIn(passage.text, wants.kinds),
      ...namedIn(record, title, passage, wants.kinds),
      ...knownIn(passage, known, wants.kinds, isCapitalTelling),
    ];
    const value = bestValue(values, passage, concepts);
    return { passage, cover: covered(asked, here, strengthOf(value)), value };
  });
  const weigh = ({ cover, value }: (typeof read)[number]) => cover + 0.7 * strengthOf(value);
  const best = read.toSorted((a, b) => weigh(b) - weigh(a) || a.passage.index - b.passage.index)[0];
  const inherent = inherentValue(record, wants.kinds);
  const isTimely = !(wants.kinds.has("time") && wants.isPast && isAllAhead(record, now));
  const value = isTimely ? Math.max(inherent, strengthOf(best?.value)) : 0;
  const prefers = wants.isPreference && (record.kind === "preference" || preference.test(record.content)) ? 1 : 0;
  const names = concepts.flatMap(({ isName }, i) => (isName ? [whole[i] ?? 0] : []));
  const rarest = concepts.reduce((a, b, i) => (b.weight > (concepts[a]?.weight ?? 0) ? i : a), 0);
  const cover = covered(asked, whole, Math.max(value, prefers));
  const time = inTime(record, asked.spans);
  const features: Features = {
    found: share,
    foundFirst: 1 / (1 + rank),
    cover,
    coverPassage: best?.cover ?? 0,
    rarest: whole[rarest] ?? 0,
    named: names.length === 0 ? 1 : Math.min(...names),
    value,
    valueHere: value * (best?.cover ?? 0),
    states: isOnlyAsking(record.content) ? 0 : 1,
    inTime: time,
    onlyTime: concepts.every(({ isAsking }) => isAsking) ? time : 0,
    latest: 0,
    earliest: 0,
    lastOf: 0,
    firstOf: 0,
    newest: 0,
    current: 0,
    onDays: time * (asked.spans.some(isOfDays) ? 1 : 0),
    timely: isTimely ? 1 : 0,
    together: wants.isMeeting && names.length > 0 && Math.min(...names) >= 0.6 && isTogether(record, concepts) ? 1 : 0,
    extreme: 0,
    ahead: wants.isAhead && record.eventAt.some(({ to }) => Date.parse(to) > now.getTime()) ? 1 : 0,
    contact: isFactOf(record, wants.kinds) ? 1 : 0,
    event: wants.kinds.has("time") && record.eventAt.length > 0 ? 1 : 0,
    defines: asksWhat(wants.kinds) && !record.tags.includes("task") ? definitionOf(record.content, concepts) : 0,
    prefers,
    lives: wants.isDwelling && record.fact?.predicate === "address" ? 1 : 0,
    toDo: wants.isToDo && record.tags.includes("task") ? 1 : 0,
    topic: signals.topic ?? 0,
    surroundings: signals.coverage ?? 0,
    own: (record.kind === "artifact") === wants.ofAssistant ? 1 : 0,
    brief: 1 / (1 + record.content.length / 300),
    noted: record.tags.includes("cancelled") ? 0 : 1,
    related: signals.related ?? 0,
    ofAssistant: wants.ofAssistant && record.kind === "artifact" ? 1 : 0,
    described: 0,
    said: covered(asked, whole, 0),
  };
  const passage = best?.passage ?? { text: record.content, index: 0, words: [] };
  return { hit, passage, value: best?.value, having: whole, features };
}

const daysMax = 10;

/** Not a month or a year: hardly anything is told in it by chance. */
const isOfDays = ({ from, to }: EventTime): boolean => Date.parse(to) - Date.parse(from) <= daysMax * 86_400_000;

/** What is yet to come is no answer to when something was. */
const isAllAhead = ({ eventAt }: MemoryRecord, now: Date): boolean =>
  eventAt.length > 0 && eventAt.every(({ from }) => Date.parse(from) > now.getTime());

const asksWhat = (kinds: Asked["wants"]["kinds"]): boolean => kinds.has("definition") || kinds.has("person");

const preference =
  /(?<!\p{L})(?:likes?|loves?|prefers?|favou?rites?|hates?|dislikes?|ich mag|mag(?: nicht)?|liebling\p{L}*|am liebsten|gern|j['’]aime|préfère|me gusta|prefiero|gosto|não gosto|prefiro)(?!\p{L})/iu;

const companionship =
  /(?<!\p{L})(?:with|mit|bei|avec|chez|con|com|met|meet(?:ing)?|saw|visit(?:ed|ing|s)?|lunch|dinner|coffee|besuch(?:t|te|en)?|traf|getroffen|gesehen|rencontré|vu|encontr\p{L}+|vi|With:)(?!\p{L})/iu;

/** Whether it tells of being with somebody named in the question: the name follows soon, or it is an event with them. */
function isTogether({ content }: MemoryRecord, concepts: readonly Concept[]): boolean {
  const cue = companionship.exec(content);
  if (!cue) return false;
  const rest = saidWords(content.slice(cue.index, cue.index + 200));
  return concepts.some(({ isName, folded }) => isName && rest.some((word) => wordLikeness(folded, word.folded) >= 0.8));
}

/** The plain statement of a contact or fact that is asked for: where one lives by the address, how old one is by the birthday. */
function isFactOf({ fact }: MemoryRecord, kinds: ReadonlySet<string>): boolean {
  if (!fact) return false;
  const isMeant = (kind: string, predicate: string) => kinds.has(kind) && fact.predicate === predicate;
  return kinds.has(fact.predicate) || isMeant("place", "address") || isMeant("age", "birthday");
}

/** How far the words of a question are had. Those that only ask for a value are by the value: a price need not say "cost". */
function covered({ concepts, tellingLeast }: Asked, here: readonly number[], value: number): number {
  if (concepts.every(({ isAsking }) => isAsking)) return 0;
  const total = Math.max(
    tellingLeast,
    concepts.reduce((sum, { weight }) => sum + weight, 0),
  );
  const had = ({ isAsking }: Concept, i: number) => Math.max(here[i] ?? 0, isAsking ? value : 0);
  return concepts.reduce((sum, concept, i) => sum + concept.weight * had(concept, i), 0) / total;
}

/** What a memory is by itself: an event has a time and a place, a contact a number, a mail its sender. */
function inherentValue(record: MemoryRecord, kinds: ReadonlySet<string>): number {
  const { eventAt, entities } = record;
  return Math.max(
    kinds.has("time") ? (eventAt.length > 0 ? 1 : 0.7) : 0,
    kinds.has("person") && entities.some(({ kind }) => kind === "person") ? 0.6 : 0,
    kinds.has("place") && entities.some(({ kind }) => kind === "place") ? 0.6 : 0,
    isFactOf(record, kinds) ? 1 : 0,
  );
}

const beginningMax = 40;

/** Whole for what was told in a time asked about or begins with it, as a diary does; a part for what mentions it. */
function inTime({ eventAt, at, content }: MemoryRecord, spans: readonly EventTime[]): number {
  const beginning = content.slice(0, beginningMax);
  const inside = spans.map((span) => {
    const [from, to] = [Date.parse(span.from), Date.parse(span.to)];
    if (Date.parse(at) >= from && Date.parse(at) < to) return 1;
    const length = to - from;
    const then = eventAt.filter((time) => {
      const [begins, ends] = [Date.parse(time.from), Date.parse(time.to)];
      return begins < to && ends > from && ends - begins <= 4 * length;
    });
    if (then.length === 0) return 0;
    return then.some(({ text }) => beginning.includes(text)) ? 1 : 0.6;
  });
  return Math.max(0, ...inside);
}
