import type { Effect } from "@mh/contract/values/effect.ts";
import { type ToolFacts, toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { judgeCall } from "@mh/core/policy/provenance/judge-call.ts";
import { Trace } from "@mh/core/policy/provenance/trace.ts";

// A task as a test writes it: what the owner typed, what was read, and the call that is judged.

/** What a skill declares, as far as it is not usual. */
export type Declared = Readonly<Record<string, unknown>>;

export interface Read {
  facts: Declared;
  args?: Record<string, unknown>;
  output: unknown;
  /** A read, where nothing is said. */
  effect?: Effect;
}

export interface Judged {
  facts: Declared;
  args: Record<string, unknown>;
  /** A write, where nothing is said. */
  effect?: Effect;
}

/** Whether everything in a call is vouched for. Reads with one declaration are answers of one skill. */
export function passes(
  words: string,
  reads: readonly Read[],
  { facts, args, effect = "write" }: Judged,
  self: readonly string[] = [],
): boolean {
  const trace = new Trace(words, { self });
  const known = new Map<Declared, ToolFacts>();
  const factsOf = (declared: Declared): ToolFacts => {
    const parsed = known.get(declared) ?? toolFactsSchema.parse(declared);
    known.set(declared, parsed);
    return parsed;
  };
  for (const [n, read] of reads.entries()) {
    const { args: asked = {}, effect: of = "read", output } = read;
    trace.add({ id: `${n}`, facts: factsOf(read.facts), effect: of, args: asked, output });
  }
  return judgeCall(trace, { id: "now", effect, args, facts: factsOf(facts) }).every(({ vouched }) => vouched);
}

/** A call in short: what its skill declares, its effect and arguments; one that was made has an answer. */
export type Wanted = [facts: Declared, effect: Effect, args: object];
export type Made = [...Wanted, output: unknown];

/** The same for calls in short. */
export const isVouched = (words: string, made: readonly Made[], [facts, effect, args]: Wanted | Made): boolean =>
  passes(
    words,
    made.map(([declared, of, asked, output]) => ({ facts: declared, effect: of, args: { ...asked }, output })),
    { facts, effect, args: { ...args } },
  );

/** Mails of a machine, as anybody's: nobody signed them. */
export const mailed = (body: string): Made => [
  { writers: "anyone", author: "from", fields: { from: "party" } },
  ...(["read", {}, [{ from: "no-reply@club.example", body }]] as const),
];
