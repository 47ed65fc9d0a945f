import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** A server of the test's own on this machine; ended, it takes its connections with it. */
export interface ScriptedServer extends AsyncDisposable {
  /** Without a slash at its end. */
  url: string;
  /** Answers under way. */
  readonly open: number;
}

/** Serves on a free port. An answer that throws closes its connection, so that the test hears of it. */
export async function startScriptedServer(
  answer: (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>,
): Promise<ScriptedServer> {
  const underWay = new Set<http.ServerResponse>();
  const server = http.createServer((request, response) => {
    underWay.add(response);
    response.on("close", () => underWay.delete(response));
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return underWay.size;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** All that a request brings. */
export async function bodyOf(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
