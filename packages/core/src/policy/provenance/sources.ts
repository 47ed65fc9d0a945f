import { bounds } from "./bounds.ts";
import { carriedIn } from "./carried.ts";
import type { ArgumentReport } from "./judge-call.ts";
import { kindOf } from "./kinds.ts";
import { leaves } from "./rows.ts";
import type { TracedTask } from "./traced.ts";

export type Sourced<Report> = Report & {
  /** `owner`, `call:<id>` for an earlier answer that holds it, `model` where nothing does. */
  origins: string[];
  /** Names that stand in one short list with it: an approval that shows them covers them for the task, too. */
  beside: string[];
};

/** Where the values of reports stand: looked up for the person who is asked, who is shown so many. */
export function sourced(trace: TracedTask, reports: readonly ArgumentReport[]): Sourced<ArgumentReport>[] {
  // Each value is searched for in all that was read: so much, and no more.
  let left: number = searchedCharsMax;
  const chars = trace.steps.reduce((sum, step) => sum + step.chars, 0);
  return reports.slice(0, bounds.shown).map((report) => {
    const { value } = report;
    left -= chars;
    const found = left > 0 ? trace.steps.filter(({ text }) => standsIn(text, value)) : [];
    const answers = found.map(({ step }) => `call:${step.id}`);
    const origins = [...(trace.words.has(value, kindOf(value, undefined)) ? ["owner"] : []), ...answers];
    return {
      ...report,
      origins: origins.length > 0 ? origins : ["model"],
      beside: trace.beside(value).filter(isPlainOne),
    };
  });
}

/** All that stands in an answer, as it is searched: no value goes on in the next one. */
export const textOf = (output: unknown): string =>
  leaves(output, "", { leaves: bounds.leaves, chars: bounds.answerChars })
    .map(({ value }) => String(value))
    .join("\u0000");

const searchedCharsMax = 40_000_000;

/** Addresses, accounts, links and codes are asked about one by one. */
const isPlainOne = (each: string): boolean => kindOf(each, undefined) === "name" && [...carriedIn(each)].length === 0;

/** Whole: not inside a longer word, number, address or path. */
export function standsIn(text: string, value: string): boolean {
  for (let at = text.indexOf(value), n = 0; at !== -1 && n < bounds.places; at = text.indexOf(value, at + 1), n += 1) {
    // Most of what is found of a number is part of a longer one.
    if (isPlainWord(text.charCodeAt(at - 1)) || isPlainWord(text.charCodeAt(at + value.length))) continue;
    const before = text.slice(Math.max(0, at - 1), at);
    const after = text.slice(at + value.length, at + value.length + 1);
    if (!/[\p{L}\p{N}_@%+/\\-]$/u.test(before) && !/^[\p{L}\p{N}_@%+/\\]/u.test(after)) return true;
  }
  return false;
}

/** An ASCII letter or digit. */
const isPlainWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
