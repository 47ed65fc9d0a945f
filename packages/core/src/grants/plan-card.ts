import { onlyReads } from "@mh/contract/contract.ts";
import type { Effect } from "@mh/contract/values/effect.ts";
import type { PlanCard, PlanSource, PlanStep } from "@mh/contract/values/plan.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { argumentOf } from "../model/argument-path.ts";
import { clipped, laidOut } from "../model/columns.ts";
import { argumentTexts, scopeTexts, timesText } from "./plan-words.ts";

export const cardWidth = 80;
export const cardLines = 24;

/** What is shown of a plan, whether it is asked for, given beforehand or in force. */
export interface CardPlan {
  title: string;
  principal: string;
  /** What the task is about, in the words of the one who asked; or its id. */
  task: string;
  /** How long it holds, where that is not until it is used up. */
  lasts?: string | undefined;
  sources: Readonly<Record<string, PlanSource>>;
  steps: readonly (PlanStep & { used?: number })[];
  /** What its sources said already, which it is bound to. */
  answers?: readonly { source: string; shows: string }[] | undefined;
}

/** What a skill says of itself; undefined where there is none of that name any more. */
export interface CardSkill {
  title: string;
  effects: readonly Effect[];
  looks?: true;
  undo: string | null;
  /** Names of the arguments that it takes; `isOpen`: and whatever else. */
  takes: readonly string[];
  isOpen: boolean;
}

/**
 * A plan as a person reads it: what cannot be undone first, what leaves, then each step whole, and what is read. Pure text,
 * safe to print, in lines of 80 columns. Where all is more than a screen, the screen groups the steps, and the page is whole.
 */
export function planCard(plan: CardPlan, describe: (skill: string) => CardSkill | undefined): PlanCard {
  const steps = plan.steps.map((step, at) => ({ n: at + 1, step, about: describe(step.skill) }));
  const whole = [
    ...headOf(plan, wholeLines),
    ...warnings(plan, steps, describe, wholeLines),
    ...steps.flatMap((each) => stepLines(each)),
    ...sourceLines(plan, describe),
    ...foot,
  ];
  if (whole.length <= cardLines) return { screen: whole, page: [] };
  return { screen: shortScreen(plan, steps, describe, whole.length), page: whole };
}

interface CardStep {
  /** From 1. */
  n: number;
  step: CardPlan["steps"][number];
  about: CardSkill | undefined;
}

type Describe = (skill: string) => CardSkill | undefined;

const foot = ["Anything else asks you, as a change to this plan."];

/** Lines of a label and its text: of a screen that is short of room so many at most. */
type Lay = (label: string, text: string, most: number) => string[];

const wholeLines: Lay = (label, text) => laidOut(label, text, cardWidth);
const fewLines: Lay = (label, text, most) => few(laidOut(label, text, cardWidth), most);

function headOf({ title, principal, task, lasts = "until it is used up or revoked" }: CardPlan, lay: Lay): string[] {
  return [
    ...lay("Plan     ", visible(title), 2),
    ...lay("for      ", `${visible(principal)}, ${visible(lasts)}`, 1),
    ...lay("task     ", visible(task), 1),
  ];
}

/** What cannot be undone, and what leaves: by number, since each step follows whole. */
function warnings({ sources }: CardPlan, steps: readonly CardStep[], describe: Describe, lay: Lay): string[] {
  const fixed = steps.filter(isFinal).map(nameOf);
  const leaving = [
    ...steps.filter(leaves).map(nameOf),
    ...Object.entries(sources)
      .filter(([, { skill }]) => describe(skill)?.effects.includes("fetch") ?? true)
      .map(([name, { skill }]) => `${visible(name)} (${visible(skill)})`),
  ];
  return [
    ...lay("CANNOT BE UNDONE  ", fixed.join(", ") || "nothing", 2),
    ...lay("leaves your home  ", leaving.join(", ") || "nothing", 2),
  ];
}

const nameOf = ({ n, step }: CardStep): string => `${n}. ${visible(step.skill)}`;

const outward: readonly Effect[] = ["fetch", "send", "spend", "local", "notify"];

/** A skill that nobody knows may do anything. */
const isFinal = ({ about }: CardStep): boolean => about === undefined || (about.undo === null && !onlyReads(about));
const leaves = ({ about }: CardStep): boolean =>
  about === undefined || (!about.looks && about.effects.some((effect) => outward.includes(effect)));

