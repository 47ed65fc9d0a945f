import { kindOf } from "@mh/contract/values/principal.ts";
import type { Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { McpHttpDeps, mcpHandler } from "../mcp/http-handler.ts";
import { readJson } from "./read-json.ts";
import type { AppEnv } from "./request-note.ts";

/**
 * MCP over streamable HTTP, for programs with a token of their own. Each request stands for itself: there are no sessions that
 * another client could take over, and the token alone says who asks.
 */
export function mcpRoute(deps: McpHttpDeps): Handler<AppEnv> {
  // Loaded at first use: the protocol's library is large, and most daemons serve no program.
  let handler: Promise<ReturnType<typeof mcpHandler>> | undefined;
  return async (c) => {
    const { principal } = c.var;
    if (kindOf(principal) !== "client") {
      // A model that holds the owner's token would be the owner.
      const next = "Give the program a token of its own: `mh mcp client add NAME`.";
      throw new HTTPException(403, { message: `MCP is not spoken with the owner's token. ${next}` });
    }
    handler ??= import("../mcp/http-handler.ts").then(({ mcpHandler }) => mcpHandler(deps));
    const body = c.req.method === "POST" ? await readJson(c.req.raw, deps.limits.bodyBytesMax) : undefined;
    const { note, outgoing } = c.env;
    return (await handler)({ request: c.req.raw, body, principal, note, outgoing });
  };
}
