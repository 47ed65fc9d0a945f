import type { ServerResponse } from "node:http";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { viewOf } from "@mh/core/runs/run-list.ts";
import type { Context, Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import type { Host } from "../../home/host.ts";
import type { EventFeed } from "../event-feed.ts";
import { queryOf } from "./query-of.ts";
import type { AppEnv } from "./request-note.ts";
import { runQuerySchema } from "./schemas.ts";

interface RunsRouteDeps {
  host: Host;
  /** Closed with the server: nobody waits any longer then. */
  feed: EventFeed;
}

/** A run as it stands; with `wait`, once it is over or that long is up. */
export function showRunRoute({ host, feed }: RunsRouteDeps): Handler<AppEnv> {
  return async (c) => {
    const id = visibleId(c, host);
    const { wait = 0 } = queryOf(c, runQuerySchema);
    const run = host.running(id);
    const ending = host.wait(id, c.var.principal);
    const outcome = run ? await endWithin(ending, wait * 1000, feed, c.env.outgoing) : await ending;
    if (outcome) return c.json({ state: "over", run: id, outcome });
    const now = host.running(id);
    // Who may see the run may read what it has written so far.
    if (now) return c.json({ state: "running", ...viewOf(now), progress: now.progress ?? null });
    throw notFound(id);
  };
}

/** Cancels a run, if it can still be ended. How it ended, `GET` says. */
export function cancelRunRoute({ host }: RunsRouteDeps): Handler<AppEnv> {
  return async (c) => {
    const id = visibleId(c, host);
    const run = host.running(id);
    if (run) {
      if (run.principal !== c.var.principal && host.roleOf(c.var.principal) === "viewer") {
        throw new HTTPException(403, { message: "This device reads and no more: it ends nobody else's run." });
      }
      run.cancel(`${c.var.principal} cancelled it over HTTP`);
      return c.json({ state: "running", ...viewOf(run) }, 202);
    }
    const outcome = await host.wait(id, c.var.principal);
    if (!outcome) throw notFound(id);
    return c.json({ state: "over", run: id, outcome });
  };
}

function idOf(c: Context<AppEnv>): string {
  const id = z.uuid().safeParse(c.req.param("id"));
  if (id.success) return id.data;
  throw new HTTPException(400, { message: "A run is named by the id of its command, a UUID." });
}

/** The owner, by whichever device, sees every run; everyone else their own. */
function visibleId(c: Context<AppEnv>, host: Host): string {
  const id = idOf(c);
  const { principal } = c.var;
  const whose = host.running(id)?.principal ?? host.principalOf(id);
  if (isOwner(principal) || whose === principal) return id;
  throw notFound(id);
}

const notFound = (id: string) => new Fault("run.not-found", `There is no run ${id}. The query run.list names them.`);

/** Undefined where it is not over by then, or nobody waits for it any more. */
async function endWithin(
  outcome: Promise<Outcome | undefined>,
  ms: number,
  feed: EventFeed,
  outgoing: ServerResponse,
): Promise<Outcome | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  const timer = setTimeout(stop, ms);
  feed.closed.addEventListener("abort", stop, { once: true });
  outgoing.once("close", stop);
  try {
    return await Promise.race([outcome, promise]);
  } finally {
    clearTimeout(timer);
    feed.closed.removeEventListener("abort", stop);
    outgoing.off("close", stop);
  }
}
