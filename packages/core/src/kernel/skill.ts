import type { AnyContract, ArgsOf, Contract, ContractKind, OutputOf } from "@mh/contract/contract.ts";
import type { Parked, Pin } from "@mh/contract/values/approval.ts";
import type { Amount, Effect, Risk, Scope } from "@mh/contract/values/effect.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Answered, Question } from "@mh/contract/values/question.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import type { Transaction } from "../journal/transaction.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import type { ChangeBody } from "./changes.ts";

export interface Classification {
  effect: Effect;
  risk: Risk;
  scope: Scope;
  /** What it pays at most: reserved from the allowance before it runs. */
  amount?: Amount;
  /** What it uses of a model at most, in tokens: reserved like money. */
  tokens?: number;
  /** What an approval request says beside the arguments: a sentence's end, after the skill. */
  warning?: string;
}

/** What every run knows of the command it serves. */
export interface CommandContext {
  commandId: string;
  principal: Principal;
  /** The task it belongs to. */
  task?: string;
  /** The command that caused it. */
  cause?: string;
  config: Config;
  /** Milliseconds; never goes back. */
  now: number;
  /** Where the arguments came from, for what is stored of them. */
  origins: string[];
}

/** What a run that takes time knows besides. */
interface RunContext extends CommandContext {
  /** Aborted when the caller cancels or has gone, when STOP comes for its principal, and when the home is closed. */
  signal: AbortSignal;
  /** Announces how far it is, to those who watch. Never in the journal. */
  progress(update: ProgressUpdate): void;
}

export interface QueryContext extends RunContext {
  db: Database;
}

export interface OwnContext extends CommandContext {
  tx: Transaction;
  /** What the owner approved the arguments to point to; undefined where they were not asked. */
  pinned?: Pinned | undefined;
  /** Says more of what is changed than the transaction sees by itself. Only history and forgetting use it. */
  note(more: Partial<ChangeBody>): void;
}

export interface OutsideContext extends RunContext {
  /** What the owner approved the arguments to point to; undefined where they were not asked. */
  pins?: readonly Pin[] | undefined;
  /** The owner's answer to what this command asked before, by throwing `OwnerAsked`; undefined the first time. */
  answered?: Answered | undefined;
  /** What the outcome's record says beside how it ended; no plain text of anybody's. */
  note(more: Record<string, unknown>): void;
  /** Keeps bytes as an object, from the outcome on, and gives its name. Where it is noted, it can be found again. */
  keep(bytes: Uint8Array): string;
  /** Removes an object once the outcome is in the journal. */
  drop(object: string): void;
}

/**
 * How the value of a command is found again when its id comes a second time.
 * `kept`: it is an erasable object that the outcome names, for 90 days. `once`: a token or a secret, never given twice,
 * and a caller that asks is told so. `recall`: it is read back from the data that the command wrote; also how recovery tells
 * whether a command was done that wrote nothing which the transaction counts.
 */
export type Stored<In, Out> =
  | "kept"
  | "once"
  | { recall(db: Database, commandId: string, args: In | undefined): Out | undefined };

/**
 * Thrown by the run of an outside skill that cannot go on without the owner, who alone is asked: the command waits as one
 * that needs an approval, and is run again with `context.answered`, whatever the answer is.
 */
export class OwnerAsked extends Error {
  readonly question: Question;

