import type { Call, Step } from "@mh/contract/values/provenance.ts";
import { describedRows } from "./anchor.ts";
import { canonicalOf, found, kindOf, type ValueKind } from "./kinds.ts";
import { OwnerWords, standsIn } from "./owner-words.ts";
import { type Leaf, leaves, plainLists, type Row, rowsOf, sameValue } from "./rows.ts";

/** What is known of one value of a call: where it stands, and whether any of that makes it the owner's. */
export interface ArgumentReport {
  /** `to[0]`. */
  path: string;
  value: string;
  vouched: boolean;
  /** What vouches for it, or why a person must look. */
  reason: string;
}

export type Sourced<Report> = Report & {
  /** `owner`, `call:<id>` for an earlier answer that holds it, `model` where nothing does. */
  origins: string[];
  /** Names that stand in one short list with it: an approval that shows them covers them for the task, too. */
  beside: string[];
};

/** A task up to now: what its owner typed, and the calls that were made for it with their answers. */
export class Trace {
  readonly words: OwnerWords;
  readonly hasForgotten: boolean;
  readonly #steps: TracedStep[] = [];
  readonly #endorsed = new Set<string>();
  #described: Row[][] | undefined;

  /** `hasForgotten`: it read more than is known here. Then it counts as having read untrusted text. */
  constructor(words: string, { hasForgotten = false } = {}) {
    this.words = new OwnerWords(words);
    this.hasForgotten = hasForgotten;
  }

  get steps(): readonly TracedStep[] {
    return this.#steps;
  }

  /**
   * The owner has seen these values and the names shown beside them, and approved them as control arguments of this
   * task.
   */
  endorse(shown: readonly Pick<Sourced<ArgumentReport>, "value" | "beside">[]): void {
    for (const value of shown.flatMap(({ value, beside }) => [value, ...beside]))
      this.#endorsed.add(canonicalOf(value, "name"));
  }