function stepLines({ n, step, about }: CardStep): string[] {
  const what = about ? `${visible(about.title)} (${visible(step.skill)})` : visible(step.skill);
  const used = step.used ? `; ${step.used} done` : "";
  return [
    ...laidOut(`${n}. `.padEnd(4), `${what}, ${timesText(step)}${used}`, cardWidth),
    ...partLines([...argumentTexts(step), ...scopeTexts(step)]),
    ...partLines(freeText(step, about)),
    ...partLines(undoText(about)),
  ];
}

function undoText(about: CardSkill | undefined): [label: string, text: string][] {
  if (about && onlyReads(about)) return [];
  return [["undo", about?.undo == null ? "CANNOT BE UNDONE" : visible(about.undo)]];
}

const partLines = (parts: readonly (readonly [label: string, text: string])[]): string[] =>
  parts.flatMap(([label, text]) => laidOut(`      ${label}  `, text, cardWidth));

/** Arguments that the plan does not speak for. */
function freeText({ args, slots = {} }: PlanStep, about: CardSkill | undefined): [string, string][] {
  const named = [...Object.keys(args), ...Object.keys(slots).map(argumentOf)];
  const free = (about?.takes ?? []).filter((name) => !named.includes(name)).map((name) => visible(name));
  if (about === undefined || about.isOpen) free.push("whatever else it takes");
  return free.length > 0 ? [["free", `${free.join(", ")}: as the agent writes it, judged as ever`]] : [];
}

function sourceLines({ sources, answers = [] }: CardPlan, describe: Describe): string[] {
  return Object.entries(sources).flatMap(([name, source]) => {
    const title = describe(source.skill)?.title;
    const what = title === undefined ? visible(source.skill) : `${visible(title)} (${visible(source.skill)})`;
    const now = answers
      .filter((each) => each.source === name)
      .map(({ shows }): [string, string] => ["now", nowText(shows)]);
    return [
      ...laidOut("reads  ", `${visible(name)} = ${what}`, cardWidth),
      ...partLines([...argumentTexts(source), ...now]),
    ];
  });
}

const nowMax = 400;
const nowText = (shows: string): string =>
  shows.length <= nowMax ? visible(shows) : `${visible(shows.slice(0, nowMax))}… (${shows.length} characters)`;

/** Steps of one skill in one line, those that cannot be undone first, then those that leave. */
function shortScreen(plan: CardPlan, steps: readonly CardStep[], describe: Describe, linesInAll: number): string[] {
  const head = [...headOf(plan, fewLines), ...warnings(plan, steps, describe, fewLines)];
  const read = Object.entries(plan.sources).map(([name, { skill }]) => visible(`${name} = ${skill}`));
  const end = [
    ...fewLines("reads    ", read.join(", ") || "nothing", 2),
    ...foot,
    `This is the short form: the whole plan has ${linesInAll} lines.`,
  ];
  const rank = (each: CardStep) => (isFinal(each) ? 0 : leaves(each) ? 1 : 2);
  const groups = [...Map.groupBy(steps, ({ step }) => step.skill).values()];
  const sorted = groups.sort((a, b) => Math.min(...a.map(rank)) - Math.min(...b.map(rank)));
  const room = cardLines - head.length - end.length;
  const shown = sorted.length <= room ? sorted : sorted.slice(0, room - 1);
  const hidden = sorted.slice(shown.length);
  return [...head, ...shown.map(groupLine), ...(hidden.length > 0 ? [hiddenLine(hidden)] : []), ...end];
}

/** The worst of what the screen has no room for. */
function hiddenLine(groups: readonly (readonly CardStep[])[]): string {
  const steps = groups.flat();
  const worst = steps.some(isFinal) ? ", CANNOT BE UNDONE" : steps.some(leaves) ? ", some leave your home" : "";
  return `… and ${groups.length} more skills${worst}: see the whole plan`;
}

function groupLine(group: readonly CardStep[]): string {
  const [{ n, step }] = group as [CardStep];
  const skill = visible(step.skill);
  const numbers = group.map((each) => each.n).join(", ");
  if (group.length > 1) return clipped(`${skill} in ${group.length} steps: ${numbers}`, cardWidth);
  const parts = argumentTexts(step).map(([label, text]) => `${label} ${text}`);
  return clipped(`${n}. ${skill}: ${[timesText(step), ...parts].join("; ")}`, cardWidth);
}

/** The first lines; the last one says where there is more. */
const few = (lines: readonly string[], most: number): string[] =>
  lines.length <= most
    ? [...lines]
    : [...lines.slice(0, most - 1), `${clipped(lines[most - 1] ?? "", cardWidth - 4)} …`];
