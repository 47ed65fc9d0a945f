import type { EventTime } from "@mh/contract/values/memory.ts";
import { instantOf } from "../../model/wall-clock.ts";
import { loadTimes, type ReadTime } from "./read-times.ts";

export { mayNameTimes } from "./read-times.ts";
export type DateExtractor = (text: string, at: Date, timeZone: string) => EventTime[];

/** A parser takes up to 5 ms for a thousand characters of figures. */
const charactersMax = 32_768;
const spansMax = 32;

/** The times that a text tells of. The function it gives is synchronous and pure. */
export async function loadDates(): Promise<DateExtractor> {
  const read = await loadTimes();
  return (text, at, timeZone) => {
    const found: EventTime[] = [];
    for (const piece of pieces(text.slice(0, charactersMax))) {
      if (found.length >= spansMax) break;
      found.push(...read(piece, { at, timeZone, toward: "near" }).flatMap((time) => eventTimeOf(time, timeZone)));
    }
    return found.slice(0, spansMax);
  };
}

/** The same as instants; nothing where no calendar has it. */
export function eventTimeOf({ from, to, text, grain }: ReadTime, timeZone: string): EventTime[] {
  const [fromMs, toMs] = [instantOf(from, timeZone), instantOf(to, timeZone)];
  if (!(fromMs < toMs && fromMs > earliestMs && toMs < latestMs)) return [];
  return [{ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), text, grain }];
}

const earliestMs = Date.UTC(1000, 0);
const latestMs = Date.UTC(9999, 0);

/** A parser's rules may cost more than the text is long, so a long text is read in pieces, cut at white space. */
function pieces(text: string): string[] {
  return text.length <= 2_000 ? [text] : (text.match(/[\s\S]{1,1500}(?:\s|$)|[\s\S]{1,1500}/g) ?? []);
}
