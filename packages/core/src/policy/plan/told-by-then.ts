import { isReading } from "@mh/contract/values/effect.ts";
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
  /** Whether a call is a question that was not answered before. */
  readonly #isNew: readonly boolean[];
  readonly #owners: KnownText;
  readonly #read: KnownText;

  /** `task` has taken in the calls before, and none of those ahead. */
  constructor(task: Trace, before: readonly HonestCall[], ahead: readonly HonestCall[]) {
    this.#task = task;
    this.#ahead = ahead;
    const asked = new Set(before.map(questionOf));
    this.#isNew = ahead.map((call) => isReading(call.effect) && !asked.has(questionOf(call)));
    this.#owners = knownText(task.words.text);
    this.#read = together(before.flatMap((call) => [textsOf(call).args, textsOf(call).answer]));
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
    const words = isPlain ? wordsIn(value) : [];
    const isIn = (held: KnownText) =>
      standsIn(held.text, value) || (words.length > 0 && words.every((word) => held.has(word)));
    const said = [this.#owners];
    const isSaid = () => isIn(together(said));
    const isRead = isIn(this.#read);
    for (const [n, before] of this.#ahead.slice(0, at).entries()) {
      const { args, answer } = textsOf(before);
      if (before.effect !== "read") said.push(args);
      if ((!isRead || this.#isNew[n]) && isIn(answer) && !isSaid()) return false;
    }
    return isRead || isSaid() || this.#isOwnMaking(value, at);
  }

  /** Nothing is read before the call so many ahead. */
  isUndisturbed(at: number): boolean {
    return !this.#ahead.slice(0, at).some(({ effect }) => isReading(effect));
  }

  /** What the planner makes up, with nothing to read before it, and not out of what its own steps will answer. */
  #isOwnMaking(value: string, at: number): boolean {
    if (!this.isUndisturbed(at)) return false;
    const answered = together(this.#ahead.slice(0, at).map((call) => textsOf(call).answer));
    return !wordsIn(value).some((word) => !this.#read.has(word) && !this.#owners.has(word) && answered.has(word));
  }
}

/** A text, and whether it has a word. */
interface KnownText {
  text: string;
  has(word: string): boolean;
}

function knownText(text: string): KnownText {
  let words: ReadonlySet<string> | undefined;
  const has = (word: string): boolean => {
    words ??= new Set(wordsIn(text));
    return words.has(word);
  };
  return { text, has };
}

const together = (all: readonly KnownText[]): KnownText => ({
  text: all.map(({ text }) => text).join("\0"),
  has: (word) => all.some((held) => held.has(word)),
});

/** A run is looked at again for each plan that is announced in it, and its texts once. */
const known = new WeakMap<HonestCall, { args: KnownText; answer: KnownText }>();

function textsOf(call: HonestCall): { args: KnownText; answer: KnownText } {
  const held = known.get(call) ?? { args: knownText(textOf(call.args)), answer: knownText(textOf(call.output)) };
  known.set(call, held);
  return held;
}

export const questionOf = ({ skill, args }: HonestCall): string => `${skill}\0${canonical(args)}`;
