import type { AnyContract, InputOf, OutputOf } from "@mh/contract/contract.ts";
import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";
import type { FollowEnd, SocketReply } from "@mh/contract/wire/socket.ts";
import type { CheckedVerdict } from "@mh/contract/wire/verdict.ts";
import type { Ask } from "./dial.ts";
import { newId } from "./new-id.ts";

interface CheckOptions {
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

export interface FollowOptions {
  /** Events whose names fit, as `memory.*` or `**`. */
  events?: string;
  /** The last event seen; -1 for all there ever were. Those to come where neither this nor `follower` says more. */
  after?: number;
  /** Resumes after what was acknowledged under this name. */
  follower?: string;
  onEvent?: (event: Event) => void;
  /** How far all runs are, whoever began them. */
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
  wait(run: string, options?: Pick<ActOptions, "onProgress">): Promise<Outcome>;
  /** Ends a run, if it can still be ended. False where it was not under way. */
  cancel(run: string, reason?: string): Promise<boolean>;
  /** Hears of events and of the progress of all runs. After a lost connection it goes on where it was. */
  follow(options: FollowOptions): Following;
  /** A follower has seen to everything up to this event: it is never sent again under that name. */
  acknowledge(follower: string, after: number): Promise<void>;
}

/** A client over anything that takes requests. What is done through it is undone together, under `task`. */
export function clientOf(ask: Ask, task: string = newId()): Client {
  const message = (skill: string | AnyContract, args: unknown, { id = newId(), as, words, ...rest }: CheckOptions) => ({
    ...{ n: 0, id, skill: typeof skill === "string" ? skill : skill.name, args, task: rest.task ?? task },
    ...(as && { as }),
    ...(words && { words }),
  });
  const cancel = async (id: string, reason?: string) => {
    const reply = await ask({ n: 0, do: "cancel", id, ...(reason && { reason }) });
    if ("cancelled" in reply) return reply.cancelled;
    throw faultOf(reply);
  };
  return {
    async act(skill: string | AnyContract, args: unknown, options: ActOptions = {}) {
      const { onProgress, signal, detach = false, repeats } = options;
      const asked = { ...message(skill, args, options), progress: onProgress !== undefined, detach };
      const request = { ...asked, ...(repeats && { repeats }) };
      const asking = ask({ do: "act", ...request }, (frame) => {
        if ("progress" in frame) onProgress?.(frame.progress);
      });
      // That it could not be cancelled shows in how it ends.
      const onAbort = () => void cancel(request.id, reasonOf(signal)).catch(() => undefined);
      signal?.addEventListener("abort", onAbort, { once: true });
      if (signal?.aborted) onAbort();
      try {
        const reply = await asking;
        // The kernel held the value to its contract before it answered.
        // biome-ignore lint/suspicious/noExplicitAny: the overloads say what it is.
        if ("outcome" in reply) return reply.outcome as Outcome<any>;
        throw faultOf(reply);
      } finally {
        signal?.removeEventListener("abort", onAbort);
      }
    },
    async check(skill, args, options = {}) {
      const reply = await ask({ do: "check", ...message(skill, args, options) });
      if ("verdict" in reply) return reply.verdict;
      throw faultOf(reply);
    },
    async wait(id, { onProgress } = {}) {
      const reply = await ask({ n: 0, do: "wait", id, progress: onProgress !== undefined }, (frame) => {
        if ("progress" in frame) onProgress?.(frame.progress);
      });
      if ("outcome" in reply) return reply.outcome;
      throw faultOf(reply);
    },
    cancel,
    follow: (options) => follow(ask, options),
    async acknowledge(follower, after) {
      const reply = await ask({ n: 0, do: "acknowledge", follower, after });
      if (!("acknowledged" in reply)) throw faultOf(reply);
    },
  };
}

function follow(ask: Ask, { events, after, follower, onEvent, onProgress }: FollowOptions): Following {
  const key = newId();
  const request = {
    ...{ n: 0, do: "follow" as const, key, progress: onProgress !== undefined },
    ...(events !== undefined && { events }),
    ...(after !== undefined && { after }),
    ...(follower !== undefined && { follower }),
  };
  const asking = ask(request, (frame) => {
    if ("progress" in frame) return onProgress?.(frame.progress);
    // A connection that is made again sends the request again: it goes on from here.
    if (follower === undefined) request.after = frame.event.seq;
    else delete request.after;
    onEvent?.(frame.event);
  });
  const ended = asking.then((reply) => {
    if ("ended" in reply) return reply.ended;
    throw faultOf(reply);
  });
  ended.catch(() => undefined);
  return {
    ended,
    async [Symbol.asyncDispose]() {
      await ask({ n: 0, do: "unfollow", key });
      await ended.catch(() => undefined);
    },
  };
}

function reasonOf(signal: AbortSignal | undefined): string | undefined {
  return typeof signal?.reason === "string" ? signal.reason : undefined;
}

function faultOf(reply: SocketReply): Fault {
  if ("fault" in reply) return new Fault(reply.fault.code as FaultCode, reply.fault.message);
  return new Fault(
    "protocol.invalid",
    "The process that holds the home answered something else. Are both of one version?",
  );
}