  /** Where the values of a report stand: looked up for the person who is asked, not for each verdict. */
  sourced(reports: readonly ArgumentReport[]): Sourced<ArgumentReport>[] {
    return reports.map((report) => {
      const { value } = report;
      const isOwners = this.words.has(value, kindOf(value, undefined));
      const steps = this.#steps.filter(({ texts }) => texts.some((text) => text === value || standsIn(text, value)));
      const origins = [...(isOwners ? ["owner"] : []), ...steps.map(({ step }) => `call:${step.id}`)];
      const beside = namesBeside(value, this.#steps);
      return { ...report, origins: origins.length > 0 ? origins : ["model"], beside };
    });
  }

  isEndorsed(value: unknown): boolean {
    return this.#endorsed.has(canonicalOf(value, "name"));
  }

  /** The same calls, with other words of the owner's. */
  withWords(words: string): Trace {
    const trace = new Trace(words, this);
    for (const { step } of this.#steps) trace.add(step);
    return trace;
  }

  /** Takes in a call that has ended. */
  add(step: Step): void {
    this.#steps.push(new TracedStep(step, isVouchedQuery(this, step)));
    this.#described = undefined;
  }

  /** Of each skill's answers, the entries that the owner's words describe best. */
  get described(): readonly (readonly Row[])[] {
    this.#described ??= rowsByTool(this).map((rows) => describedRows(rows, this.words));
    return this.#described;
  }
}

// More than that, nobody reads before they answer.
const besideMax = 5;

/** Addresses, accounts, links and codes are asked about one by one. */
function namesBeside(value: string, steps: readonly TracedStep[]): string[] {
  const lists = steps
    .flatMap(({ step }) => plainLists(step.output))
    .filter((list) => list.some((each) => sameValue(each, value)));
  const others = [...new Set(lists.flat())].filter((each) => !sameValue(each, value));
  if (others.length > besideMax) return [];
  return others.filter((each) => kindOf(each, undefined) === "name" && carried(each).length === 0);
}

/** An earlier call, looked at once. */
class TracedStep {
  readonly step: Step;
  /** Its arguments were the owner's, or it has none: what a trusted source then answers is the owner's, too. */
  readonly isVouchedQuery: boolean;
  #rows: Row[] | undefined;
  #values: Set<string> | undefined;
  #texts: string[] | undefined;

  constructor(step: Step, isVouchedQuery: boolean) {
    this.step = step;
    this.isVouchedQuery = isVouchedQuery;
  }

  get rows(): Row[] {
    this.#rows ??= rowsOf(this.step);
    return this.#rows;
  }

  /** Values that stand alone in a field. */
  holds(value: unknown): boolean {
    this.#values ??= new Set(leaves(this.step.output).flatMap((leaf) => spellings(leaf.value)));
    return spellings(value).some((each) => this.#values?.has(each));
  }

  get texts(): string[] {
    this.#texts ??= leaves(this.step.output).map(({ value }) => String(value));
    return this.#texts;
  }
}

const spellings = (value: unknown): string[] =>
  typeof value === "number" ? [canonicalOf(value, "amount"), canonicalOf(value, "name")] : [canonicalOf(value, "name")];

/**
 * What a call's arguments come from, by the rules of docs/adr/0008-provenance.md. Whatever controls the effect must
 * be the owner's; whatever is content must carry nobody else's addresses out. Pure: the same task and call give the same
 * report. A call that controls nothing has an empty one.
 */
export function judgeCall(trace: Trace, call: Call): ArgumentReport[] {
  const { content, open } = call.facts;
  const undeclared = open ? Object.keys(call.args).filter((name) => !content.includes(name)) : [];
  const control = [...new Set([...call.facts.control, ...undeclared])];
  const controlling = leavesOf(call, control);
  if (controlling.length > controlMax)
    return [unsaid(controlling[controlMax] as NamedLeaf, "it comes after too many others")];
  const texts = leavesOf(call, content);
  // Where nobody is named, what is said is all that controls.
  if (controlling.length === 0) return control.length > 0 ? texts.map((leaf) => quoted(trace, leaf)) : [];
  if (isOwnersMessage(trace, call, controlling, texts)) return controlling.map((leaf) => said(leaf, ownersMessage));
  const plain = controlling.map((leaf) => judgeControl(trace, call, leaf));
  const controls = plain.map((report, n) => bounded(trace, call, report, controlling[n] as NamedLeaf, plain));
  return [...controls, ...texts.map((leaf) => judgeContent(trace, leaf)), ...outward(trace, call, controls)];
}

// What nobody would read in an approval request.
const controlMax = 1_000;

interface NamedLeaf extends Leaf {
  /** The argument that it stands in. */
  name: string;
}

/** However many: one that was not looked at would pass. A blank one says nothing. */
const leavesOf = (call: Call, names: readonly string[]): NamedLeaf[] =>
  names.flatMap((name) =>
    leaves(call.args[name], name, Number.POSITIVE_INFINITY)
      .filter(({ value }) => canonicalOf(value, "name") !== "")
      .map((leaf) => ({ ...leaf, name })),
  );

function judgeControl(trace: Trace, call: Call, leaf: NamedLeaf): ArgumentReport {
  const { value, name } = leaf;
  const kind = kindOf(value, call.facts.types[name] ?? (call.facts.takes[name] === undefined ? undefined : "id"));
  if (trace.words.has(value, kind, call.facts.takes[name])) return said(leaf, "you named it");
  const trusted = trace.steps.find((step) => isReliable(step) && step.holds(value));
  if (trusted) return said(leaf, `your own data (call ${trusted.step.id})`);
  if (trace.isEndorsed(value)) return said(leaf, "you approved it for this task");
  const anchor = anchorOf(trace, call, leaf, kind);
  if (anchor) return said(leaf, `the one entry that you described (call ${anchor.step.id})`);
  if (kind === "url" && isReadingEffect(call) && isNamedLink(trace, value))
    return said(leaf, "a link in what you named");
  return unsaid(leaf, "it does not come from you");
}

/** A trusted source says what the owner's own query asked of it; to another's query, it says what that one wants. */
const isReliable = ({ step, isVouchedQuery }: TracedStep): boolean => step.facts.output === "trusted" && isVouchedQuery;

function isVouchedQuery(trace: Trace, call: Call): boolean {
  const { control, types, takes } = call.facts;
  return leavesOf(call, Object.keys(call.args)).every((leaf) => {
    const isBare = typeof leaf.value === "boolean" || typeof leaf.value === "number";
    const isDeclared = control.includes(leaf.name) || leaf.name in types || leaf.name in takes;
    return (isBare && !isDeclared) || judgeControl(trace, call, leaf).vouched;
  });
}

/** The described row that gives a value: one that the system assigned, or a short name; a party only where it is the owner's. */
function anchorOf(trace: Trace, call: Call, { name, value }: NamedLeaf, kind: ValueKind): Row | undefined {
  const takes = call.facts.takes[name];
  for (const [row, ...others] of trace.described) {
    if (!row || others.some((other) => !isSameRow(row, other))) continue;
    const isOfKind = kind !== "id" || takes === row.step.facts.ids;
    const gives = row.fields.some((field) => {
      if (!sameValue(field.value, value)) return false;
      if (field.role === "record") return kind === "id" || kind === "amount" || kind === "date" || takes !== undefined;
      if (field.role === "label") return kind === "name" || kind === "path" || (kind === "id" && takes !== undefined);
      return field.role === "party" && row.isOwn && row.step.facts.writers === "self";
    });
    if (isOfKind && gives) return row;
  }
  return undefined;
}

/** The same entry read twice is one. */
const isSameRow = (a: Row, b: Row): boolean => JSON.stringify(a.fields) === JSON.stringify(b.fields);

/** Answers of one skill are looked at together: the owner describes an entry, not in which answer it stands. */
function rowsByTool(trace: Trace): Row[][] {
  const groups = new Map<unknown, Row[]>();
  for (const step of trace.steps) {
    if (step.step.facts.fields && Object.keys(step.step.facts.fields).length === 0) continue;
    groups.set(step.step.facts, [...(groups.get(step.step.facts) ?? []), ...step.rows]);
  }
  return [...groups.values()];
}

/** An amount up to the largest that the owner named, or that the described entry shows, once all else is the owner's. */
function bounded(
  trace: Trace,
  call: Call,
  report: ArgumentReport,
  leaf: NamedLeaf,
  reports: readonly ArgumentReport[],
): ArgumentReport {
  const isAmount = !report.vouched && kindOf(leaf.value, call.facts.types[leaf.name]) === "amount";
  const others = reports.filter((other) => other !== report);
  if (!isAmount || call.facts.types[leaf.name] === undefined || others.length === 0) return report;
  if (!others.every(({ vouched }) => vouched)) return report;
  const most = Math.max(...trace.words.amounts, ...trace.described.map((rows) => largestIn(rows, leaf.name)));
  const amount = Number(leaf.value);
  if (!(amount > 0 && amount <= most)) return report;
  return { ...report, vouched: true, reason: `no more than ${most}, which you named or described` };
}

/** Where the words fit several entries, the smallest of them bounds. */
function largestIn(rows: readonly Row[], name: string): number {
  const amounts = rows.map(({ fields }) =>
    Number(fields.find((field) => field.name === name && field.role === "record")?.value ?? Number.NaN),
  );
  const known = amounts.filter((amount) => !Number.isNaN(amount));
  return known.length === 0 || known.length < amounts.length ? Number.NEGATIVE_INFINITY : Math.min(...known);
}

const isReadingEffect = ({ effect }: Call): boolean => effect === "read" || effect === "fetch";

/**
 * It stands, letter for letter, in an answer to a query in the owner's words, from where third parties cannot write.
 */
function isNamedLink(trace: Trace, value: unknown): boolean {
  const wanted = canonicalOf(value, "url");
  return trace.steps.some(({ step, rows }) => {
    if (step.facts.writers === "anyone") return false;
    const args = leavesOf(step, Object.keys(step.args)).filter((leaf) => typeof leaf.value === "string");
    const isNamed = args.length > 0 && args.every((leaf) => trace.words.has(leaf.value, kindOf(leaf.value, undefined)));
    const texts = rows.flatMap(({ fields }) => fields.filter(({ role }) => role === "text"));
    return isNamed && texts.some((field) => found(String(field.value), "url").includes(wanted));
  });
}

const ownersMessage = "your own words, to somebody you share with";

/** What the owner wrote word for word may go to whom the owner's own group lists. */
function isOwnersMessage(trace: Trace, call: Call, to: readonly NamedLeaf[], texts: readonly NamedLeaf[]): boolean {
  if (call.effect !== "send" || texts.length === 0) return false;
  if (!texts.every(({ value }) => trace.words.isQuoted(String(value)))) return false;
  return to.every(({ name, value }) => {
    const kind = kindOf(value, call.facts.types[name]);
    return kind === "name" && (trace.words.has(value, kind) || isMember(trace, value));
  });
}

const isMember = (trace: Trace, value: unknown): boolean =>
  trace.steps.some(
    ({ step, rows }) =>
      step.facts.writers !== "anyone" &&
      rows.some(({ fields }) =>
        fields.some((field) => (field.role === "party" || field.role === "label") && sameValue(field.value, value)),
      ),
  );

/** After untrusted text, nobody else's address, link, account or code leaves in what is said. */
function judgeContent(trace: Trace, leaf: NamedLeaf): ArgumentReport {
  if (!isTainted(trace)) return said(leaf, "nothing of others was read");
  const foreign = carried(String(leaf.value)).filter((each) => !isOwners(trace, each));
  if (foreign.length === 0) return said(leaf, "it carries no address, link, account or code of others");
  return unsaid(leaf, `it carries ${foreign.slice(0, 3).join(", ")}, which does not come from you`);
}

const isTainted = (trace: Trace): boolean =>
  trace.hasForgotten ||
  trace.steps.some(({ step, rows }) => step.facts.output === "untrusted" && rows.some(({ isOwn }) => !isOwn));

/** Cards, passports, keys: letters and digits mixed, or many digits. Dates are none. */
function carried(text: string): string[] {
  const kinds = ["email", "url", "iban"] as const;
  const values = kinds.flatMap((kind) => found(text, kind));
  const rest = text.replaceAll(/\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?/g, " ");
  const mixed =
    rest.match(/(?<![\p{L}\p{N}])(?=[\p{L}\p{N}]*\d)(?=[\p{L}\p{N}]*\p{L})[\p{L}\p{N}]{6,64}(?![\p{L}\p{N}])/gu) ?? [];
  const long = rest.match(/(?<![\d.,])\d(?:[ -]?\d){8,30}(?![\d])/g) ?? [];
  return [...new Set([...values, ...mixed, ...long])];
}

function isOwners(trace: Trace, value: string): boolean {
  const folded = value.normalize("NFKC").toLowerCase();
  const stands = (text: string) => standsIn(text.normalize("NFKC").toLowerCase(), folded);
  if (stands(trace.words.text)) return true;
  const spaceless = folded.replaceAll(" ", "");
  if (found(trace.words.text, "iban").some((iban) => iban.toLowerCase() === spaceless)) return true;
  return trace.steps.some((step) => isReliable(step) && step.texts.some(stands));
}

/** Private data and untrusted text in one task, and an address outside that the owner did not name. */
function outward(trace: Trace, call: Call, controls: readonly ArgumentReport[]): ArgumentReport[] {
  if (isReadingEffect(call) || !isTainted(trace) || !trace.steps.some(({ step }) => step.facts.private)) return [];
  return controls.flatMap((report) => {
    const [name = ""] = report.path.split(/[.[]/, 1);
    const isOutside = kindOf(report.value, call.facts.types[name]) === "url";
    if (!isOutside || !report.vouched || trace.words.has(report.value, "url")) return [];
    return [{ ...report, vouched: false, reason: "your private data would go to an address that you did not name" }];
  });
}

const quoted = (trace: Trace, leaf: NamedLeaf): ArgumentReport =>
  trace.words.has(leaf.value, kindOf(leaf.value, undefined)) || trace.words.isQuoted(String(leaf.value))
    ? said(leaf, "your own words")
    : unsaid(leaf, "it names nobody, so its text controls it, and that does not come from you");

const said = ({ path, value }: NamedLeaf, reason: string): ArgumentReport => ({
  ...{ path, value: String(value), vouched: true, reason },
});
const unsaid = ({ path, value }: NamedLeaf, reason: string): ArgumentReport => ({
  ...{ path, value: String(value), vouched: false, reason },
});
