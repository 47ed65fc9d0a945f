import * as http from "node:http";
import type * as net from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";

export interface RemoteMcpServer {
  url: string;
  /** Of its one tool, as it says it from now on. */
  description: string;
  /** What each request brought, the first first. */
  seen: { method: string; path: string; authorization: string | undefined }[];
  /** Looks at a request before the server does; an answer of its own is the end of it. */
  before: (request: Request) => Response | undefined | Promise<Response | undefined>;
  close(): Promise<unknown>;
}

/** A real server over streamable HTTP, of both revisions. */
export async function remoteServer(add?: (server: McpServer) => void): Promise<RemoteMcpServer> {
  const seen: RemoteMcpServer["seen"] = [];
  const handler = createMcpHandler(({ requestInfo }) => {
    const mcp = new McpServer({ name: "remote", version: "1.0.0" });
    const by = requestInfo?.headers.get("authorization");
    const inputSchema = z.object({ name: z.string() });
    mcp.registerTool("greet", { description: remote.description, inputSchema }, ({ name }) => ({
      content: [{ type: "text", text: `Hello ${name}, by ${by}` }],
    }));
    add?.(mcp);
    return mcp;
  });
  const listener = getRequestListener(async (request) => {
    const { pathname } = new URL(request.url);
    seen.push({
      method: request.method,
      path: pathname,
      authorization: request.headers.get("authorization") ?? undefined,
    });
    return (
      (await remote.before(request)) ??
      (pathname === "/mcp" ? handler.fetch(request) : new Response(null, { status: 404 }))
    );
  });
  const server = http.createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const remote: RemoteMcpServer = {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/mcp`,
    description: "Greets.",
    seen,
    before: () => undefined,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
  return remote;
}
