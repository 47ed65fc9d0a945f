import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { isSame } from "../serve/http/same.ts";

const page = (text: string) =>
  `<!doctype html><meta charset="utf-8"><title>mh</title><p style="font:1rem sans-serif">${text}</p>`;
const headers = {
  ...{ "content-type": "text/html; charset=utf-8", "cache-control": "no-store", connection: "close" },
  ...{ "referrer-policy": "no-referrer", "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'" },
};

/** Where a browser comes back to after signing in: a port of this machine, for one attempt. */
export interface LoopbackRedirect extends AsyncDisposable {
  uri: string;
  /** What it brought. Whatever else comes by is answered and forgotten. */
  answer: Promise<URLSearchParams>;
}

/**
 * Listens on this machine for the browser (RFC 8252, 7.3). Only a request that knows `state`, at the right path and under
 * the right host, is the answer, once: other pages may send the browser here as well.
 */
export async function loopbackRedirect(state: string): Promise<LoopbackRedirect> {
  const answer = Promise.withResolvers<URLSearchParams>();
  let isAnswered = false;
  const server = http.createServer((request, response) => {
    const end = (status: number, text: string): void => void response.writeHead(status, headers).end(page(text));
    const { port } = server.address() as AddressInfo;
    const url = URL.parse(request.url ?? "", `http://127.0.0.1:${port}`);
    const isOurs = request.method === "GET" && url?.pathname === "/callback";
    if (!isOurs || request.headers.host !== `127.0.0.1:${port}`) return end(404, "There is nothing here.");
    if (isAnswered || !isSame(url.searchParams.get("state") ?? "", state))
      return end(400, "This is no answer that mh waits for. Nothing was done.");
    isAnswered = true;
    end(200, "You may close this page, and go back to mh.");
    answer.resolve(url.searchParams);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  server.unref();
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    answer: answer.promise,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
