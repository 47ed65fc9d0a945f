import type { Call } from "@mh/contract/values/provenance.ts";
import { canonical } from "../../model/canonical.ts";
import type { NamedLeaf } from "../provenance/arguments.ts";
import { judgeControl } from "../provenance/judge-call.ts";
import { kindOf, wordsIn } from "../provenance/kinds.ts";
import { standsIn, textOf } from "../provenance/sources.ts";
import type { Trace } from "../provenance/trace.ts";

/** A call of an honest run, with its answer. */
export interface HonestCall extends Call {
  skill: string;
  output?: unknown;
}

/** What a planner could write down before some calls: by the owner's words, what it has read, and what it makes up itself. */
export class ToldByThen {
  readonly #task: Trace;
  readonly #ahead: readonly HonestCall[];
  readonly #answers: readonly string[];
  /** Whether a call is a question that was not answered before. */
  readonly #isNew: readonly boolean[];
  readonly #read: string;

  /** `task` has taken in the calls before, and none of those ahead. */
  constructor(task: Trace, before: readonly HonestCall[], ahead: readonly HonestCall[]) {
    this.#task = task;
    this.#ahead = ahead;
    this.#answers = ahead.map(({ output }) => textOf(output));
    const asked = new Set(before.map(questionOf));
    this.#isNew = ahead.map((call) => isReading(call) && !asked.has(questionOf(call)));
    this.#read = before.flatMap(({ args, output }) => [textOf(args), textOf(output)]).join("\0");
  }

  /**
   * Whether a value of the call so many ahead could be written down now. What the answer to a new question holds, it may
   * still choose, unless the owner's words, or what the planner does before, say it all.
   */
  isKnown(leaf: NamedLeaf, at: number): boolean {
    const call = this.#ahead[at] as HonestCall;
    if (judgeControl(this.#task, call, leaf).vouched) return true;
    const value = String(leaf.value);
    const isPlain = ["name", "path", "url"].includes(kindOf(leaf.value, call.facts.types[leaf.name]));
    const isIn = (texts: readonly string[]) =>
      texts.some((text) => standsIn(text, value)) || (isPlain && isMadeOf(value, texts));
    const said = [this.#task.words.text];
    const isRead = isIn([this.#read]);
    for (const [n, answer] of this.#answers.slice(0, at).entries()) {
      const before = this.#ahead[n] as HonestCall;
      if (before.effect !== "read") said.push(textOf(before.args));
      if ((!isRead || this.#isNew[n]) && isIn([answer]) && !isIn(said)) return false;
    }
    return isRead || isIn(said) || this.#isOwnMaking(value, at);
  }

  /** Nothing is read before the call so many ahead. */
  isUndisturbed(at: number): boolean {
    return !this.#ahead.slice(0, at).some(isReading);
  }

  /** What the planner makes up, with nothing to read before it, and not out of what its own steps will answer. */
  #isOwnMaking(value: string, at: number): boolean {
    const known = new Set([this.#read, this.#task.words.text].flatMap(wordsIn));
    const answered = new Set(this.#answers.slice(0, at).flatMap(wordsIn));
    return this.isUndisturbed(at) && !wordsIn(value).some((word) => !known.has(word) && answered.has(word));
  }
}

const isMadeOf = (value: string, texts: readonly string[]): boolean => {
  const words = new Set(texts.flatMap(wordsIn));
  const wanted = wordsIn(value);
  return wanted.length > 0 && wanted.every((word) => words.has(word));
};

export const isReading = ({ effect }: Pick<Call, "effect">): boolean => effect === "read" || effect === "fetch";

export const questionOf = ({ skill, args }: HonestCall): string => `${skill}\0${canonical(args)}`;
