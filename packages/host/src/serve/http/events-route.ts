import type { Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { EventFeed } from "../event-feed.ts";
import { eventStream } from "./event-stream.ts";
import type { HttpLimits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { AppEnv } from "./request-note.ts";
import { eventsQuerySchema } from "./schemas.ts";

export interface EventsRouteDeps {
  feed: EventFeed;
  metrics: Metrics;
  limits: HttpLimits;
  /** Whether the token that a request came with still is the same caller's. */
  isStillAllowed: (c: Parameters<Handler<AppEnv>>[0]) => boolean;
}

/** Events as they happen, after those that `Last-Event-ID` or `after` says were missed. */
export function eventsRoute({ feed, metrics, limits, isStillAllowed }: EventsRouteDeps): Handler<AppEnv> {
  let readers = 0;
  return (c) => {
    if (c.req.method === "HEAD") throw new HTTPException(405, { message: "Events are asked for with GET." });
    const after = placeOf(c.req.header("last-event-id"), new URL(c.req.url).searchParams);
    if (after !== undefined && after >= feed.next) {
      const message = `There is no event ${after} yet: this log has ${feed.next} records. Ask again without it.`;
      throw new HTTPException(400, { message });
    }
    if (readers >= limits.readersMax) throw new HTTPException(503, { message: "Too many read events already." });
    const { note, outgoing } = c.env;
    readers += 1;
    metrics.readers(1);
    outgoing.setTimeout(limits.stalledReaderMs, () => outgoing.destroy());
    const body = eventStream({
      feed,
      from: after === undefined ? feed.next : after + 1,
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

/** What the header says counts: a client that came back sends it beside the URL it began with. */
function placeOf(header: string | undefined, query: URLSearchParams): number | undefined {
  const keys = [...query.keys()];
  const asked = eventsQuerySchema.safeParse(Object.fromEntries(query));
  const resumed = eventsQuerySchema.safeParse(header ? { after: header } : {});
  if (!asked.success || !resumed.success || new Set(keys).size !== keys.length) {
    throw new HTTPException(400, { message: "The only parameter is `after`, the number of the last event seen." });
  }
  return resumed.data.after ?? asked.data.after;
}
