// All that an agent's file may import. It runs in a worker without disk, network and environment: what it wants of the
// world, it asks of the kernel through `act`.
import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Progress, ProgressUpdate } from "@mh/contract/wire/progress.ts";

/** What skills take and give, by their names. */
export type { ArgsFor, ValueFor };

/** When an agent runs: by the clock, or when something happened. */
export type Trigger =
  /** Five fields, in the owner's time zone. A time that a clock change skips or doubles counts once. */
  | { cron: string }
  /** `30m`, `2h`, `1d`: counted from midnight UTC, so that a restart does not shift it. */
  | { every: string }
  /** A pattern of event names, as `memory.captured` or `mail.**`. Events within `settle` (`10s`) of each other are one run. */
  | { event: string; settle?: string }
  /** Once each time the owner has done nothing for so long. */
  | { idle: string };

export interface AgentDefinition {
  /** A job title, in lower case with dashes. The file is called after it. */
  name: string;
  /** What it does for the owner, in a sentence. */
  title: string;
  triggers: readonly Trigger[];
  /** The only skills it may use, and each only once the owner has granted it. */
  may: readonly string[];
  /**
   * What must be in the log after a run for it to count as done: skills of which at least one command was done, or,
   * written `skill?`, at least one is done or waits for the owner. The kernel checks it; the agent's word does not count.
   */
  ensures: readonly [string, ...string[]];
  /** Of runs that were missed while the machine slept: none, the last one, or each. `latest` where absent. */
  missed?: "skip" | "latest" | "all";
  /** In the owner's quiet hours it waits for their end (`wait`, where absent), is left out, or runs all the same. */
  quietHours?: "wait" | "skip" | "run";
  /** Runs of higher priority go first, and suspend those of a lower one when there is no room. */
  priority?: "low" | "normal" | "high";
  /** After a failure or a crash: how often it is tried again, with growing pauses. A command that was done is not done again. 2 where absent. */
  retries?: number;
  limits?: {
    /** Wall-clock time without suspensions. 60 s where absent. */
    timeMs?: number;
    /** Processor time. 30 s where absent. */
    cpuMs?: number;
    /** Resident memory. 256 MiB where absent. */
    memoryBytes?: number;
  };
  /** What it gives back, as JSON, is the `result` of who delegated to it, and otherwise nobody's. */
  run(agent: AgentContext): Promise<unknown>;
}

/** What is asked of a model, by the file of a prompt. */
export interface Asking {
  /** Its name in brain/prompts. */
  prompt: string;
  /** What it works on: data, of whatever author. */
  text: string;
  /** JSON Schema of its answer. */
  schema: Record<string, unknown>;
  /** How much it may write. 800 where absent. */
  tokensMax?: number;
  /** How long it is waited for. A minute where absent; `modelSeconds` in the agent's settings goes before. */
  waitMs?: number;
}

export interface ActOptions {
  /** Hears how far the command is, as long as it runs. */
  onProgress?: (progress: Progress) => void;
  /** After so long it is cancelled, where that can be: its outcome says how it ended. */
  patienceMs?: number;
}

/** What a run knows, and its one way to do anything. */
export interface AgentContext {
  name: string;
  /** Its section of `config.yaml`. */
  config: Record<string, unknown>;
  owner: { name: string; timeZone: string };
  /** What started this run; `agent` where somebody delegates to it. `at` is the time it was meant for, ISO 8601; build upon it, and a second try says the same. */
  trigger: {
    kind: "cron" | "every" | "event" | "idle" | "owner" | "agent";
    at: string;
    event?: { name: string; command: string };
  };
  /** What it is to work on, where somebody delegates to it: others' words, and `origins` says whose they may be. */
  given?: { input: unknown; from: string; origins: string[] };
  /** Every end is a value: done, denied, parked (it waits for the owner; do not try again), failed, interrupted. */
  act<Name extends string>(skill: Name, args: ArgsFor<Name>, options?: ActOptions): Promise<Outcome<ValueFor<Name>>>;
  /** The value of what must succeed; anything else ends the run. */
  need<Name extends string, Args extends ArgsFor<Name>>(
    skill: Name,
    args: Args,
    options?: ActOptions,
  ): Promise<ValueFor<Name>>;
  need<T>(skill: string, args: unknown, options?: ActOptions): Promise<T>;
  /**
   * Asks a language model through `prompt.read` and `llm.generate`, and gives the JSON that it answered, unchecked: nobody
   * vouches for it. Undefined where none answered so, where asking waits for the owner, or where `model: false` stands in
   * the agent's settings; the run's log says why. What a run does must not depend on it, only how it is put.
   */
  ask(asking: Asking): Promise<unknown>;
  /** Says how far this run is, to those who watch it: so much `done` of a `total`, where that is known. */
  progress(update: ProgressUpdate): void;
  /** A line for this run's log. `console` goes there, too. */
  log(text: string): void;
}

/** Declares an agent. The file exports it as `agent`. */
export const defineAgent = (definition: AgentDefinition): AgentDefinition => definition;
