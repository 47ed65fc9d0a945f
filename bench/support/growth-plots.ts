import * as fs from "node:fs";
import * as path from "node:path";
import { type Curve, plotOf } from "./plot.ts";

export type Figures = Record<string, number>;

type Line = { engine?: string; memories: number; stopped?: string } & Record<string, unknown>;

const costs = ["bytesPerMemory", "importMs", "captureMs", "reopenMs", "statusMs", "searchP95Ms"];

/** Draws what a run printed, line by line: our own costs, and the search of all engines beside FTS5's at the same size. */
export function drawGrowth(printed: string, folder: string): void {
  const lines = printed.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Line] : []));
  const ours = lines.filter(({ engine }) => engine === undefined);
  const fts5 = new Map(ours.map((line) => [line.memories, figure(line, "fts5P95Ms")]));
  const beside = ({ memories, ...line }: Line) => figure(line, "searchP95Ms") / (fts5.get(memories) ?? Number.NaN);
  const byEngine = Map.groupBy(
    lines.filter(({ stopped }) => stopped === undefined),
    ({ engine = "mh" }) => engine,
  );
  fs.mkdirSync(folder, { recursive: true });
  const draw = (name: string, title: string, curves: Curve[]) =>
    fs.writeFileSync(path.join(folder, name), plotOf(title, curves));
  draw(
    "growth.svg",
    "Costs by the number of memories, as multiples of those at the first size",
    costs.map((name) => ({
      name,
      points: ours.map((line) => [line.memories, figure(line, name) / figure(ours[0] ?? line, name)]),
    })),
  );
  draw(
    "search.svg",
    "Search p95 by the number of memories, as multiples of FTS5's",
    [...byEngine].map(([name, each]) => ({ name, points: each.map((line) => [line.memories, beside(line)]) })),
  );
}

const figure = (line: Record<string, unknown>, name: string): number => Number(line[name]);
