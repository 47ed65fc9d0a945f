import { eachName, type PlanSource, type PlanStep, type Slot, timesOf } from "@mh/contract/values/plan.ts";
import { visible } from "@mh/contract/visible/visible.ts";

/** Parts of a plan in words, whole: what two plans let through differently reads differently. All of it is safe to print. */

/** A fixed value, as JSON: quotation marks tell where it ends. What looks like the name of a character is none. */
const valueText = (value: unknown): string => visible((JSON.stringify(value) ?? "null").replaceAll("[U+", "\\u005bU+"));

/** What fills a slot, and what it must be. */
function slotText({ from, field, kind, atMost, inAll, oneOf, where, many }: Slot): string {
  const conditions = Object.entries(where ?? {}).map(([name, value]) => `${fieldText(name)} is ${valueText(value)}`);
  return [
    from === undefined ? "the agent chooses" : sourceText(from, field),
    kind && (kind === "text" ? "exactly as it stands there" : `as ${kind}`),
    many !== undefined && `a list of at most ${many}, each from an entry of its own`,
    conditions.length > 0 && `only where ${conditions.join(" and ")}`,
    oneOf && `one of ${oneOf.map(valueText).join(", ")}`,
    atMost !== undefined && `at most ${atMost} each time, ${inAll ?? atMost} in all`,
  ]
    .filter(Boolean)
    .join("; ");
}

const sourceText = (from: string, field: string | undefined): string => {
  const entry = from === eachName ? "the value that it is done for" : `an entry of ${visible(from)}`;
  return field === undefined ? `from ${entry}` : `from ${entry}, ${fieldText(field)}`;
};

/** The name of a field may be anything: it stands in quotation marks, too. */
const fieldText = (name: string): string => `field ${valueText(name)}`;

/** How often, and for what. */
export function timesText(step: PlanStep): string {
  const times = timesOf(step);
  const most = times === 1 ? "once" : `at most ${times} times`;
  const { each } = step;
  if (!each) return most;
  if ("values" in each) return `${most}, for each of these once: ${each.values.map(valueText).join(", ")}`;
  const what = each.field === undefined ? "each entry" : `each ${fieldText(each.field)}`;
  return `${most}, once for ${what} of ${visible(each.source)}`;
}

/** Label and text of each argument that a step or a source names: fixed ones first. */
export function argumentTexts({
  args,
  slots = {},
}: Pick<PlanSource, "args" | "slots">): [label: string, text: string][] {
  return [
    ...Object.entries(args).map(([name, value]) => named(name, "=", valueText(value))),
    ...Object.entries(slots).map(([path, slot]) => named(path, "←", slotText(slot))),
  ];
}

/** A label that a line has room for; tools of others name their arguments as they like. */
const named = (name: string, sign: string, text: string): [label: string, text: string] =>
  /^[\w.[\]$-]{1,30}$/.test(name) ? [`${name} ${sign}`, text] : ["argument", `${valueText(name)} ${sign} ${text}`];

/** What a step may touch outside beside what its values name. */
export function scopeTexts({ scope }: Pick<PlanStep, "scope">): [label: string, text: string][] {
  const { recipients = [], hosts = [], paths = [] } = scope;
  return (
    [
      ["to people", recipients],
      ["on hosts", hosts],
      ["in folders", paths],
    ] as const
  ).flatMap(([label, all]): [string, string][] => (all.length > 0 ? [[label, all.map(valueText).join(", ")]] : []));
}
