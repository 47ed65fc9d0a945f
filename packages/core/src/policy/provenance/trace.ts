import { type Effect, isReading } from "@mh/contract/values/effect.ts";
import type { Step, ToolFacts } from "@mh/contract/values/provenance.ts";
import { DescribedRows } from "./anchor.ts";
import { leavesOf } from "./arguments.ts";
import { Bearers } from "./bearers.ts";
import { Beside } from "./beside.ts";
import { bounds } from "./bounds.ts";
import { carriedIn } from "./carried.ts";
import { Correspondents } from "./correspondents.ts";
import { Endorsements } from "./endorsements.ts";
import { type ArgumentReport, foreignIn, judgeCall } from "./judge-call.ts";
import { canonicalOf, found, spelling } from "./kinds.ts";
import type { NamedRow } from "./named-rows.ts";
import { OwnerWords, type WordsOf } from "./owner-words.ts";
import { Payments } from "./payments.ts";
import { isOwnersQuestion, isVouchedQuery } from "./questions.ts";
import { type Allowance, type Field, idKindOf, isSpent, ownKindOf, type Row, rowsOf } from "./rows.ts";
import { type Sourced, sourced, textOf } from "./sources.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

/**
 * A task up to now: what its owner typed, and the calls that were made for it with their answers. Each answer is looked at
 * once, when it is taken in; so much of it is kept, and beyond that the oldest are forgotten.
 */
export class Trace implements TracedTask {
  readonly words: OwnerWords;
  #hasForgotten: boolean;
  /** The owner's own addresses, as they are written, and as they are compared. */
  readonly #addresses: readonly string[];
  readonly #self: ReadonlySet<string>;
  #steps: TracedStep[] = [];
  /** Of their answers. */
  #chars = 0;
  /** Each with the approval that showed it. */
  #endorsed = new Endorsements();
  #described = new Map<ToolFacts, DescribedRows>();
  #bearers = new Bearers();
  #payments: Payments;
  #beside = new Beside();
  /** Addresses, links, accounts and codes in the owner's own answers. */
  #carried = new Set<string>();
  /** Whom lists name that no third party can write. */
  #members = new Set<string>();
  #correspondents = new Correspondents();
  /** Ids that calls of this task gave to what they made. */
  #made = new Set<string>();
  #hosts: ReadonlySet<string> | undefined;
  #isTainted = false;
  #isPrivate = false;

  /** `hasForgotten`: it read more than is known here. Then it counts as having read untrusted text. */
  constructor(words: string, { hasForgotten = false, by = "person" as WordsOf, self = [] as readonly string[] } = {}) {
    this.words = new OwnerWords(words, by);
    this.#payments = new Payments(this.words.amounts);
    this.#hasForgotten = hasForgotten;
    this.#addresses = self;
    this.#self = new Set(self.map(spelling));
  }

  /** Of the answers that it keeps. */
  get chars(): number {
    return this.#chars;
  }

  get steps(): readonly TracedStep[] {
    return this.#steps;
  }

  get isTainted(): boolean {
    return this.#isTainted || this.#hasForgotten;
  }

  get isPrivate(): boolean {
    return this.#isPrivate;
  }

