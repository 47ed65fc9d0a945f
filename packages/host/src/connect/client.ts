import type { ActOptions, CheckOptions, Client, Following, FollowOptions } from "@mh/contract/client.ts";
import type { AnyContract } from "@mh/contract/contract.ts";
import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { SocketReply } from "@mh/contract/wire/socket.ts";
import { untilAborted } from "../until-aborted.ts";
import type { Ask } from "./dial.ts";
import { newId } from "./new-id.ts";

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
    async wait(id, { onProgress, leave } = {}) {
      const asking = ask({ n: 0, do: "wait", id, progress: onProgress !== undefined }, (frame) => {
        if ("progress" in frame && !leave?.aborted) onProgress?.(frame.progress);
      });
      const reply = await (leave ? untilAborted(asking, leave) : asking);
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
