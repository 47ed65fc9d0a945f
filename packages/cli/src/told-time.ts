import { Fault } from "@mh/contract/values/fault.ts";

type Toward = "past" | "future";

/** The instant at which a told time begins: "yesterday", "last friday 15:00", "31.12.", "letzte Woche", a day, an instant. */
export async function beginsAt(text: string, toward: Toward = "past"): Promise<string> {
  return (await stretchOf(text, toward)).from;
}

/** The instant at which it is over: a day, a week or a month counts whole. */
async function endsAt(text: string, toward: Toward = "past"): Promise<string> {
  return (await stretchOf(text, toward)).to;
}

/** `from` and `to` of a stretch of time, as skills take them; what was not told is left out. */
export async function between({ from, to }: { from?: string; to?: string }): Promise<{ from?: string; to?: string }> {
  return { ...(from && { from: await beginsAt(from) }), ...(to && { to: await endsAt(to) }) };
}

// By hand: the schema of an instant would have every command load the library.
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Days are the owner's, in the time zone of this process. */
async function stretchOf(text: string, toward: Toward): Promise<{ from: string; to: string }> {
  if (instantPattern.test(text) && !Number.isNaN(Date.parse(text))) {
    const at = new Date(text).toISOString();
    return { from: at, to: at };
  }
  const { loadStretch } = await import("@mh/core/memory/language.ts");
  const { endOfWhen, startOfWhen } = await import("@mh/core/memory/extract/when.ts");
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const found = await (await loadStretch())(text, { now: new Date(), timeZone, toward });
  if (found === undefined) {
    throw new Fault("usage", `“${text}” is no time that can be read; “yesterday”, “31.12.”, 2026-05-08 can.`);
  }
  const iso = (ms: number) => new Date(ms).toISOString();
  return { from: iso(startOfWhen(found.first, timeZone)), to: iso(endOfWhen(found.last, timeZone)) };
}
