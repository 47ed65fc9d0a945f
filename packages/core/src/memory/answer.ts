import type { Answer, Citation, Hit } from "@mh/contract/memory-look.ts";
import { localOf } from "../model/wall-clock.ts";

/** An answer without a model: the best memories quoted with their ids, and the date first where the question asks when. */
export function templateAnswer(question: string, hits: readonly Hit[], timeZone: string): Answer {
  const citations = hits.map(citationOf);
  const [best] = citations;
  if (!best) return { text: "Nothing found.", citations: [], model: null };
  const asksWhen = /\b(when|what (day|date|year|month)|how long ago|wann|quand|cuándo)\b/iu.test(question);
  const said = `${best.speaker ? `by ${best.speaker} ` : ""}on ${day(best.at, timeZone)}`;
  const lead =
    asksWhen && best.when ? `${span(best.when, timeZone)} (“${best.when.text}”, told ${said}).` : `Told ${said}:`;
  return { text: `${lead} [${best.id}]`, citations, model: null };
}

function citationOf({ id, reason, record }: Hit): Citation {
  const { at, content, externalId, speaker, eventAt } = record;
  const [when] = eventAt;
  return {
    id,
    at,
    content,
    reason,
    ...(externalId !== undefined && { externalId }),
    ...(speaker !== undefined && { speaker }),
    ...(when && { when }),
  };
}

function span(when: NonNullable<Citation["when"]>, timeZone: string): string {
  const last = new Date(Date.parse(when.to) - 1).toISOString();
  const [from, to] = [day(when.from, timeZone), day(last, timeZone)];
  if (when.grain === "year") return from.slice(-4);
  if (when.grain === "month") return from.split(" ").slice(1).join(" ");
  return from === to ? from : `${from} to ${to}`;
}

function day(at: string, timeZone: string): string {
  const { year, month, day } = localOf(Date.parse(at), timeZone);
  return `${day} ${months[month]} ${year}`;
}

const months = "January February March April May June July August September October November December".split(" ");
