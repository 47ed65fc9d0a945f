import type { Following, FollowOptions } from "./client.ts";
import { readEventStream } from "./event-stream.ts";
import { isUnreached } from "./unreached.ts";
import type { Fault } from "./values/fault.ts";
import type { Event } from "./wire/event.ts";
import type { RunProgress } from "./wire/progress.ts";

/** Whether events arrive: `lost` while the daemon cannot be reached, `refused` once the token is refused. */
export type Connection = "live" | "lost" | "refused";

export interface FollowHooks {
  /** `last`: the number of the last event before those that come. */
  onConnection?: (connection: Connection, last?: number) => void;
  /**
   * Events were left out, because there are more than `gapMax` of them, or because the daemon's log is another one: what was
   * read before may have changed in any way. Without it every event is read.
   */
  onGap?: () => void;
  gapMax?: number;
}

interface FollowParts extends FollowHooks {
  /** Asks for events, with these headers beside the token. Throws `daemon.refused` where nobody answers. */
  ask: (query: string, more: Record<string, string>, signal: AbortSignal) => Promise<Response>;
  faultOf: (answer: Response) => Promise<Fault>;
}

/** How one connection ended; `lost`: there was none; `gap`: events were left out, and the next one begins behind them. */
type ConnectionEnd = "closed" | "lost" | "gap" | "refused";

const pauseMs = { first: 150, longest: 1500 };

/**
 * Follows events over HTTP, by one connection after the other, until it is disposed of or the token is refused. `ended` rejects
 * where the request itself was refused.
 */
export function followByHttp(
  { ask, faultOf, onConnection, onGap, gapMax = Number.POSITIVE_INFINITY }: FollowParts,
  { events, after, follower, onEvent, onProgress }: FollowOptions,
): Following {
  const ending = new AbortController();
  let last = after;
  const query = new URLSearchParams({
    ...(events !== undefined && { pattern: events }),
    ...(follower !== undefined && { follower }),
    ...(onProgress && { progress: "true" }),
  }).toString();

  const readOnce = async (): Promise<ConnectionEnd> => {
    const resume: Record<string, string> = last === undefined ? {} : { "last-event-id": String(last) };
    const answer = await ask(query, resume, ending.signal);
    if (answer.status === 401) return "refused";
    if (answer.status === 400 && last !== undefined && onGap) {
      // The log is shorter than what was read of it: it is another one.
      last = undefined;
      onGap();
      return "gap";
    }
    if (isPassing(answer.status)) return "lost";
    if (!answer.ok || !answer.body) throw await faultOf(answer);
    for await (const { id, event, data } of readEventStream(answer.body)) {
      if (event === "ready") {
        const { after: from, head } = JSON.parse(data) as { after: number; head?: number };
        const isGap = onGap !== undefined && (head ?? from) - from > gapMax;
        onConnection?.("live", isGap ? head : from);
        if (isGap) {
          last = head;
          onGap();
          return "gap";
        }
      }
      if (event === "run.progress") tell(() => onProgress?.(JSON.parse(data) as RunProgress));
      if (event === "forbidden") return "refused";
      if (id === undefined) continue;
      // What was sent twice around a lost connection is reported once.
      const isNew = last === undefined || Number(id) > last;
      last = Number(id);
      if (event === undefined && isNew) tell(() => onEvent?.(JSON.parse(data) as Event));
    }
    return "closed";
  };

  const stay = async (): Promise<"unfollowed"> => {
    for (let pause = pauseMs.first; !ending.signal.aborted; pause = Math.min(pause * 2, pauseMs.longest)) {
      const end = await readOnce().catch((error: unknown): ConnectionEnd => {
        if (ending.signal.aborted || isUnreached(error)) return "lost";
        onConnection?.("lost");
        throw error;
      });
      if (ending.signal.aborted) break;
      if (end === "refused") {
        onConnection?.("refused");
        return "unfollowed";
      }
      if (end === "gap") continue;
      if (end === "closed") pause = pauseMs.first;
      onConnection?.("lost");
      await pauseFor(pause);
    }
    return "unfollowed";
  };
  const ended = stay();
  ended.catch(() => undefined);
  return {
    ended,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await ended.catch(() => undefined);
    },
  };
}

/** The daemon answers, and will answer otherwise in a while. */
const isPassing = (status: number): boolean => status >= 500 || status === 408 || status === 429;

/** What a listener throws is its own fault: it ends no connection, and is thrown where nobody catches it. */
function tell(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

export const pauseFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
