import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { type Progress, type ProgressUpdate, progressSchema, withoutText } from "@mh/contract/wire/progress.ts";
import type { Call } from "./call.ts";
import { isStopped, type KernelDeps } from "./parts.ts";

/** What a run is of, for those who look at what is under way. */
export interface RunFacts {
  readonly skill: string;
  readonly principal: Principal;
  /** Milliseconds. */
  readonly beganMs: number;
}

/** A command under way, for its caller. */
export interface Run extends RunFacts {
  /** The command's id. */
  readonly id: string;
  readonly outcome: Promise<Outcome>;
  /** The last that it said of how far it is. */
  readonly progress: Progress | undefined;
  /** Hears how far it is from now on. */
  watch(listener: (progress: Progress) => void): Disposable;
  /**
   * Ends it and what it caused, if that can still be ended: what is being committed is. `reason` is a clause for the person who reads the
   * outcome, as in "You pressed Ctrl-C".
   */
  cancel(reason: string): void;
  /** False where it was under way already, begun by somebody else. */
  readonly isNew: boolean;
  /** It goes on when its caller has gone; its end is kept for a while, to be asked for by its id. */
  detach(): void;
}

/** A command after its first transaction: over, or about to run. */
export type Begun = { outcome: Outcome } | { run: (run: ActiveRun) => Promise<Outcome> };

/** The kernel's side of a run. */
export class ActiveRun {
  readonly id: string;
  outcome!: Promise<Outcome>;
  progress: Progress | undefined;
  /** The command as it was given, to tell a repeat from another command under its id. */
  readonly what: string;
  readonly facts: RunFacts;
  isDetached = false;
  /** Of what an approval lets run: the hash of its arguments, by which a repeat is known. */
  argsHash: string | undefined;
  readonly #ending = new AbortController();
  readonly #caused = new Set<ActiveRun>();
  readonly #watchers = new Set<(progress: Progress) => void>();

  constructor(id: string, what: string, facts: RunFacts) {
    this.id = id;
    this.what = what;
    this.facts = facts;
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  cancel(reason: string): void {
    this.#ending.abort(reason);
    for (const run of this.#caused) run.cancel(reason);
  }

  /** A run that this one caused ends with it, until it is disposed of. */
  causes(run: ActiveRun): Disposable {
    this.#caused.add(run);
    if (this.signal.aborted) run.cancel(String(this.signal.reason));
    return { [Symbol.dispose]: () => void this.#caused.delete(run) };
  }

  report(progress: Progress): void {
    this.progress = progress;
    for (const listener of [...this.#watchers]) listener(progress);
  }

  handle(isNew: boolean): Run {
    const run = this;
    return {
      ...{ id: run.id, outcome: run.outcome, isNew, ...run.facts },
      get progress() {
        return run.progress;
      },
      watch(listener) {
        run.#watchers.add(listener);
        return { [Symbol.dispose]: () => void run.#watchers.delete(listener) };
      },
      cancel: (reason) => run.cancel(reason),
      detach: () => {
        run.isDetached = true;
      },
    };
  }
}

/** Thrown where a run was cancelled; what it had done is not known to its caller. */
export class Cancelled extends Error {
  override name = "Cancelled";
}

/**
 * Waits for work, but no longer than until its run is cancelled: a skill that does not heed its signal is not waited
 * for. STOP cancels for everyone but the owner.
 */
export async function unlessCancelled<T>(
  deps: KernelDeps,
  { principal }: Call,
  run: ActiveRun,
  work: () => T | Promise<T>,
): Promise<T> {
  const stop = () => run.cancel("STOP came while it ran");
  using _stop = isOwner(principal) ? undefined : deps.onStop(stop);
  throwIfCancelled(run);
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(new Cancelled(String(run.signal.reason)));
  run.signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([work(), promise]);
  } catch (error) {
    // STOP ends what it started from a thread of its own: that may be known here before STOP is.
    if (!isOwner(principal) && isStopped(deps)) stop();
    throwIfCancelled(run);
    throw error;
  } finally {
    run.signal.removeEventListener("abort", end);
  }
}

export function throwIfCancelled({ signal }: ActiveRun): void {
  if (signal.aborted) throw new Cancelled(String(signal.reason));
}

/** What a skill announces its progress by. */
export function reporter({ announce }: KernelDeps, call: Call, run: ActiveRun): (update: ProgressUpdate) => void {
  const { principal } = call;
  return (update) => {
    if (run.signal.aborted) return;
    const progress = progressSchema().parse(update);
    run.report(progress);
    announce({ run: run.id, skill: call.skill.contract.name, principal, ...withoutText(progress) });
  };
}
