// How a program speaks to a home, by whichever channel: the socket on its own machine, or HTTP.
import type { AnyContract, InputOf, OutputOf } from "./contract.ts";
import type { ArgsFor, ValueFor } from "./contracts.ts";
import type { Outcome } from "./wire/command.ts";
import type { Event } from "./wire/event.ts";
import type { RunProgress } from "./wire/progress.ts";
import type { FollowEnd } from "./wire/socket.ts";
import type { CheckedVerdict } from "./wire/verdict.ts";

export interface CheckOptions {
  /** The same id is done once. A new one where absent. */
  id?: string;
  /** A lesser principal that the owner speaks for. */
  as?: string | undefined;
  /** What the owner typed, for provenance. */
  words?: string;
  /** Id of the task that it belongs to; that of this client where absent. */
  task?: string;
}

export interface ActOptions extends CheckOptions {
  /** Hears how far the run is, as long as it lasts. */
  onProgress?: (progress: RunProgress) => void;
  /** Aborted, it cancels the run; how that ended is the outcome all the same. A text as its reason tells people why. */
  signal?: AbortSignal | undefined;
  /** The run goes on when this client has gone. `wait` tells its end. */
  detach?: boolean;
  /** Where it repeats a call that waited, or waits, for an approval, it is that command, whatever its id. */
  repeats?: boolean;
}

export interface WaitOptions extends Pick<ActOptions, "onProgress"> {
  /** Aborted, the run is waited for no longer, and goes on: its reason is thrown. */
  leave?: AbortSignal | undefined;
}

export interface FollowOptions {
  /** Events whose names fit, as `memory.*` or `**`. */
  events?: string;
  /** The last event seen; -1 for all there ever were. Those to come where neither this nor `follower` says more. */
  after?: number;
  /** Resumes after what was acknowledged under this name. */
  follower?: string;
  onEvent?: (event: Event) => void;
  /** How far all runs are, those of others too. */
  onProgress?: (progress: RunProgress) => void;
}

/** What is followed until it is disposed of. */
export interface Following extends AsyncDisposable {
  /** Why no more comes. Rejects with a `Fault` where the request itself was refused. */
  readonly ended: Promise<FollowEnd>;
}

/** The owner's way into a home. Arguments and values have the types of the contract, be it named or given. */
export interface Client {
  /** Every end of a command is a value. Throws a `Fault` where the request itself was refused. */
  act<C extends AnyContract>(contract: C, args: InputOf<C>, options?: ActOptions): Promise<Outcome<OutputOf<C>>>;
  act<Name extends string>(skill: Name, args: ArgsFor<Name>, options?: ActOptions): Promise<Outcome<ValueFor<Name>>>;
  /** What the judge would say; nothing runs and nothing is recorded. */
  check(skill: string | AnyContract, args: unknown, options?: CheckOptions): Promise<CheckedVerdict>;
  /** How a run ends that something else began, as an approval does. Throws `run.not-found`. */
  wait(run: string, options?: WaitOptions): Promise<Outcome>;
  /** Ends a run, if it can still be ended. False where it was not under way. */
  cancel(run: string, reason?: string): Promise<boolean>;
  /** Hears of events and of the progress of all runs. After a lost connection it goes on where it was. */
  follow(options: FollowOptions): Following;
  /** A follower has seen to everything up to this event: it is never sent again under that name. */
  acknowledge(follower: string, after: number): Promise<void>;
}
