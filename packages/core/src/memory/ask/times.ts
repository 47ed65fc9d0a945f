import type { EventTime } from "@mh/contract/values/memory.ts";
import { localOf } from "../../model/wall-clock.ts";
import { englishMonths } from "../import/month-names.ts";
import type { Asked } from "./asked.ts";

/** A stretch of time in words, on the owner's wall: "14 October 2026", "May 2026", "3 May 2026 to 5 May 2026". */
export function spanWords(when: EventTime, timeZone: string): string {
  const last = new Date(Date.parse(when.to) - 1).toISOString();
  const [from, to] = [dayWords(when.from, timeZone), dayWords(last, timeZone)];
  if (when.grain === "year") return from.slice(-4);
  if (when.grain === "month") return from.split(" ").slice(1).join(" ");
  return from === to ? from : `${from} to ${to}`;
}

export function dayWords(at: string, timeZone: string): string {
  const { year, month, day } = localOf(Date.parse(at), timeZone);
  return `${day} ${englishMonths[month]} ${year}`;
}

/**
 * Which of a memory's times a question means: one within the time it names; of something that comes again and again the next
 * one, or the last that is over where it asks for that; else the first that the memory tells.
 */
export function askedTime(times: readonly EventTime[], { spans, wants }: Asked, now: Date): EventTime | undefined {
  const within = times.find(({ from, to }) => spans.some((span) => from < span.to && to > span.from));
  if (within || times.length < 2) return within ?? times[0];
  const inOrder = times.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const isOver = ({ to }: EventTime) => Date.parse(to) <= now.getTime();
  if (wants.order === "latest") return inOrder.findLast(isOver) ?? times[0];
  return wants.isAhead || wants.isPresent ? (inOrder.find((each) => !isOver(each)) ?? times[0]) : times[0];
}
