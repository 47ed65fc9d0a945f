import type { Answer, Citation } from "@mh/contract/memory-look.ts";
import { datedWords, isTimeSaid } from "@mh/contract/values/dated-by.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import { localDay } from "../../model/wall-clock.ts";
import type { AskQuery, Weighed } from "./ask.ts";
import type { Asked } from "./asked.ts";
import type { Evidence } from "./evidence.ts";
import { askedTime, dayWords, spanWords } from "./times.ts";
import { hardly, surely } from "./weights.ts";

const listedMax = 8;

/** Says what the evidence says, by quoting it: never more than the memories do, and how sure it is. */
export function answerOf(
  { asked, evidence, chance }: Weighed,
  { k, timeZone, at }: Pick<AskQuery, "k" | "timeZone" | "at">,
): Answer {
  const telling = evidence.filter(({ features }) => features.states === 1);
  const [best] = telling.length > 0 ? telling : evidence;
  if (!best) return { text: "Nothing on record.", citations: [], model: null, sureness: "nothing", chance: 0 };
  const several = severalOf(asked, [best, ...evidence.filter((each) => each !== best)], timeZone);
  const listed = several.slice(0, Math.min(k, listedMax));
  const former = formerOf(asked, best, evidence);
  // All that the text quotes is cited.
  const citing = [...new Set([best, ...(former ? [former] : []), ...listed, ...evidence])].slice(0, k);
  const citations = citing.map((each) => citationOf(each, asked, at));
  const sureness = telling.length === 0 || chance < hardly ? "nothing" : chance < surely ? "unsure" : "sure";
  const shown = Math.round(chance * 100) / 100;
  const list = several.length > 1 ? listOf(listed, several.length, asked) : undefined;
  const saying = { asked, timeZone, at };
  const before =
    former && citing.includes(former) && !list && sureness !== "nothing" ? ` Before: ${told(saying, former)}` : "";
  const text = sayAs(sureness, shown, saying, best, list) + before;
  return { text, citations, model: null, sureness, chance: shown };
}

/** What was asked, when, and on whose wall. */
interface Saying extends Pick<AskQuery, "timeZone" | "at"> {
  asked: Asked;
}

function sayAs(
  sureness: Answer["sureness"],
  chance: number,
  saying: Saying,
  best: Evidence,
  list: string | undefined,
): string {
  const missing = missingNames(saying.asked, best);
  if (missing.length > 0) {
    const by = best.hit.record.speaker;
    return `Nothing of ${missing.join(" and ")} on this; ${by ? `${by} said` : "nearest"}: ${told(saying, best)}`;
  }
  if (sureness === "nothing") return `Nothing on record. Nearest: ${told(saying, best)}`;
  const said = list ?? told(saying, best);
  if (sureness === "sure") return said;
  return chance < even
    ? `Not sure that anything on record answers this. Nearest: ${said}`
    : `Not sure, but perhaps: ${said}`;
}

/** From here on it answers more often than not. */
const even = 0.5;

/** The names of the question that the best memory does not have. */
function missingNames({ concepts }: Asked, { having }: Evidence): string[] {
  return concepts.flatMap(({ isName, spelled }, i) => (isName && (having[i] ?? 0) < sameNameFrom ? [spelled] : []));
}

const sameNameFrom = 0.6;

/**
 * The memories that answer about as well as the best one, which comes first, each of another session or day, where several
 * are asked for.
 */
function severalOf({ wants }: Asked, all: readonly [Evidence, ...Evidence[]], timeZone: string): Evidence[] {
  if (!wants.isList && !wants.isCount) return [];
  const fits = ({ features }: Evidence) => features.cover + features.value + features.inTime;
  const most = fits(all[0]);
  const seen = new Set<string>();
  const occasionOf = ({ session, at }: MemoryRecord) => session ?? localDay(Date.parse(at), timeZone);
  return all
    .filter((each) => each.features.states === 1 && fits(each) >= most * comparable)
    .filter(({ hit: { record } }) => seen.size !== seen.add(occasionOf(record)).size);
}

