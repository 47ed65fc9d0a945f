import type { ApprovalRow, Parked, Pin, ShownLine } from "@mh/contract/values/approval.ts";
import { kindOf } from "@mh/contract/values/principal.ts";
import type { AskedField, Question } from "@mh/contract/values/question.ts";
import type { ApprovalFacts, ShownValue } from "@mh/contract/values/shown-value.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { skillName } from "../kernel/registry.ts";
import { shortId } from "../model/short-id.ts";
import { fieldName } from "./answer-question.ts";
import { plannedValue } from "./planned-value.ts";
import { originText } from "./values.ts";

export interface Asked {
  approval: ApprovalRow;
  command: Parked | null;
  undo: string | null;
  memories: readonly { content: string }[];
  /** It is a plan, and its card shows the arguments. */
  hasCard?: boolean;
  /** It only reads. */
  isLook?: boolean;
  values?: readonly ShownValue[];
  facts?: Pick<ApprovalFacts, "learns" | "left">;
}

const beginningMax = 8;
const diffMax = 24;
const nameMax = 40;

/**
 * An approval request as a person reads it, on a terminal and everywhere else: what may do harm first, then who asks and
 * why, every argument whole, what they point to, and how it is undone. All of it is safe to print.
 */
export function shownApproval({
  approval,
  command,
  undo,
  memories,
  hasCard = false,
  isLook = false,
  values = [],
  facts = { learns: [], left: [] },
}: Asked): ShownLine[] {
  const { principal, skill, layer, reason } = approval;
  const line = (label: string, text: string): ShownLine => ({ label: visible(label), text: visible(text) });
  const lasting = `also lets ${principal} use ${skillName(skill)} from now on (mh grant revoke)`;
  return [
    ...(command?.warning === undefined ? [] : [line("careful", command.warning)]),
    ...(command?.question ? questionLines(command.question, line) : []),
    ...(command?.change ? [line("change to", changeText(command.change))] : []),
    line("asked by", command?.onBehalfOf ? `${principal} for ${command.onBehalfOf}` : principal),
    line("why asked", `${reason} (${layer})`),
    ...(command ? [] : [line("payload", "changed or deleted since; it can only be refused")]),
    ...Object.entries(hasCard ? {} : (command?.args ?? {})).map(([name, value]) =>
      line(argumentLabel(name), typeof value === "string" ? value : JSON.stringify(value)),
    ),
    ...(command?.steered ?? [])
      .flatMap((each) => (hasCard ? plannedValue(each) : each))
      .flatMap((each) => steeredLines(each, line)),
    ...values.flatMap(oddLines),
    ...contractsHeld(command?.pins ?? [], hasCard).map((each) => line("held fast", each)),
    ...(command?.pins ?? [])
      .filter((pin) => !(hasCard && pin.argument === "skill"))
      .map((pin) => ({ label: "held fast", text: pinText(pin) })),
    ...(command?.unpinned ?? []).map((each) => line("not held", each)),
    ...memories.map(({ content }) => line("which says", content)),
    ...facts.learns.map((text) => ({ label: "learns", text })),
    ...facts.left.map((text) => ({ label: "left", text })),
    line("undo", undo ?? (isLook ? "nothing to undo: it only reads" : "cannot be undone")),
    ...(isGranting(approval) ? [line("approval", lasting)] : []),
  ];
}

/** What is unlike all that was approved before, with what stood in its place. */
const oddLines = ({ path, odd, last }: ShownValue): ShownLine[] =>
  odd.map((each) => ({ label: "odd", text: `${path}: ${each}${last ? `; last ${last.text}` : ""}` }));

/**
 * Whether an approval is for all uses from now on, as that of an agent's first is. What a program of somebody's wants is looked
 * at one by one, until the owner grants it.
 */
export const isGranting = ({ layer, principal }: Pick<ApprovalRow, "layer" | "principal">): boolean =>
  layer === "capability" && kindOf(principal) !== "client";

