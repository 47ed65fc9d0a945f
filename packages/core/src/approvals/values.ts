import type { Parked } from "@mh/contract/values/approval.ts";
import { isOwner, kindOf as principalKind } from "@mh/contract/values/principal.ts";
import type { ToolFacts } from "@mh/contract/values/provenance.ts";
import type { ShownValue } from "@mh/contract/values/shown-value.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { Classification } from "../kernel/skill.ts";
import { kindOf } from "../policy/provenance/kinds.ts";
import { type Earlier, oddityOf } from "./earlier.ts";
import { plannedValue } from "./planned-value.ts";

export interface ValuesOf {
  command: Parked;
  /** What the contract says of its arguments; undefined where the skill is not there any more. */
  tool: Pick<ToolFacts, "control" | "content" | "types"> | undefined;
  /** What it would be, as its skill classifies it now. */
  kind: Classification | undefined;
  earlier: Earlier;
  /** It is a plan: its card shows the arguments. */
  hasCard: boolean;
}

type Steered = NonNullable<Parked["steered"]>[number];
type From = ShownValue["from"][number];

const nameMax = 40;
const listedMax = 50;

/** Each value of a request: those that decide first, then the rest, each in the order of the contract. */
export function shownValues(of: ValuesOf): ShownValue[] {
  const { command, hasCard } = of;
  const steered = command.steered ?? [];
  if (hasCard) return steered.flatMap(plannedValue).map(ofPlan);
  const order = [...(of.tool?.control ?? []), ...(of.tool?.content ?? [])];
  const at = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const all = Object.entries(command.args)
    .toSorted(([a], [b]) => at(a) - at(b))
    .flatMap(([name, value]) => placesOf(name, value).map((place) => shownValue(of, place)));
  return all.toSorted((a, b) => Number(b.decides) - Number(a.decides));
}

interface Place {
  name: string;
  path: string;
  value: unknown;
}

/** A list of plain values is a row for each, so that each is looked at; what is nested stays together, whole. */
function placesOf(name: string, value: unknown): Place[] {
  const isPlain = Array.isArray(value) && value.length > 0 && value.length <= listedMax && value.every(isScalar);
  if (!isPlain) return [{ name, path: name, value }];
  return value.map((each: unknown, n) => ({ name, path: `${name}[${n}]`, value: each }));
}

const isScalar = (value: unknown): boolean => typeof value !== "object" || value === null;

function shownValue({ command, tool, kind: classified, earlier }: ValuesOf, { name, path, value }: Place): ShownValue {
  const steered = (command.steered ?? []).filter((each) => isIn(each.path, path));
  const isContent = tool?.content.includes(name) ?? false;
  const controls = (tool?.control.length ?? 0) > 0 ? tool?.control.includes(name) : !isContent;
  const decides = controls === true || steered.length > 0;
  const kind = isContent || !isScalar(value) ? "text" : kindOf(value, tool?.types[name]);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const reaches = reachedBy(kind, text, classified);
  const shown = visible(text);
  const past =
    decides && kind !== "text" && kind !== "secret"
      ? oddityOf(earlier, { name, value, kind, effect: classified?.effect })
      : { odd: [] };
  return {
    ...{ path: labelOf(path), text: shown, kind, decides },
    from: origins(command, { path, isContent }, steered),
    ...{ reasons: reasonsOf(steered), endorse: sourceOf(steered) },
    ...past,
    odd: [...past.odd, ...foreignLetters(shown)],
    ...(reaches !== undefined && { reaches: visible(reaches) }),
  };
}

/** Tools of others name their arguments as they like: a name is shown, and never longer than a line. */
const labelOf = (name: string): string =>
  visible(name.length > nameMax ? `${name.slice(0, nameMax)}… (${name.length} characters)` : name);

/** Whether a path is another one, or leads into it. */
const isIn = (path: string, within: string): boolean =>
  path === within || path.startsWith(`${within}.`) || path.startsWith(`${within}[`);

/** Where a value stands, as people call it. */
export function originText(origin: string): string {
  if (origin === "model") return "nowhere you know";
  return origin.replace(/^call:(\S+) .*$/s, "what $1 answered").replace(/^(web|mail|file|mcp|peer):/, "$1, ");
}

const sourceOf = (steered: readonly Steered[]): string | null =>
  steered.length === 0
    ? null
    : visible([...new Set(steered.flatMap((each) => each.origins.map(originText)))].join(", "));

const reasonsOf = (steered: readonly Steered[]): string[] => [
  ...new Set(
    steered.flatMap(({ reason, beside }) => [
      visible(reason),
      ...(beside.length > 0 ? [visible(`with it your approval covers ${beside.join(", ")} for this task, too`)] : []),
    ]),
  ),
];

/** What others chose, what vouches for a value, or who wrote it where nothing is known of it. */
function origins(
  { principal, vouched = [] }: Parked,
  { path, isContent }: { path: string; isContent: boolean },
  steered: readonly Steered[],
): From[] {
  if (steered.length > 0) return distinct(steered.flatMap((each) => each.origins.map(markOf)));
  if (isOwner(principal)) return [{ mark: "you", says: "" }];
  // That a text carries nobody's address makes it nobody's words but its writer's.
  const reports = vouched.filter((each) => isIn(each.path, path) && (!isContent || each.origins.includes("owner")));
  if (reports.length > 0)
    return distinct(
      reports.map(({ origins, reason }) =>
        origins.includes("owner") ? { mark: "you", says: "" } : { mark: "vouched", says: visible(reason) },
      ),
    );
  const isProgram = ["client", "mcp"].includes(principalKind(principal));
  return [{ mark: isProgram ? "outside" : "model", says: visible(principal.replace(/^[a-z]+:/, "")) }];
}

/** Stricter than `originOf`: what decides and is not the owner's counts as a third party's, be it an agent's or a skill's. */
function markOf(origin: string): From {
  if (origin === "owner") return { mark: "you", says: "" };
  return { mark: origin === "model" ? "model" : "outside", says: visible(originText(origin)) };
}

const distinct = (from: readonly From[]): From[] => [
  ...new Map(from.map((each) => [`${each.mark} ${each.says}`, each])).values(),
];

/** What only looks like another name: letters of a second script within a word, and hosts in punycode. */
function foreignLetters(shown: string): string[] {
  const scripts = [...shown.matchAll(/\[U\+[0-9A-F]+ ([A-Z][^\]×]*)\]/g)].map(([, script = ""]) => script);
  const hosts = [...shown.matchAll(/(?<![a-z0-9-])xn--[a-z0-9-]+(?:\.[a-z0-9-]+)*/gi)].map(([host]) => host);
  return [
    ...(scripts.length > 0 ? [`Letters of another script within a word: ${[...new Set(scripts)].join(", ")}`] : []),
    ...[...new Set(hosts)].map((host) => `${host} is punycode: its letters may look like those of another name`),
  ];
}

/** Where an address leads as programs read it, and what a path comes to. */
function reachedBy(kind: ShownValue["kind"], text: string, classified: Classification | undefined): string | undefined {
  if (kind === "url") return URL.canParse(text) ? new URL(text).host : undefined;
  const [only, another] = classified?.scope.paths ?? [];
  return kind === "path" && another === undefined && only !== text ? only : undefined;
}

const ofPlan = (steered: Steered): ShownValue => ({
  ...{ path: labelOf(steered.path), text: visible(steered.value), kind: "text", decides: true },
  ...{ from: distinct(steered.origins.map(markOf)), reasons: reasonsOf([steered]) },
  ...{ endorse: sourceOf([steered]), odd: [] },
});
