import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Host } from "../../home/host.ts";
import type { EventFeed } from "../event-feed.ts";
import { callerOf, type Tokens, WrongTokens } from "./authenticate.ts";
import { challengeRoute } from "./challenge-route.ts";
import { checkRoute } from "./check-route.ts";
import { commandRoute } from "./command-route.ts";
import { type DaemonLog, errorFacts } from "./daemon-log.ts";
import { eventsRoute } from "./events-route.ts";
import { acknowledgeRoute } from "./followers-route.ts";
import type { HttpLimits } from "./limits.ts";
import { mcpRoute } from "./mcp-route.ts";
import type { Metrics } from "./metrics.ts";
import { pressRoute } from "./press-route.ts";
import { type AppEnv, told } from "./request-note.ts";
import { cancelRunRoute, showRunRoute } from "./runs-route.ts";
import { sessionRoute } from "./session-route.ts";
import { siteRoute } from "./site-route.ts";
import { statusOfFault } from "./status-of.ts";

export interface AppDeps {
  host: Host;
  feed: EventFeed;
  tokens: Tokens;
  version: string;
  log: Pick<DaemonLog, "error">;
  metrics: Metrics;
  limits: HttpLimits;
  /** Where a browser reaches it. */
  address: string;
}

/** Everything that is answered over HTTP. Requests come here once `guard` has let them through. */
export function makeApp(deps: AppDeps): Hono<AppEnv> {
  const { host, feed, version, log, metrics, limits, tokens, address } = deps;
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    // Only paths that there are: what else was asked for may hold anything.
    const route = app.routes.find(({ path }) => isRoute(path, c.req.path));
    if (route) c.env.note.route = route.path;
    await next();
  });
  app.get("/health", (c) =>
    c.json({ status: "ok", version, ...(host.rulesTroubles().length > 0 && { rules: "trouble" }) }),
  );

  app.use(siteRoute());
  const wrong = new WrongTokens(limits.wrongTokensPerMinute, () => performance.now());
  app.post("/v1/session", sessionRoute({ host, tokens, wrong, bodyBytesMax: limits.bodyBytesMax }));
  app.post("/v1/challenge", challengeRoute({ host, tokens, wrong }));
  app.post("/v1/press", pressRoute({ host, wrong }));
  app.use(authenticated(tokens, wrong));
  const parts = { host, metrics, bodyBytesMax: limits.bodyBytesMax };
  app.post("/v1/command", commandRoute(parts, "commands"));
  app.post("/v1/query", commandRoute(parts, "queries"));
  app.post("/v1/check", checkRoute(parts));
  // Everyone sees and ends their own; only the owner those of others.
  app.get("/v1/runs/:id", showRunRoute({ host, feed }));
  app.delete("/v1/runs/:id", cancelRunRoute({ host, feed }));
  app.all("/mcp", mcpRoute({ host, limits, address, closed: feed.closed }));
  // What follows shows what everybody does.
  app.use(ownersOnly);
  app.post("/v1/followers/:name", acknowledgeRoute(parts));
  const isStillAllowed = (c: Context<AppEnv>) => principalOf(c, tokens) === c.var.principal;
  app.get("/v1/events", eventsRoute({ host, feed, metrics, limits, isStillAllowed }));
  app.get("/metrics", async (c) => {
    return c.body(await metrics.registry.metrics(), 200, { "content-type": metrics.registry.contentType });
  });
  app.get("/openapi.json", async (c) => {
    const { openApi } = await import("./openapi.ts");
    return c.json(openApi(host.registry.all(), version) as object);
  });

  app.notFound((c) => c.json(faultBody(404, "There is nothing here. /openapi.json says what there is."), 404));
  app.onError((error, c) => {
    if (error instanceof HTTPException) return refuse(c, error);
    if (error instanceof Fault) {
      const fault = { code: error.code, message: host.redact(error.message) };
      return c.json({ fault }, statusOfFault(error.code));
    }
    log.error({ ...told(c.env.note), error: errorFacts(error) }, "A request failed");
    return c.json({ fault: { code: "skill.failed", message: "Something went wrong inside." } }, 500);
  });
  return app;
}

/** A program with a token of its own asks, and is told nothing of others. */
const ownersOnly: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.path === "/openapi.json" || isOwner(c.var.principal)) return await next();
  throw new HTTPException(403, { message: "Only the owner and the owner's devices look at what everybody does." });
};

/** Whether a path is one of a route's, where `:name` stands for one part of it. */
function isRoute(route: string, path: string): boolean {
  const parts = path.split("/");
  const wanted = route.split("/");
  return wanted.length === parts.length && wanted.every((part, n) => part.startsWith(":") || part === parts[n]);
}

/** Who asks: by the token alone, also over the home's own socket. */
const principalOf = (c: Context<AppEnv>, tokens: Tokens): Principal | undefined =>
  callerOf(c.req.header("authorization"), tokens);

function authenticated(tokens: Tokens, wrong: WrongTokens): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (c.req.query("token") !== undefined || c.req.query("access_token") !== undefined) {
      const message =
        "A token never stands in a URL, where logs and histories keep it. Make a new one: `mh secret rm daemon-token`, or `mh device revoke` and add.";
      throw new HTTPException(400, { message });
    }
    const principal = principalOf(c, tokens);
    if (principal === undefined)
      throw wrong.refusal(c, "A token is needed: `Authorization: Bearer …`. `mh daemon token` shows it.");
    c.env.note.who = principal;
    c.env.note.keep(principal);
    c.set("principal", principal);
    await next();
  };
}

function refuse(c: Context<AppEnv>, { status, message }: HTTPException): Response {
  c.env.note.why = message;
  // What the request still sends is not read.
  if (c.req.method === "POST") c.header("connection", "close");
  return c.json(faultBody(status, message), status);
}

/** What is answered where nothing was even tried. */
export function faultBody(status: number, message: string): { fault: { code: string; message: string } } {
  const isMalformed = [400, 404, 405, 413, 415].includes(status);
  return { fault: { code: isMalformed ? "protocol.invalid" : "daemon.refused", message } };
}
