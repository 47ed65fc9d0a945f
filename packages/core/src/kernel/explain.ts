import type { JournalRecord } from "@mh/contract/values/record.ts";
import { isAnswer } from "../journal/is-answer.ts";
import { intersect, judge, type Verdict } from "../policy/judge.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { type AllowedBy, allowedBy } from "./explain-allowed.ts";
import { type ExplainedRight, type FindBefore, rightsOf } from "./explain-rights.ts";

/** Finds records in a journal: by reading all of it, or by an index. */
export interface RecordLookup {
  /** The record with this number, else the first whose id is this, begins or ends with it. */
  named(which: string): JournalRecord | undefined;
  /** Every record of a command and of the answers to it, in order. */
  about(id: string): JournalRecord[];
  /** The rules that a verdict was given by; undefined where their text is no longer kept. */
  policy(hash: string): PolicySet | undefined;
  /** What it finds is said to have given a right: by the journal itself, or by an index that can leave none out. */
  findBefore: FindBefore;
}

/** What the journal alone tells of one command. */
export interface Explanation {
  id: string;
  /** Every record of the command and of the answers to it, in order. */
  records: JournalRecord[];
  /** The record that holds the verdict, where one was given. */
  decided: JournalRecord | undefined;
  /** The commands that led here, nearest first. */
  causes: JournalRecord[];
  /** The verdict worked out again from the recorded request and rules, or why that cannot be done. */
  rejudged: { verdict: Verdict; isSame: boolean } | { impossible: string };
  /** Titles of the deciding rules, by id. */
  rules: { id: string; title: string }[];
  /** The rights that the judge was told of, each with the record that gave it. */
  rights: ExplainedRight[];
  /** What the owner said that let it happen: an approval of its own, a plan, an approval that showed its values. */
  allowedBy: AllowedBy[];
}

/** Rebuilds why a command was done, asked or refused. `which` is a command's id, a beginning of one, or a record's number. */
export function explain(log: RecordLookup, which: string): Explanation | undefined {
  const found = log.named(which);
  if (!found) return undefined;
  const id = isAnswer(found) && found.ref ? found.ref : found.id;
  const records = log.about(id);
  const decided = records.find((record) => record.verdict !== undefined && record.id === id);
  const set = decided?.policyHash ? log.policy(decided.policyHash) : undefined;
  const rules = (decided?.rules ?? []).map((rule) => ({ id: rule, title: set?.rules.get(rule)?.title ?? "" }));
  return {
    id,
    records,
    decided,
    causes: causesOf(log, found),
    rejudged: rejudge(decided, set),
    rules,
    rights: rightsOf(decided, log.findBefore),
    allowedBy: allowedBy((each) => log.about(each), records, id),
  };
}

/** A short id may be digits only; then the number of a record goes first. */
export const recordNumber = (which: string): number | undefined =>
  /^\d{1,10}$/.test(which) ? Number(which) : undefined;

function causesOf(log: RecordLookup, record: JournalRecord): JournalRecord[] {
  const causes: JournalRecord[] = [];
  for (let next = record.cause; next && causes.length < 16; ) {
    const id = next;
    const cause = log.about(id).find((each) => each.id === id);
    if (!cause) break;
    causes.push(cause);
    next = cause.cause;
  }
  return causes;
}

function rejudge(decided: JournalRecord | undefined, set: PolicySet | undefined): Explanation["rejudged"] {
  const [first, ...rest] = decided?.request ?? [];
  if (!decided || !first) return { impossible: "no verdict was recorded" };
  if (!set) return { impossible: "the rules of that time are no longer kept" };
  const hasSealed = [first, ...rest].some((request) => request.scope.recipients?.length);
  if (hasSealed) return { impossible: "addresses are kept as hashes only, and a rule may have named one" };
  // Only an approval turns a recorded ask into a recorded intent.
  const wasApproved = decided.phase === "intent" && decided.verdict === "allow" && decided.body?.approved === true;
  const verdict = intersect([judge(set, first, wasApproved), ...rest.map((r) => judge(set, r, wasApproved))]);
  const isSame = verdict.verdict === decided.verdict && String(verdict.rules) === String(decided.rules ?? []);
  return { verdict, isSame };
}