  get described(): readonly Row[] {
    return [...this.#described.values()].flatMap(({ meant }) => meant);
  }

  get named(): readonly NamedRow[] {
    return [...this.#described.values()].flatMap(({ named }) => named);
  }

  paidIn(sum: number): readonly Row[] {
    return this.#payments.over(sum);
  }

  bounding(field: string): number[] {
    return [...this.#described.values()].map((rows) => rows.bound(field));
  }

  isAmbiguous(row: Row, id: Field): boolean {
    return this.#bearers.isAmbiguous(row, id);
  }

  /** The owner has seen these values, and the names beside them, in a request of that effect, and approved it. */
  endorse(shown: Parameters<Endorsements["add"]>[0], effect: Effect, approval = ""): void {
    this.#endorsed.add(shown, effect, approval);
  }

  isEndorsed(value: unknown, effect: Effect): boolean {
    return this.#endorsed.has(value, effect);
  }

  endorsedBy(value: unknown): string | undefined {
    return this.#endorsed.by(value);
  }

  isSelf(value: unknown): boolean {
    return this.#self.has(spelling(value));
  }

  beside(value: string): string[] {
    return this.#beside.of(value);
  }

  isMember(value: unknown): boolean {
    return this.#members.has(spelling(value));
  }

  isCorrespondent(value: unknown): boolean {
    return this.#correspondents.isNamed(value, this.words);
  }

  hasMade(kind: string, id: unknown): boolean {
    return this.#made.has(madeKey(kind, id));
  }

  isCarried(value: string): boolean {
    return this.words.carried.has(value) || this.#carried.has(value) || this.isSelf(value) || this.#isNamedHost(value);
  }

  /** The host alone of a link that the owner named leads nowhere else; "www." before it says nothing. */
  #isNamedHost(value: string): boolean {
    if (/[/?#@:]/.test(value)) return false;
    this.#hosts ??= new Set([...this.words.carried].map(hostIn));
    return this.#hosts.has(hostIn(value));
  }

  giving(value: unknown): TracedStep | undefined {
    const wanted = spelling(value);
    return this.#steps.find(({ values }) => values.has(wanted));
  }

  isFor(words: string, by: WordsOf, self: readonly string[]): boolean {
    if (this.words.whole !== words || this.words.by !== by) return false;
    return self.length === this.#addresses.length && self.every((each, n) => each === this.#addresses[n]);
  }

  /**
   * The same calls, with other words or addresses of the owner's. What the owner approved stays approved, and vouches for
   * no call that had ended by then. `isLater`: nor do the words, which were typed after those calls.
   */
  withWords(
    words: string,
    { by, self, isLater = false }: { by: WordsOf; self: readonly string[]; isLater?: boolean },
  ): Trace {
    const trace = new Trace(words, { hasForgotten: this.#hasForgotten, by, self });
    for (const { step, ...asked } of this.#steps)
      if (isLater) trace.#take(step, asked);
      else trace.add(step);
    trace.#endorsed = this.#endorsed;
    return trace;
  }

  /** The same reports with where their values stand. */
  sourced(reports: readonly ArgumentReport[]): Sourced<ArgumentReport>[] {
    return sourced(this, reports);
  }

  /** Takes in a call that has ended. */
  add(step: Step): void {
    const isAllowed =
      !isReading(step.effect) && judgeCall(this, step).every(({ vouched }) => vouched) && this.#isClean(step);
    this.#take(step, { isVouched: isVouchedQuery(this, step), isFound: isOwnersQuestion(this, step), isAllowed });
  }

  /** Whatever its skill declares: no text in it brings out what others wrote. */
  #isClean(step: Step): boolean {
    if (!this.isTainted) return true;
    const { all, left } = leavesOf(step, Object.keys(step.args), { leaves: bounds.leaves, chars: bounds.contentChars });
    return !left && all.every(({ value }) => foreignIn(this, String(value)).length === 0);
  }

  #take(step: Step, { isVouched, isFound, isAllowed }: Asked): void {
    const allowance: Allowance = { leaves: bounds.leaves, chars: bounds.answerChars };
    const values = new Set<string>();
    const isReliable = step.facts.output === "trusted" && isVouched;
    if (!isReading(step.effect)) this.#bearers.changed(step);
    let ownChars: number = isReliable ? bounds.ownChars : 0;
    const isSelf = (value: unknown) => this.isSelf(value);
    const made: string[] = [];
    for (const row of rowsOf(step, allowance, { isFound, isSelf })) {
      this.#takeIn(row);
      if (isAllowed) made.push(...idsOf(row));
      if (!isReliable || !row.isOwn) continue;
      for (const { value } of row.fields) {
        values.add(spelling(value));
        const text = String(value);
        if (ownChars > 0) for (const each of carriedIn(text.slice(0, ownChars))) this.#carried.add(each);
        ownChars -= text.length;
      }
    }
    if (values.size === 1 && Object.keys(step.args).length === 0)
      for (const only of values) this.words.days.learn(only);
    // What nobody looked at may be anybody's.
    if (isSpent(allowance) && step.facts.output === "untrusted") this.#isTainted = true;
    // A list of what there is was made by nobody here.
    if (made.length === 1) for (const each of made) this.#made.add(each);
    this.#isPrivate ||= step.facts.private;
    let links: ReadonlyMap<string, readonly Row[]> | undefined;
    let pageLinks: ReadonlySet<string> | undefined;
    const text = textOf(step.output);
    this.#beside.add(step.output);
    const chars = bounds.answerChars - Math.max(0, allowance.chars);
    this.#chars += chars;
    this.#steps.push({
      text,
      ...{ step, isVouched, isFound, isAllowed, values, chars },
      links: () => (links ??= linksIn(step, isSelf)),
      pageLinks: () => (pageLinks ??= new Set(found(text, "url"))),
    });
    this.#forgetOldest();
  }

  #takeIn(row: Row): void {
    const { facts } = row.step;
    if (!row.isOwnText) this.#isTainted = true;
    this.#bearers.add(row);
    this.#correspondents.add(row, (value) => this.isSelf(value));
    if (Object.keys(facts.fields).length > 0) {
      const known = this.#described.get(facts) ?? new DescribedRows(this.words);
      this.#described.set(facts, known);
      known.add(row);
      this.#payments.add(row);
    }
    if (facts.writers === "anyone" || (facts.writers === "self" && !row.isOwn)) return;
    for (const { role, value } of row.fields)
      if (role === "party" || role === "label") this.#members.add(spelling(value));
  }

  #forgetOldest(): void {
    let chars = this.#chars;
    if (chars <= bounds.taskChars) return;
    const kept = [...this.#steps];
    // Half at once: to forget is to look at the rest anew.
    while (chars > bounds.taskChars / 2 && kept.length > 1) chars -= (kept.shift() as TracedStep).chars;
    this.#hasForgotten = true;
    this.#steps = [];
    this.#chars = 0;
    this.#described = new Map();
    this.#bearers = new Bearers();
    this.#beside = new Beside();
    this.#payments = new Payments(this.words.amounts);
    this.#carried = new Set();
    this.#members = new Set();
    this.#correspondents = new Correspondents();
    this.#made = new Set();
    for (const { step, ...asked } of kept) this.#take(step, asked);
  }
}

type Asked = Pick<TracedStep, "isVouched" | "isFound" | "isAllowed">;

const madeKey = (kind: string, id: unknown): string => `${kind} ${canonicalOf(id, "id")}`;

/** The row's own id: of an answer without declared fields, what is all of it, or is called an id. */
const idsOf = ({ step: { facts }, fields }: Row): string[] => {
  const own = ownKindOf(facts);
  if (own === undefined) return [];
  const isDeclared = Object.keys(facts.fields).length > 0;
  const ids = fields.filter(({ name, role }) => {
    if (role === "record") return idKindOf(facts, name) === own;
    return !isDeclared && typeof facts.ids === "string" && (fields.length === 1 || isCalledId(name, own));
  });
  return ids.map(({ value }) => madeKey(own, value));
};

/** "id", "id_", "event_id", "eventId": at the top of an answer, the skill's own key. */
const isCalledId = (name: string, kind: string): boolean => {
  const key = name.replaceAll("_", "").toLowerCase();
  return key === "id" || key === `${kind.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase()}id`;
};

const hostIn = (link: string): string => (link.split(/[/?#]/, 1)[0] ?? "").replace(/^www\./, "");

/**
 * Links in the texts of an answer, canonical, and the rows that hold them: of rows that say who wrote them, or that the
 * owner wrote. The name of an author is no link, whatever it looks like.
 */
function linksIn(step: Step, isSelf: (value: unknown) => boolean): Map<string, Row[]> {
  const links = new Map<string, Row[]>();
  const { author, writers } = step.facts;
  for (const row of rowsOf(step, { leaves: bounds.leaves, chars: bounds.ownChars }, { isFound: false, isSelf })) {
    const { fields, isOwn } = row;
    const isSigned = fields.some(({ name, value }) => name === author && String(value).trim() !== "");
    if (!isSigned && !(isOwn && writers === "self")) continue;
    for (const { role, value } of fields)
      if (role === "text" && typeof value === "string")
        for (const link of found(value, "url")) links.set(link, [...(links.get(link) ?? []), row]);
  }
  return links;
}
