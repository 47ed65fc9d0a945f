import type { ObservedSource } from "@mh/contract/values/observed-sources.ts";
import { localDay, localOf } from "../model/wall-clock.ts";
import type { Observed } from "./events.ts";

const titles: Readonly<Record<ObservedSource, string>> = {
  shell: "Programs run in a terminal",
  git: "Commits",
  browser: "Sites visited",
  files: "Files opened",
};

/** Of each hour so much, and of the rest how much there was. */
const perHour = 30;

/** What is kept of a source, a text a day: a line for each hour. */
export function dayTexts(source: ObservedSource, events: readonly Observed[], timeZone: string): Map<string, string> {
  const byDay = Map.groupBy(events, ({ ms }) => localDay(ms, timeZone));
  const days = [...byDay].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    days.map(([day, all]) => [day, [`${titles[source]} on ${day}`, ...hourLines(all, timeZone)].join("\n")]),
  );
}

function hourLines(events: readonly Observed[], timeZone: string): string[] {
  const byHour = Map.groupBy(events, ({ ms }) => localOf(ms, timeZone).hour);
  return [...byHour]
    .toSorted(([a], [b]) => a - b)
    .map(([hour, all]) => {
      const counts = new Map<string, number>();
      for (const { what } of all) counts.set(what, (counts.get(what) ?? 0) + 1);
      const named = [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      const told = named.slice(0, perHour).map(([what, count]) => (count === 1 ? what : `${what} (${count})`));
      const more = named.length > perHour ? [`and ${named.length - perHour} more`] : [];
      return `${String(hour).padStart(2, "0")}:00 ${[...told, ...more].join("; ")}`;
    });
}

/** How much a day's text tells of. */
export function countIn(text: string): number {
  const named = text
    .split("\n")
    .slice(1)
    .flatMap((line) => line.split("; "));
  return named.reduce((sum, each) => sum + Number(/ \((\d+)\)$/.exec(each)?.[1] ?? 1), 0);
}
