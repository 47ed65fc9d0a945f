import { Fault } from "@mh/contract/values/fault.ts";
import { owner } from "@mh/contract/values/principal.ts";
import type { FollowEnd, SocketRequest } from "@mh/contract/wire/socket.ts";
import type { Host } from "../../home/host.ts";
import { EventFeed } from "../event-feed.ts";
import { EventReader } from "../event-reader.ts";
import { followFrom } from "../follow-from.ts";
import type { Asker } from "./answer.ts";

const eventsKept = 1024;
/** Only a bound: whatever happens ends a wait before. */
const waitMs = 60_000;

/** Sends events, and progress, as frames until the asker wants no more of them or has gone. */
export async function follow(
  host: Host,
  { n, key, events, after, follower, progress }: Extract<SocketRequest, { do: "follow" }>,
  { send, gone, closing, following }: Asker,
): Promise<FollowEnd> {
  if (events === undefined && (follower !== undefined || after !== undefined)) {
    throw new Fault("args.invalid", "A follower, or a cursor, is of events. Say which, as in `**`.");
  }
  if (following.has(key)) throw new Fault("args.invalid", `Something is followed as ${key} already. Take a new key.`);
  using feed = new EventFeed(host, eventsKept);
  const from = followFrom(host, owner, { after, follower });
  // No name fits this one.
  const pattern = events ?? "-";
  using reader = new EventReader({ feed, from, pattern, ...(progress && { progressOf: host }) });
  const end = new AbortController();
  const ending = AbortSignal.any([gone, closing, end.signal]);
  ending.addEventListener("abort", () => reader[Symbol.dispose](), { once: true });
  following.set(key, () => end.abort());
  try {
    while (!ending.aborted) {
      const batch = await reader.read(waitMs);
      if (batch.end) return batch.end;
      for (const each of batch.progress) await send({ n, progress: each });
      for (const event of batch.events) await send({ n, event });
    }
    return end.signal.aborted ? "unfollowed" : "closing";
  } finally {
    following.delete(key);
  }
}