/** What a command asks while it runs: whose words these are first, then all of them, and each value that is asked for. */
function questionLines({ by, parts }: Question, line: (label: string, text: string) => ShownLine): ShownLine[] {
  return [
    line("careful", `what is asked is in the words of ${by}, and your answer goes to it. No password belongs here`),
    ...parts.flatMap(({ key, says, url, fields }) => [
      { label: "it asks", text: visible(says, { multiline: true }) },
      ...(url === undefined ? [] : [line("to open", url), line("which is at", new URL(url).host)]),
      ...fields.map((field) => line("it wants", wantedText(fieldName(parts, key, field), field))),
    ]),
  ];
}

function wantedText(name: string, field: AskedField): string {
  const { title, description, type, isRequired, choices = [], format, min, max } = field;
  const bounds = [...(min === undefined ? [] : [`at least ${min}`]), ...(max === undefined ? [] : [`at most ${max}`])];
  const facts = [
    ...(choices.length > 0
      ? [
          `${type === "choices" ? "some of" : "one of"} ${choices.map(({ value, title }) => (title === value ? value : `${value} (${title})`)).join(", ")}`,
        ]
      : [format ?? type]),
    ...bounds,
    ...(field.default === undefined ? [] : [`${JSON.stringify(field.default)} unless you say otherwise`]),
    ...(isRequired ? [] : ["may be left out"]),
  ];
  const said = [title, description].filter(Boolean).map((text) => ` ${text}`);
  return `${name}:${said.join(".")} (${facts.join("; ")})`;
}

/** Tools of others name their arguments as they like, `undo` or `careful`, too: no line of mh's own begins like this. */
const argumentLabel = (name: string): string =>
  `argument ${name.length > nameMax ? `${name.slice(0, nameMax)}… (${name.length} characters)` : name}`;

/** A plan holds the contracts of all its skills fast: a tool that says something else of itself asks again. */
function contractsHeld(pins: readonly Pin[], hasCard: boolean): string[] {
  const skills = pins.filter(({ argument }) => hasCard && argument === "skill").map(({ what }) => what);
  return skills.length === 0 ? [] : [`what these are and do: ${skills.join(", ")}`];
}

/** A command that the plan of its task does not cover: which plan, what comes nearest, and what differs. */
function changeText({ plan, title, n, differs }: NonNullable<Parked["change"]>): string {
  const nearest = n === undefined ? "" : `, step ${n}`;
  return `your plan “${title}” (${shortId(plan)})${nearest}: ${differs}. Approved, just this command runs beside the plan`;
}

type Steered = NonNullable<Parked["steered"]>[number];

function steeredLines(
  { path, value, origins, beside, reason }: Steered,
  line: (label: string, text: string) => ShownLine,
): ShownLine[] {
  const where = origins.map(originText);
  const covered = `${beside.join(", ")}: your approval covers these for this task, too`;
  return [
    line("not yours", `${path} = ${value}: from ${where.join(", ")}; ${reason}`),
    ...(beside.length > 0 ? [line("with it", covered)] : []),
  ];
}

/** Named, with its size and hash, and as much of it as a screen has room for. */
function pinText({ argument, what, hash, bytes, shows, diff }: Pin): string {
  const facts = [
    argument,
    ...(bytes === undefined ? [] : [`${bytes} bytes`]),
    hash === "none" ? "not there" : hash.slice(0, 12),
  ];
  const beginning = (shows ?? "").split("\n").map((text) => ({ sign: "|", text }));
  return [
    visible(`${what} (${facts.join(", ")})`),
    ...(shows ? cut(beginning, beginningMax) : []),
    ...cut(diff ?? [], diffMax),
  ].join("\n");
}

/** What indents a line is looked at without the sign before it: scripts are indented, and stay readable. */
const cut = (lines: readonly { sign: string; text: string }[], linesMax: number): string[] => [
  ...lines.slice(0, linesMax).map(({ sign, text }) => `${sign} ${visible(text, { multiline: true })}`),
  ...(lines.length > linesMax ? [`… ${lines.length - linesMax} lines more`] : []),
];
