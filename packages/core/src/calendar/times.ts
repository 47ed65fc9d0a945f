import { Fault } from "@mh/contract/values/fault.ts";
import { instantSchema } from "@mh/contract/values/text.ts";
import type { ReadWhen } from "../memory/extract/when.ts";
import { endOfWhen, startOfWhen } from "../memory/extract/when.ts";

/** A time that was told: an instant, and the day where no time of day was told. */
export interface Told {
  ms: number;
  day: string | undefined;
  /** The instant at which it is over: for a day its end. */
  endMs: number;
}

/** Reads a time; throws `args.invalid` where it is none. */
export async function timeOf(text: string, now: number, timeZone: string, readWhen: ReadWhen): Promise<Told> {
  if (instantSchema.safeParse(text).success) {
    const ms = Date.parse(text);
    return { ms, day: undefined, endMs: ms };
  }
  const when = await readWhen(text, new Date(now), timeZone);
  if (when === undefined) {
    throw new Fault("args.invalid", `"${text}" is no time. Write it as 2026-05-08, 2026-05-08T13:56 or "friday 3pm".`);
  }
  const day = when.includes("T") ? undefined : when;
  return { ms: startOfWhen(when, timeZone), day, endMs: endOfWhen(when, timeZone) };
}