/** Of what holds now, the last that was told before and says something else of the same. */
function formerOf({ wants }: Asked, best: Evidence, all: readonly Evidence[]): Evidence | undefined {
  if (!wants.isPresent && !wants.isCurrent && wants.order !== "latest") return undefined;
  const value = plainValue(best);
  if (value === undefined || wants.kinds.has("time")) return undefined;
  const { features, hit } = best;
  return all
    .filter((each) => each.features.states === 1 && isBefore(each.hit.record, hit.record) && sameKind(each, best))
    .filter((each) => each.features.said >= features.said * comparable && each.features.named >= features.named)
    .filter((each) => (plainValue(each) ?? value).toLowerCase() !== value.toLowerCase())
    .sort((a, b) => (a.hit.record.at < b.hit.record.at ? 1 : -1))[0];
}

/** A file may have been changed long after what it says was written: its time is no beginning. */
const isBefore = (earlier: MemoryRecord, later: MemoryRecord): boolean =>
  earlier.at < later.at && (isTimeSaid(later) || !isTimeSaid(earlier));

const sameKind = (a: Evidence, b: Evidence): boolean =>
  a.value?.kind === b.value?.kind && (a.value?.strength ?? 0) >= (b.value?.strength ?? 0);

/** Quoted in the order of time, with how many there are where that is asked for. */
function listOf(listed: readonly Evidence[], count: number, { wants }: Asked): string {
  const inOrder = listed.toSorted((a, b) => (a.hit.record.at < b.hit.record.at ? -1 : 1));
  const quotes = inOrder.map((each) => `${quoted(each)} [${each.hit.id}]`);
  const more = count > listed.length ? [`and ${count - listed.length} more`] : [];
  return (wants.isCount ? `At least ${count}: ` : "") + [...quotes, ...more].join(" · ");
}

const comparable = 0.85;

function told({ asked, timeZone, at }: Saying, evidence: Evidence): string {
  const { record, id } = evidence.hit;
  const on = toldOn(record, timeZone);
  if (asked.wants.kinds.has("time")) {
    const when = askedTime(record.eventAt, asked, at);
    if (when) return `${spanWords(when, timeZone)} (“${when.text}”, ${on}). [${id}]`;
    return `${capital(on)}; no other date is given: ${quoted(evidence)} [${id}]`;
  }
  const value = plainValue(evidence);
  return `${value ? `${value} — ` : ""}${quoted(evidence)}, ${on}. [${id}]`;
}

/** Of what nobody said when, it is said what the day is from. */
function toldOn(record: MemoryRecord, timeZone: string): string {
  const by = record.speaker ? `by ${record.speaker}` : "";
  const day = dayWords(record.at, timeZone);
  const words = datedWords(record);
  if (words) return [by && `told ${by}`, words, day].filter(Boolean).join(", ");
  return ["told", by, "on", day].filter(Boolean).join(" ");
}

const plainValue = ({ value }: Evidence): string | undefined =>
  value && value.strength >= 0.7 ? value.text : undefined;

const quoted = ({ passage }: Evidence): string => `“${clipped(passage.text.trim())}”`;

const quotedMax = 300;
const clipped = (text: string): string => (text.length > quotedMax ? `${text.slice(0, quotedMax - 1)}…` : text);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function citationOf({ hit: { id, reason, record }, passage, value }: Evidence, asked: Asked, now: Date): Citation {
  const { at, datedBy, content, externalId, speaker, eventAt, origins }: MemoryRecord = record;
  const origin = origins.find((each) => !isOwner(each as Principal));
  const when = askedTime(eventAt, asked, now);
  return {
    ...{ id, at, content, reason, quote: passage.text.trim() || content },
    ...(datedBy && { datedBy }),
    ...(value && value.strength >= 0.7 && { value: value.text }),
    ...(externalId !== undefined && { externalId }),
    ...(speaker !== undefined && { speaker }),
    ...(origin !== undefined && { origin }),
    ...(when && { when }),
  };
}
