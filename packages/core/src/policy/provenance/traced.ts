import type { Effect } from "@mh/contract/values/effect.ts";
import type { Step } from "@mh/contract/values/provenance.ts";
import type { NamedRow } from "./named-rows.ts";
import type { OwnerWords } from "./owner-words.ts";
import type { Field, Row } from "./rows.ts";

/** An earlier call, and what the rules ask of it again and again: worked out when it was taken in. */
export interface TracedStep {
  readonly step: Step;
  /** All that it asked by was the owner's: what a trusted source answered vouches. */
  readonly isVouched: boolean;
  /** The same, or it was a search for words of the owner's: what it found may be what they describe. */
  readonly isFound: boolean;
  /** It was a call that does something, and nothing had to be asked about it. */
  readonly isAllowed: boolean;
  /** Values that stand alone in a field, as their kinds spell them; none where the answer is not to be relied on. */
  readonly values: ReadonlySet<string>;
  /** Links in it that somebody signed, and all, canonical; worked out at first use. */
  links(): ReadonlyMap<string, readonly Row[]>;
  pageLinks(): ReadonlySet<string>;
  /** All that stands in its answer: for the report of where a value is from. */
  readonly text: string;
  /** Characters that were looked at. */
  readonly chars: number;
}

/** What the rules know of a task up to now. */
export interface TracedTask {
  readonly words: OwnerWords;
  readonly steps: readonly TracedStep[];
  /** Something of others' was read, or nobody knows. */
  readonly isTainted: boolean;
  /** Something that is the owner's business alone was read. */
  readonly isPrivate: boolean;
  /** Of each skill's answers, the entries that the owner's words mean. */
  readonly described: readonly Row[];
  /** The entries that the owner's words hold a name of whole; of many of one name, some that differ. */
  readonly named: readonly NamedRow[];
  /** Payments to the owner over a sum that they name. */
  paidIn(sum: number): readonly Row[];
  /** By each skill's answers, the most that a field of what is described allows. */
  bounding(field: string): number[];
  /** Entries that differ bear this id, too. */
  isAmbiguous(row: Row, id: Field): boolean;
  /** The owner saw a value, as it is written, and approved it for this task, and for what has such an effect. */
  isEndorsed(value: unknown, effect: Effect): boolean;
  /** The approval that showed it. */
  endorsedBy(value: unknown): string | undefined;
  /** It is an address of the owner's own. */
  isSelf(value: unknown): boolean;
  /** What stands with a value in short lists of what was read. */
  beside(value: string): readonly string[];
  /** Somebody, or something, that a list names which no third party can write. */
  isMember(value: unknown): boolean;
  /** The one by that name to whom the owner has written. */
  isCorrespondent(value: unknown): boolean;
  /** A call of this task that was let through made it. */
  hasMade(kind: string, id: unknown): boolean;
  /** Whether something that a text carries is the owner's. */
  isCarried(value: string): boolean;
  /** The trusted answer to the owner's own query that holds a value. */
  giving(value: unknown): TracedStep | undefined;
}
