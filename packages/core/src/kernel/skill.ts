import type { Amount, Effect, Risk, Scope } from "@mh/contract/values/effect.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { ToolFacts } from "@mh/contract/values/provenance.ts";
import type { z } from "zod";
import type { Transaction } from "../journal/transaction.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import type { Call } from "./call.ts";
import type { DeedBody } from "./changes.ts";

/** What a skill says of itself. Its hash pins it: a changed manifest is another version of the skill. */
export interface Manifest<In, Out> {
  /** `noun.verb`. */
  name: string;
  version: string;
  /** What it does, in a sentence for the person who is asked to allow it. */
  title: string;
  input: z.ZodType<In>;
  output: z.ZodType<Out>;
  /** Every effect that `classify` may return. */
  effects: readonly Effect[];
  permissions: {
    paths?: readonly string[];
    hosts?: readonly string[];
    secrets?: readonly string[];
    processes?: boolean;
  };
  /** Top-level arguments that steer the effect: recipients, paths, ids, amounts. */
  control: readonly string[];
  /**
   * What else the rules of provenance need: kinds of arguments, fields of the answer, who can write there. Where a skill
   * says nothing of it, whatever it answers is text that anyone may have written.
   */
  provenance?: ProvenanceFacts;
  /** How it is undone, in a few words; null where it cannot be, and the person who approves is told so. */
  undo: string | null;
  /** Whether running it a second time after a crash does harm. */
  retry: "safe" | "never";
  /** SHA-256 of the code or the contract behind it, where it is a third party's: another hash is another version. */
  code?: string;
  /** Announced on the bus after the outcome is in the journal; none for queries. */
  event?: string;
}

export type ProvenanceFacts = Omit<Partial<ToolFacts>, "control">;

export interface Classification {
  effect: Effect;
  risk: Risk;
  scope: Scope;
  /** What it pays at most: reserved from the allowance before it runs. */
  amount?: Amount;
}

/** What every run knows of the command it serves. */
export interface CommandContext {
  commandId: string;
  principal: Principal;
  /** The task it belongs to. */
  task?: string;
  config: Config;
  /** Milliseconds; never goes back. */
  now: number;
  /** Where the arguments came from, for what is stored of them. */
  origins: string[];
}

export interface QueryContext extends CommandContext {
  db: Database;
}

export interface OwnContext extends CommandContext {
  tx: Transaction;
  /** Carries on with a command that was parked, in the same transaction. Only approvals use it. */
  resume(parked: Call): void;
  /** Says more of what is changed than the transaction sees by itself. Only history and forgetting use it. */
  note(more: Partial<DeedBody>): void;
}

export interface OutsideContext extends CommandContext {
  /** Aborted when STOP comes, when the home is closed, and when the person who asked has gone. */
  signal: AbortSignal;
  /** What the outcome's record says beside how it ended; no plain text of anybody's. */
  note(more: Record<string, unknown>): void;
  /** Keeps bytes as an object, from the outcome on, and gives its name. Where it is noted, it can be found again. */
  keep(bytes: Uint8Array): string;
  /** Removes an object once the outcome is in the journal. */
  drop(object: string): void;
}

interface Base<In, Out> {
  manifest: Manifest<In, Out>;
  /** Pure. Must stay within the manifest's effects. */
  classify(args: In, config: Config): Classification;
}

/** Reads the owner's data. One record, no intent. */
export interface QuerySkill<In, Out> extends Base<In, Out> {
  kind: "query";
  run(args: In, context: QueryContext): Out | Promise<Out>;
}

/** Changes the owner's data: intent, data and outcome are one atomic commit. */
export interface OwnSkill<In, Out, Prepared = unknown> extends Base<In, Out> {
  kind: "own";
  /** Slow and pure work, done before the writer is held. */
  prepare?(args: In, context: { config: Config; db: Database }): Promise<Prepared>;
  apply(args: In, context: OwnContext, prepared: Prepared): Out;
  /**
   * The outcome's value of an earlier command, read back from the data that carries its id. The arguments are there when
   * the command is given again, and not when a crash is looked into.
   */
  recall?(db: Database, commandId: string, args?: In): Out | undefined;
}

/** Acts on the world outside: the intent is on disk before `run` begins. */
export interface OutsideSkill<In, Out> extends Base<In, Out> {
  kind: "outside";
  /** What of the arguments stands in the intent's record in plain; nothing where this is absent. */
  journalled?(args: In): Record<string, unknown>;
  run(args: In, context: OutsideContext): Promise<Out>;
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds skills of every input and output.
export type Skill = QuerySkill<any, any> | OwnSkill<any, any, any> | OutsideSkill<any, any>;

export const defineQuery = <In, Out>(skill: Omit<QuerySkill<In, Out>, "kind">): QuerySkill<In, Out> => ({
  kind: "query",
  ...skill,
});
export const defineOwn = <In, Out, P = undefined>(skill: Omit<OwnSkill<In, Out, P>, "kind">): OwnSkill<In, Out, P> => ({
  kind: "own",
  ...skill,
});
export const defineOutside = <In, Out>(skill: Omit<OutsideSkill<In, Out>, "kind">): OutsideSkill<In, Out> => ({
  kind: "outside",
  ...skill,
});

/** Classification of skills whose effect never depends on their arguments. */
export const always =
  (effect: Effect, risk: Risk = "low") =>
  (): Classification => ({ effect, risk, scope: {} });
