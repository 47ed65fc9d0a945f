import { isReading } from "@mh/contract/values/effect.ts";
import type { Call } from "@mh/contract/values/provenance.ts";
import { isSpokenOf } from "./anchor.ts";
import { type Leaves, leavesOf, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { carriedIn } from "./carried.ts";
import { isChosen } from "./choices.ts";
import { comforted } from "./comforts.ts";
import { timeIn } from "./days.ts";
import { isGivenBack } from "./giving-back.ts";
import { canonicalOf, kindOf, sameValue, type ValueKind } from "./kinds.ts";
import { isNamedLink } from "./links.ts";
import { isNamedData } from "./named-data.ts";
import { isOwnEntry } from "./own-entry.ts";
import { type Field, fieldWords, idKindOf, type Row } from "./rows.ts";
import { stemOf } from "./stems.ts";
import type { TracedTask } from "./traced.ts";

/** What is known of one value of a call: where it stands, and whether any of that makes it the owner's. */
export interface ArgumentReport {
  /** `to[0]`. */
  path: string;
  value: string;
  vouched: boolean;
  /** What vouches for it, or why a person must look. */
  reason: string;
  /** The approval that showed it, where that is all that vouches for it. */
  approval?: string;
}

/**
 * What a call's arguments come from, by the rules of docs/adr/0008-provenance.md. Whatever controls the effect must
 * be the owner's; whatever is content must carry nobody else's addresses out. Pure: the same task and call give the same
 * report. A call that controls nothing has an empty one.
 */
export function judgeCall(trace: TracedTask, call: Call): ArgumentReport[] {
  const reports = judgeArguments(trace, call);
  if (call.effect !== "destroy") return reports;
  const isAsked = trace.words.askFor(call.facts.verbs);
  return reports.map((report) => (isAsked && !isForOther(trace, call, report) ? report : unaskedFor(report)));
}

/** What the owner named or described only where she asks for something else. */
function isForOther(trace: TracedTask, call: Call, { path, value, vouched }: ArgumentReport): boolean {
  const words = trace.words.without(call.facts.verbs);
  if (!vouched || words === trace.words) return false;
  const [name = ""] = path.split(/[.[]/, 1);
  const leaf = { path, name, value };
  const kind = controlKind(call, leaf);
  const how = { idOf: call.facts.takes[name] };
  if (trace.words.has(value, kind, how)) return !words.has(value, kind, how);
  const row = anchorOf(trace, call, leaf, kind);
  return row !== undefined && !isSpokenOf(row, words, trace.words);
}

/** What cannot be undone needs a word of the owner's for it. */
const unaskedFor = (report: ArgumentReport): ArgumentReport =>
  report.vouched ? { ...report, vouched: false, reason: "you did not ask for what cannot be undone" } : report;

function judgeArguments(trace: TracedTask, call: Call): ArgumentReport[] {
  const { content, open } = call.facts;
  const undeclared = open ? Object.keys(call.args).filter((name) => !content.includes(name)) : [];
  const control = [...new Set([...call.facts.control, ...undeclared])];
  const { all: controlling, left } = leavesOf(call, control, { leaves: bounds.controls, chars: bounds.answerChars });
  if (left) return [unsaid(left, "it comes after too many others")];
  const texts = () => leavesOf(call, content, { leaves: bounds.leaves, chars: bounds.contentChars });
  // Where nobody is named, what is said is all that controls.
  if (controlling.length === 0) {
    if (control.length === 0) return [];
    const reports = undirected(trace, texts());
    if (reports.every(({ vouched }) => vouched) || !isOwnEntry(trace, call)) return reports;
    return texts().all.map((leaf) => said(leaf, "an entry that nobody else sees, on a day that you named"));
  }
  if (call.effect === "send" && isOwnersMessage(trace, call, controlling, texts()))
    return controlling.map((leaf) => said(leaf, ownersMessage));
  const plain = controlling.map((leaf) => judgeControl(trace, call, leaf));
  const controls = bounded(trace, call, comforted(trace, call, plain, controlling), controlling);
  if (controls.some(({ vouched }) => !vouched)) {
    const { all, left } = texts();
    if (!left && isGivenBack(trace, call, controlling, all))
      return controlling.map((leaf) => said(leaf, "back to whom it came from"));
  }
  const isNamed = (leaf: NamedLeaf) => isNamedData(trace, call, controlling, leaf);
  const contents = trace.isTainted ? judgeContents(trace, texts(), isNamed) : [];
  return [...controls, ...contents, ...outward(trace, call, controls)];
}

export function judgeControl(trace: TracedTask, call: Call, leaf: NamedLeaf): ArgumentReport {
  const { value, name } = leaf;
  if (String(value).length > bounds.valueChars && !isLongLink(call, leaf))
    return unsaid(leaf, "it is longer than what is looked at");
  const declared = call.facts.types[name];
  const kind = controlKind(call, leaf);
  const isSum = kind === "amount" && declared !== undefined;
  const isOfFew = isChosen(trace, call, leaf);
  if (isOfFew) return said(leaf, "no more than you said");
  if (isOfFew === undefined && trace.words.has(value, kind, { idOf: call.facts.takes[name], isSum }))
    return said(leaf, "you named it");
  if ((kind === "email" || kind === "iban") && trace.isSelf(value)) return said(leaf, "your own address");
  if (name in call.facts.defaults && isDefault(call.facts.defaults[name], value))
    return said(leaf, "as it is where nothing is said");
  const trusted = trace.giving(value);
  if (trusted) return said(leaf, `your own data (call ${trusted.step.id})`);
  if (trace.isEndorsed(value, call.effect)) return endorsed(leaf, trace.endorsedBy(value));
  if (isOfFew === false) return unsaid(leaf, "it may be more than you said");
  if (kind === "email" && trace.isCorrespondent(value))
    return said(leaf, "the one by that name to whom you have written");
  const anchor = anchorOf(trace, call, leaf, kind);
  if (anchor) return said(leaf, `the one entry that you described (call ${anchor.step.id})`);
  if (kind === "date" && isAtItsTime(trace, String(value)))
    return said(leaf, "a day that you named, at the time that it was");
  if (kind === "url" && isReading(call.effect) && isNamedLink(trace, value))
    return said(leaf, "a link in what you named");
  return unsaid(leaf, "it does not come from you");
}

/** On a day that the owner named, at the time of day of what they described. */
function isAtItsTime(trace: TracedTask, date: string): boolean {
  const time = timeIn(date);
  if (time === undefined || !trace.words.days.include(date)) return false;
  return trace.described.some(({ fields }) =>
    fields.some(
      ({ role, value }) => role === "record" && kindOf(value, "date") === "date" && timeIn(String(value)) === time,
    ),
  );
}

const isDefault = (known: unknown, value: NamedLeaf["value"]): boolean => known === value;

/** A number that nothing is said of is an id: seven of something and number seven look alike. */
function controlKind({ facts: { types, takes } }: Call, { name, value }: NamedLeaf): ValueKind {
  const kind = kindOf(value, types[name] ?? (takes[name] === undefined ? undefined : "id"));
  return kind === "amount" && types[name] === undefined ? "id" : kind;
}

/** The described row that gives a value: one that the system assigned, or a short name; a party only where it is the owner's. */
function anchorOf(trace: TracedTask, call: Call, { name, value }: NamedLeaf, kind: ValueKind): Row | undefined {
  const takes = call.facts.takes[name];
  for (const row of trace.described) {
    const gives = row.fields.some((field) => {
      if (kind === "id" && (takes === undefined || takes !== idKindOf(row.step.facts, field.name)))
        if (takes === undefined || !isOfOneName(row, field, name)) return false;
      if (!sameValue(field.value, value, kind) || (kind === "id" && trace.isAmbiguous(row, field))) return false;
      if (field.role === "record") return kind === "id" || kind === "amount" || kind === "date" || takes !== undefined;
      const isOthers = field.isListed || !row.isOwn;
      if (field.role === "label" && isOthers && !isDescribed(trace, row, field)) return false;
      if (field.role === "label") return kind === "name" || kind === "path" || (kind === "id" && takes !== undefined);
      return field.role === "party" && row.isOwn && row.step.facts.writers === "self";
    });
    if (gives) return row;
  }
  return undefined;
}

// What says of no thing what it is.
const anyName = new Set(["id", "name", "number", "no", "nr", "key", "ref", "code", "value", "item", "title", "date"]);

/** An entry of the owner's own bears it under the very name that the argument has: of another thing than the entry is. */
function isOfOneName({ isOwn, step: { facts } }: Row, field: Field, name: string): boolean {
  return isOwn && typeof facts.ids === "string" && field.name === name && !anyName.has(name.replaceAll("_", ""));
}

/** A row may list names, or have others that somebody else gave it: that it is described says of none that it is meant. */
function isDescribed(trace: TracedTask, row: Row, field: Field): boolean {
  // Whose it is says nothing: all that is listed is theirs.
  const owners = new Set(
    row.fields
      .filter(({ role }) => role === "party")
      .flatMap(fieldWords)
      .map(stemOf),
  );
  return trace.words.describedBy(fieldWords(field)).some((stem) => !owners.has(stem));
}

/** An amount up to the largest that the owner named, or that the described entry shows, once all else is the owner's. */
function bounded(
  trace: TracedTask,
  call: Call,
  reports: readonly ArgumentReport[],
  of: readonly NamedLeaf[],
): readonly ArgumentReport[] {
  const open = reports.filter(({ vouched }) => !vouched);
  const [report] = open;
  const leaf = of[report ? reports.indexOf(report) : -1];
  if (!report || !leaf || open.length > 1 || reports.length < 2) return reports;
  const declared = call.facts.types[leaf.name];
  if (declared === undefined || kindOf(leaf.value, declared) !== "amount") return reports;
  const sums = [...trace.words.amounts, ...trace.bounding(leaf.name)];
  const most = sums.reduce((largest, sum) => Math.max(largest, sum), Number.NEGATIVE_INFINITY);
  const amount = Number(canonicalOf(leaf.value, "amount"));
  if (!(amount > 0 && amount <= most)) return reports;
  const reason = `no more than ${most}, which you named or described`;
  return reports.map((each) => (each === report ? { ...report, vouched: true, reason } : each));
}

const ownersMessage = "your own words, to somebody you share with";

/** What the owner wrote word for word may go to whom the owner's own group lists. */
function isOwnersMessage(
  trace: TracedTask,
  call: Call,
  to: readonly NamedLeaf[],
  { all: texts, left }: Leaves,
): boolean {
  // What makes an entry is no message: its title is words of hers, and says nothing of who takes part.
  if (left || texts.length === 0 || call.facts.ids !== undefined) return false;
  if (!texts.every(({ value }) => trace.words.isQuoted(String(value)))) return false;
  return to.every(({ name, value }) => {
    const kind = kindOf(value, call.facts.types[name]);
    return kind === "name" && (trace.words.has(value, kind) || trace.isMember(value));
  });
}

/** After untrusted text, nobody else's address, link, account or code leaves in what is said. */
function judgeContents(
  trace: TracedTask,
  { all, left }: Leaves,
  isNamed: (leaf: NamedLeaf) => boolean,
): ArgumentReport[] {
  const reports: ArgumentReport[] = [];
  for (const leaf of all) {
    const carried = foreignIn(trace, String(leaf.value));
    const foreign = carried.length > 0 && isNamed(leaf) ? [] : carried;
    reports.push(
      foreign.length === 0
        ? said(leaf, "it carries no address, link, account or code of others")
        : unsaid(leaf, `it carries ${foreign.join(", ")}, which does not come from you`),
    );
    // One is enough to ask, and nobody reads hundreds.
    if (reports.length >= bounds.shown && foreign.length > 0) break;
  }
  return left ? [...reports, unsaid(left, "it is longer than what is looked at")] : reports;
}

/** What of others' a text carries: the first few, no more are shown. */
export function foreignIn(trace: TracedTask, text: string): string[] {
  const foreign = new Set<string>();
  for (const each of carriedIn(text)) {
    if (!trace.isCarried(each)) foreign.add(each.slice(0, 200));
    if (foreign.size === 3) break;
  }
  return [...foreign];
}

/** Private data and untrusted text in one task, and an address outside that the owner did not name. */
function outward(trace: TracedTask, call: Call, controls: readonly ArgumentReport[]): ArgumentReport[] {
  if (isReading(call.effect) || !trace.isTainted || !trace.isPrivate) return [];
  return controls.flatMap((report) => {
    const [name = ""] = report.path.split(/[.[]/, 1);
    const isOutside = kindOf(report.value, call.facts.types[name]) === "url";
    if (!isOutside || !report.vouched || trace.words.has(report.value, "url")) return [];
    return [{ ...report, vouched: false, reason: "your private data would go to an address that you did not name" }];
  });
}

/** Where nobody is named, what is said is what controls. */
function undirected(trace: TracedTask, { all, left }: Leaves): ArgumentReport[] {
  const reports = all.map((leaf) =>
    trace.words.has(leaf.value, kindOf(leaf.value, undefined)) || trace.words.isQuoted(String(leaf.value))
      ? said(leaf, "your own words")
      : unsaid(leaf, "it names nobody, so its text controls it, and that does not come from you"),
  );
  return left ? [...reports, unsaid(left, "it is longer than what is looked at")] : reports;
}

/** A link may be as long as its contract takes it. */
const isLongLink = (call: Call, { name, value }: NamedLeaf): boolean => kindOf(value, call.facts.types[name]) === "url";

const endorsed = (leaf: NamedLeaf, approval: string | undefined): ArgumentReport => ({
  ...said(leaf, "you approved it for this task"),
  ...(approval && { approval }),
});

const said = ({ path, value }: NamedLeaf, reason: string): ArgumentReport => ({
  ...{ path, value: String(value), vouched: true, reason },
});
const unsaid = ({ path, value }: NamedLeaf, reason: string): ArgumentReport => ({
  ...{ path, value: String(value).slice(0, bounds.valueChars), vouched: false, reason },
});
