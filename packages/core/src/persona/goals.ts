import { Fault } from "@mh/contract/values/fault.ts";
import type { Goal } from "@mh/contract/values/goal.ts";
import { type Horizon, horizons } from "@mh/contract/values/horizons.ts";
import { invalid } from "../documents/markdown.ts";
import { entityKey } from "../memory/project.ts";
import { slugOf } from "../memory/slug.ts";
import type { Database } from "../ports/database.ts";
import { type Entry, entriesIn, isDay, linesOf, type Marks, named, nothing } from "./entries.ts";
import { personaPath, sectionText } from "./section-text.ts";

export const goalsPath = personaPath("goals");

const marks: Marks = { short: nothing, medium: nothing, long: nothing, due: isDay };

/** What a heading says of the goals below it, in English and German. */
const headingOf: Readonly<Record<Horizon, RegExp>> = {
  short: /^(?:(?:my|our|meine?|unsere?) )?(?:short(?:er)?(?:term)?|kurz(?:fristig\w*|e[rsn]?)?)\b/i,
  medium: /^(?:(?:my|our|meine?|unsere?) )?(?:medium|mid(?:term)?|mittel(?:fristig\w*|lang)?)\b/i,
  long: /^(?:(?:my|our|meine?|unsere?) )?(?:long(?:er)?(?:term)?|lang(?:fristig\w*|e[rsn]?)?)\b/i,
};

/** What the innermost heading that says something says of the goals below it. */
export const horizonOf = (headings: readonly string[]): Horizon | undefined =>
  headings.flatMap((heading) => horizons.find((each) => headingOf[each].test(heading)) ?? []).at(-1);

/** A goal as its file says it. */
export type ToldGoal = Pick<Goal, "key" | "title" | "horizon" | "status" | "due" | "parent" | "line"> & {
  lastLine: number;
};

/**
 * The goals of a text: its points, nested ones as parts of those above. The horizon of a goal is in its braces, or in the
 * heading, or is that of the goal whose part it is, or else medium. Throws `document.invalid` with the line.
 */
export function goalsIn(path: string, text: string): ToldGoal[] {
  const entries = named(
    path,
    entriesIn(path, text, marks, true).filter(({ isPoint }) => isPoint),
  );
  const found = new Map<Entry, ToldGoal>();
  for (const entry of entries) found.set(entry, toldGoal(path, entry, entry.parent && found.get(entry.parent)));
  return [...found.values()];
}

function toldGoal(path: string, entry: Entry, parent: ToldGoal | undefined): ToldGoal {
  const { line, lastLine, text, box = "open", key, headings } = entry;
  if (text === "") throw invalid(path, line, "the goal has no words");
  const own = horizons.filter((each) => entry.marks.has(each));
  if (own.length > 1) throw invalid(path, line, `a goal is ${own[0]} or ${own[1]}, not both`);
  const horizon = own[0] ?? parent?.horizon ?? horizonOf(headings) ?? "medium";
  if (parent && horizons.indexOf(horizon) > horizons.indexOf(parent.horizon))
    throw invalid(path, line, `a ${horizon} goal cannot be a part of a ${parent.horizon} one (line ${parent.line})`);
  const due = entry.marks.get("due") ?? null;
  return { key, title: text, horizon, status: box, due, parent: parent?.key ?? null, line, lastLine };
}

/** The goals in force: of the last good text. */
export function goalsOf(db: Database): ToldGoal[] {
  return goalsIn(goalsPath, sectionText(db, "goals"));
}

/** The goal that somebody means by its name, its words, or a part of one of them that fits no other. */
export function goalNamed<G extends Pick<ToldGoal, "key" | "title">>(goals: readonly G[], words: string): G {
  const wanted = entityKey(words);
  const slug = slugOf(words);
  const same =
    goals.find(({ key }) => key === slug || key === wanted) ?? goals.find(({ title }) => entityKey(title) === wanted);
  const fitting = goals.filter(({ key, title }) => key.includes(slug) || entityKey(title).includes(wanted));
  const [only, another] = same ? [same] : fitting;
  if (only && !another) return only;
  const names = (another ? fitting : goals).slice(0, 10).map(({ key }) => key);
  throw new Fault(
    "goal.not-found",
    another
      ? `“${words}” may mean ${names.join(", ")}. Say more of it.`
      : `There is no goal “${words}”. ${names.length > 0 ? `There are: ${names.join(", ")}.` : '`mh goal add "…"` writes one.'}`,
  );
}