  constructor(question: Question) {
    super(`${question.by} asks the owner`);
    this.question = question;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds skills of every input and output.
type Any = any;

/** What arguments point to. */
export interface Pinned {
  pins: Pin[];
  /** What is not held fast, a sentence each: the approval request says so. */
  unpinned?: string[];
  /** What sources of a plan said already. */
  answers?: NonNullable<Parked["answers"]>;
}

export interface PinContext {
  principal: Principal;
  /** Id of the command's task. */
  task?: string | undefined;
  config: Config;
  db: Database;
  signal: AbortSignal;
}

interface Base<In> {
  contract: AnyContract;
  /** Pure. Must stay within the contract's effects and permissions. */
  classify(args: In, config: Config): Classification;
  /**
   * Looks up what the arguments point to: files, versions, texts. Asked before the owner is, again when they have
   * approved, and compared; `run` is given what was approved and compares once more at the last moment.
   */
  pin?(args: In, context: PinContext): Promise<Pinned>;
  /** Why a grant or a plan step of that scope would never apply; undefined where it may. */
  notGrantable?(scope: Scope): string | undefined;
}

/** Reads the owner's data. One record; an intent besides, where it takes its time and is not for the owner. */
export interface QuerySkill<In = Any, Out = Any> extends Base<In> {
  kind: "query";
  run(args: In, context: QueryContext): Out | Promise<Out>;
}

export interface PrepareContext extends PinContext {
  /** Between two pieces of work that may take their time: everybody else has their turn. */
  turn: () => Promise<void>;
}

/** Changes the owner's data: intent, data and outcome are one atomic commit. `admin` is for the owner alone. */
export interface OwnSkill<In = Any, Out = Any, Prepared = Any> extends Base<In> {
  kind: "own" | "admin";
  stored: Stored<In, Out>;
  /** Slow and pure work, done before the writer is held, and only for a command that may run. */
  prepare?(args: In, context: PrepareContext): Promise<Prepared>;
  apply(args: In, context: OwnContext, prepared: Prepared): Out;
}

/** Acts on the world outside: the intent is on disk before `run` begins. */
export interface OutsideSkill<In = Any, Out = Any> extends Base<In> {
  kind: "outside";
  /**
   * `approved` is for what only looks: its answer is kept where the owner had to approve it, because its caller comes
   * for it later; else it is given once, and looked up anew under a new id.
   */
  stored: Exclude<Stored<In, Out>, object> | "approved";
  /** What of the arguments stands in the intent's record in plain; nothing where this is absent. */
  journalled?(args: In): Record<string, unknown>;
  run(args: In, context: OutsideContext): Promise<Out>;
}

export type Skill = QuerySkill | OwnSkill | OutsideSkill;

type Of<Kind extends ContractKind> = Contract<string, Kind, Any, Any>;
/** `classify` may be left out where the contract has one effect and touches nothing outside: low risk, no scope. */
type Implementation<S extends Base<Any>, C extends AnyContract> = Omit<S, "kind" | "contract" | "classify"> & {
  classify?: (args: ArgsOf<C>, config: Config) => Classification;
};

export function defineQuery<C extends Of<"query">>(
  contract: C,
  skill: Implementation<QuerySkill<ArgsOf<C>, OutputOf<C>>, C>,
): QuerySkill<ArgsOf<C>, OutputOf<C>> {
  return { kind: "query", contract, classify: always("read"), ...skill };
}

export function defineOwn<C extends Of<"own">, Prepared = undefined>(
  contract: C,
  skill: Implementation<OwnSkill<ArgsOf<C>, OutputOf<C>, Prepared>, C>,
): OwnSkill<ArgsOf<C>, OutputOf<C>, Prepared> {
  return { kind: "own", contract, ...skill, classify: skill.classify ?? always(onlyEffect(contract)) };
}

export function defineAdmin<C extends Of<"admin">, Prepared = undefined>(
  contract: C,
  skill: Implementation<OwnSkill<ArgsOf<C>, OutputOf<C>, Prepared>, C>,
): OwnSkill<ArgsOf<C>, OutputOf<C>, Prepared> {
  return { kind: "admin", contract, classify: always("admin", "medium"), ...skill };
}

export function defineOutside<C extends Of<"outside">>(
  contract: C,
  skill: Implementation<OutsideSkill<ArgsOf<C>, OutputOf<C>>, C>,
): OutsideSkill<ArgsOf<C>, OutputOf<C>> {
  return { kind: "outside", contract, ...skill, classify: skill.classify ?? always(onlyEffect(contract)) };
}

/** Classification of skills whose effect never depends on their arguments. */
export const always =
  (effect: Effect, risk: Risk = "low") =>
  (): Classification => ({ effect, risk, scope: {} });

function onlyEffect({ name, effects }: AnyContract): Effect {
  const [effect, another] = effects;
  if (effect && !another) return effect;
  throw new Error(`${name} has ${effects.length} effects: it must classify.`);
}
