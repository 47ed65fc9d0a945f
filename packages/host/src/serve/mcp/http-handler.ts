import type { ServerResponse } from "node:http";
import type { Principal } from "@mh/contract/values/principal.ts";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Host } from "../../home/host.ts";
import type { HttpLimits } from "../http/limits.ts";
import type { RequestNote } from "../http/request-note.ts";
import { CallsUnderWay } from "./calls-under-way.ts";
import type { McpDoor } from "./door.ts";
import { httpDoor } from "./http-door.ts";
import { type CallsBound, mcpServer, streamsMax } from "./mcp-server.ts";

export interface McpHttpDeps {
  host: Host;
  limits: Pick<HttpLimits, "heartbeatMs" | "bodyBytesMax">;
  /** Where the daemon's page is. */
  address: string;
  /** Aborted when the server is closed. */
  closed: AbortSignal;
}

export interface McpHttpRequest {
  request: Request;
  /** The JSON that it carries, where it carries any. */
  body: unknown;
  principal: Principal;
  note: RequestNote;
  outgoing: ServerResponse;
}

/** Answers requests of both revisions, each by a server of its own that has its client's door and no other. */
export function mcpHandler({
  host,
  limits,
  address,
  closed,
}: McpHttpDeps): (asked: McpHttpRequest) => Promise<Response> {
  const bounds = new Map<Principal, CallsBound>();
  const boundOf = (principal: Principal): CallsBound => {
    const bound = bounds.get(principal) ?? { count: 0 };
    bounds.set(principal, bound);
    return bound;
  };
  const serve = (door: McpDoor) => mcpServer(door, { bound: boundOf(door.principal) });
  const handler = createMcpHandler(({ authInfo }) => serve(authInfo?.extra?.door as McpDoor), {
    keepAliveMs: limits.heartbeatMs,
    maxRequestBodySize: limits.bodyBytesMax,
    maxSubscriptions: streamsMax,
  });
  closed.addEventListener("abort", () => void handler.close(), { once: true });
  const calls = new CallsUnderWay();
  return ({ request, body, principal, note, outgoing }) => {
    const cancelled = cancelledSchema.safeParse(body);
    if (cancelled.success) calls.cancel(principal, cancelled.data.params.requestId);
    const call = calls.track(principal, (body as { id?: unknown } | null | undefined)?.id);
    outgoing.once("close", () => call[Symbol.dispose]());
    const door = httpDoor({ host, principal, note, outgoing, address, ended: call.signal });
    return handler.fetch(withOwnSignal(request, outgoing), {
      // The token itself goes no further.
      authInfo: { token: "", clientId: principal, scopes: [], extra: { door } },
      ...(body !== undefined && { parsedBody: body }),
    });
  };
}

/**
 * The library listens to the signal of a request for ever, and Node's fetch holds that signal until the request is collected: what
 * one call needed would hold itself, 27 KB each. Nobody holds a signal of its own.
 */
function withOwnSignal(request: Request, outgoing: ServerResponse): Request {
  const left = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) left.abort();
  });
  return Object.defineProperty(request, "signal", { value: left.signal });
}

const cancelledSchema = z.object({
  method: z.literal("notifications/cancelled"),
  params: z.object({ requestId: z.union([z.string(), z.number()]) }),
});