/** The text with one more goal: behind the parts of its parent, or at the end of the heading of its horizon. */
export function withGoal(
  text: string,
  goals: readonly ToldGoal[],
  {
    title,
    horizon,
    due,
    parent,
  }: { title: string; horizon: Horizon; due?: string | undefined; parent?: ToldGoal | undefined },
): string {
  const point = goalPoint(new Set(goals.map(({ key }) => key)), title, {
    marks: [parent && horizon !== parent.horizon && horizon, due && `due ${due}`],
  });
  if (!parent) return withPoints(text, horizon, [point]);
  const lines = trimmedLines(text);
  const indent = /^\s*/.exec(lines[parent.line - 1] ?? "")?.[0] ?? "";
  lines.splice(lastLineOf(goals, parent), 0, `${indent}  ${point}`);
  return `${lines.join("\n")}\n`;
}

/** A goal as a point of a list, with a name of its own among `keys`, which then has it. */
export function goalPoint(
  keys: Set<string>,
  title: string,
  {
    status = "open",
    marks = [],
  }: { status?: Goal["status"] | undefined; marks?: readonly (string | false | undefined)[] },
): string {
  const key = freeKey(keys, title);
  keys.add(key ?? slugOf(title));
  const given = [...marks, key && `#${key}`].filter(Boolean).join(", ");
  return `- ${boxOf[status]} ${title}${given ? ` {${given}}` : ""}`;
}

/** The text with more points at the end of the heading of a horizon. */
export function withPoints(text: string, horizon: Horizon, points: readonly string[]): string {
  const lines = trimmedLines(text);
  const at = lines.findIndex((line) => /^#{1,6}\s/.test(line) && headingOf[horizon].test(line.replace(/^#+\s*/, "")));
  if (at < 0) {
    if (lines.length > 0) lines.push("");
    return `${[...lines, `## ${headings[horizon]}`, "", ...points].join("\n")}\n`;
  }
  const next = lines.findIndex((line, n) => n > at && /^#{1,6}\s/.test(line));
  let end = next < 0 ? lines.length : next;
  while (end > at + 1 && lines[end - 1]?.trim() === "") end -= 1;
  const added = [...(end === at + 1 ? [""] : []), ...points];
  return `${[...lines.slice(0, end), ...added, ...lines.slice(end)].join("\n")}\n`;
}

function trimmedLines(text: string): string[] {
  const lines = linesOf(text);
  while (lines.at(-1)?.trim() === "") lines.pop();
  return lines;
}

const headings: Readonly<Record<Horizon, string>> = { short: "Short term", medium: "Medium term", long: "Long term" };

function lastLineOf(goals: readonly ToldGoal[], goal: ToldGoal): number {
  const parts = goals.filter(({ parent }) => parent === goal.key);
  return Math.max(goal.lastLine, ...parts.map((part) => lastLineOf(goals, part)));
}

/** A name to write behind the title, where another goal has the one that its words would give it. */
function freeKey(keys: ReadonlySet<string>, title: string): string | undefined {
  const own = slugOf(title);
  if (!keys.has(own)) return undefined;
  let n = 2;
  while (keys.has(`${own}-${n}`)) n += 1;
  return `${own}-${n}`;
}

const boxOf = { open: "[ ]", done: "[x]", dropped: "[-]" } as const;

/** The text with another box before a goal. */
export function withStatus(text: string, { line }: ToldGoal, status: Goal["status"]): string {
  const lines = linesOf(text);
  const changed = (lines[line - 1] ?? "").replace(
    /^(\s*(?:[-*+]|\d{1,3}[.)])[ \t]+)(?:\[[^\]]\](?:[ \t]+|$))?/,
    `$1${boxOf[status]} `,
  );
  lines[line - 1] = changed;
  return lines.join("\n");
}
