import type { Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Host } from "../../home/host.ts";
import type { EventFeed } from "../event-feed.ts";
import { followFrom } from "../follow-from.ts";
import { eventStream } from "./event-stream.ts";
import type { HttpLimits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { queryOf } from "./query-of.ts";
import type { AppEnv } from "./request-note.ts";
import { eventsQuerySchema } from "./schemas.ts";

export interface EventsRouteDeps {
  host: Host;
  feed: EventFeed;
  metrics: Metrics;
  limits: HttpLimits;
  /** Whether the token that a request came with still is the same caller's. */
  isStillAllowed: (c: Parameters<Handler<AppEnv>>[0]) => boolean;
}

/** Events as they happen, after those that `Last-Event-ID` or `after` says were missed. */
export function eventsRoute({ host, feed, metrics, limits, isStillAllowed }: EventsRouteDeps): Handler<AppEnv> {
  let readers = 0;
  return (c) => {
    if (c.req.method === "HEAD") throw new HTTPException(405, { message: "Events are asked for with GET." });
    const { pattern, progress, follower, ...asked } = queryOf(c, eventsQuerySchema);
    // What the header says counts: a client that came back sends it beside the URL it began with.
    const resumed = lastEventId(c.req.header("last-event-id"));
    const isFollower = resumed === undefined && follower !== undefined;
    const from = followFrom(host, c.var.principal, {
      after: resumed ?? asked.after,
      ...(isFollower && { follower }),
    });
    if (readers >= limits.readersMax) throw new HTTPException(503, { message: "Too many read events already." });
    const { note, outgoing } = c.env;
    readers += 1;
    metrics.readers(1);
    outgoing.setTimeout(limits.stalledReaderMs, () => outgoing.destroy());
    const body = eventStream({
      feed,
      ...{ from, pattern },
      ...(progress && { progressOf: host }),
      heartbeatMs: limits.heartbeatMs,
      isAllowed: () => isStillAllowed(c),
      onSent: metrics.sent,
      onEnd(why) {
        readers -= 1;
        metrics.readers(-1);
        note.why = why;
      },
    });
    return c.body(body, 200, {
      "content-type": "text/event-stream; charset=utf-8",
      "x-accel-buffering": "no",
      connection: "close",
    });
  };
}

function lastEventId(header: string | undefined): number | undefined {
  const { data, success } = eventsQuerySchema.shape.after.safeParse(header || undefined);
  if (success) return data;
  throw new HTTPException(400, { message: "`Last-Event-ID` is the number of the last event seen." });
}
