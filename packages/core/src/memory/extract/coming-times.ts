import type { EventTime } from "@mh/contract/values/memory.ts";
import { eventTimeOf } from "./dates.ts";
import { loadTimes, mayNameTimes } from "./read-times.ts";

const charactersMax = 500;

/** Reads the times to come that short texts name, as in "propose Friday at 15:00". Where none may name one, no parser is loaded. */
export async function loadComingTimes(
  texts: readonly string[],
): Promise<(text: string, now: Date, timeZone: string) => EventTime[]> {
  const short = (text: string) => text.slice(0, charactersMax);
  if (!texts.some((text) => mayNameTimes(short(text)))) return () => [];
  const read = await loadTimes();
  return (text, now, timeZone) =>
    read(short(text), { at: now, timeZone, toward: "future" }).flatMap((time) => eventTimeOf(time, timeZone));
}
