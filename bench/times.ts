// How many of the times that questions name are read as they are meant (bench/questions/times.ndjson), in percent, by language.
import { loadAskedTimes } from "../packages/core/src/memory/extract/asked-times.ts";
import { askedTimes, instantAt } from "./questions/load.ts";
import type { AskedTime } from "./questions/shapes.ts";

const read = await loadAskedTimes();
const all = askedTimes();
for (const [language, asked] of [
  ["all", all] as const,
  ...Object.entries(Object.groupBy(all, (each) => each.language)),
])
  console.log(JSON.stringify({ bench: "times", language, questions: asked.length, right: percent(asked) }));
if (process.argv.includes("--misses"))
  for (const each of all.filter((each) => !isRight(each))) console.log(each.ask, each.at, each.span, timesOf(each));

function percent(asked: readonly AskedTime[]): number {
  return Math.round((1_000 * asked.filter(isRight).length) / asked.length) / 10;
}

function isRight(asked: AskedTime): boolean {
  const times = timesOf(asked);
  const spans = [...(asked.span ? [asked.span] : []), ...(asked.span?.accept ?? [])];
  if (spans.length === 0) return times.length === 0;
  const instant = (wall: string) => instantAt(wall, asked.timeZone).toISOString();
  return times.some((time) => spans.some(({ from, to }) => time.from === instant(from) && time.to === instant(to)));
}

function timesOf({ ask, at, timeZone }: AskedTime) {
  return read(ask, instantAt(at, timeZone), timeZone);
}
