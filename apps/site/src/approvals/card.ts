import type { ValueFor } from "@mh/contract/contracts.ts";
import { text } from "../text/text.ts";

/** With less time left than this, a request is said to be late. */
export const lateMs = 10 * 60_000;

export type Shown = ValueFor<"approval.show">;
export type Value = Shown["values"][number];

/** Values of others that one tick answers for: all that came from the same source. */
export interface Endorsement {
  source: string;
  /** As they are called in a sentence: an account number, or by their names. */
  names: string[];
}

/** One for each source, with the values that it names. */
export function endorsements(values: readonly Value[]): Endorsement[] {
  const named = values.filter(({ endorse }) => endorse !== null);
  return [...Map.groupBy(named, ({ endorse }) => endorse ?? "")].map(([source, of]) => ({
    source,
    names: [...new Set(of.map((value) => calledIn(values, value)))],
  }));
}

/** By its kind where it is the only one of that; else by its name. */
function calledIn(values: readonly Value[], value: Value): string {
  const noun = text.approvals.nouns[value.kind as keyof typeof text.approvals.nouns];
  const isOnly = values.filter(({ kind, endorse }) => kind === value.kind && endorse !== null).length === 1;
  return noun !== undefined && isOnly ? noun : text.approvals.named(nameOf(values, value));
}

/** The name of a value: of a list of one, that of the list; of several, with its number. */
export function nameOf(values: readonly Value[], { path }: Value): string {
  const [, list, n] = /^(.+)\[(\d+)\]$/s.exec(path) ?? [];
  if (list === undefined) return path;
  const isOnly = values.filter((each) => each.path.startsWith(`${list}[`)).length === 1;
  return isOnly ? list : `${list} ${Number(n) + 1}`;
}

const elsewhere = new Set([
  ...["asked by", "why asked", "undo", "careful", "not yours", "with it", "approval", "odd", "learns", "left"],
  ...["it asks", "to open", "which is at", "it wants"],
]);

/** What else the daemon says of the request, but for what the card shows in a place of its own. */
export const otherLines = ({ shown }: Shown): Shown["shown"] =>
  shown.filter(({ label }) => !label.startsWith("argument ") && !elsewhere.has(label));

export const lineOf = ({ shown }: Shown, label: string): string | undefined =>
  shown.find((line) => line.label === label)?.text;
export const linesOf = ({ shown }: Shown, label: string): string[] =>
  shown.filter((line) => line.label === label).map((line) => line.text);

const shortMax = 80;
const namedMax = 2;

/** What the skill does as a question, with amount and recipients, or with the first thing that it is done to. */
export function questionOf({ title, values, card }: Pick<Shown, "title" | "values" | "card">): {
  title: string;
  object: string;
} {
  // Of a plan, its own name.
  if (card) return { title, object: `: ${card.screen[0]?.replace(/^Plan\s+/, "") ?? ""}` };
  const deciding = values.filter(({ decides, text: shown }) => decides && shown.length <= shortMax);
  const amount = deciding.find(({ kind }) => kind === "amount")?.text;
  const to = deciding.filter(({ kind }) => kind === "email" || kind === "iban").map(({ text: shown }) => shown);
  const more = to.length > namedMax ? ` and ${to.length - namedMax} more` : "";
  const recipients = to.length === 0 ? "" : ` to ${to.slice(0, namedMax).join(", ")}${more}`;
  if (amount !== undefined || recipients !== "")
    return { title, object: `${amount === undefined ? "" : `, ${amount}`}${recipients}` };
  const [first] = deciding.filter(({ text: shown }) => !/^[[{]|^(true|false)$/.test(shown));
  return { title, object: first === undefined ? "" : `: ${first.text}` };
}
