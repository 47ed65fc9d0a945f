import { isLoopback } from "@mh/core/model/loopback.ts";
import type { Http, HttpRequest } from "@mh/core/ports/http.ts";
import type { FetchLike } from "@modelcontextprotocol/client";

const timeoutMs = 30_000;
const bytesMax = 500_000;

/**
 * `fetch` for signing in: to these origins alone, by the port that looks at the address a name leads to, with no
 * redirect followed. Only a server on this machine may have its authorization server here, too: an address that a server
 * elsewhere names must not lead into this network.
 */
export function fetchWithin(
  http: Http,
  { serverUrl, origins }: { serverUrl: string; origins: readonly string[] },
  signal: AbortSignal,
): FetchLike {
  const own = new URL(serverUrl);
  return async (input, init = {}) => {
    const url = new URL(input);
    if (!origins.includes(url.origin)) throw new Error(`it leads to ${url.host}, which you did not approve`);
    refuseClear(url);
    const isOwn = url.origin === own.origin || isLoopback(own.hostname);
    const answer = await http.request({
      method: (init.method ?? "GET") as HttpRequest["method"],
      url: url.href,
      headers: { ...Object.fromEntries(new Headers(init.headers)), "user-agent": "mh" },
      ...(init.body != null && { body: String(init.body) }),
      reach: isOwn ? "any" : "public",
      ...{ timeoutMs, bytesMax, signal },
    });
    const { status, headers, body } = answer;
    if (status >= 300 && status < 400) throw new Error(`${url.host} leads elsewhere, and is not followed there`);
    const isEmpty = status === 204 || status < 200;
    return new Response(isEmpty ? null : Buffer.from(body), { status, headers });
  };
}

/** Tokens and codes go in the clear to this machine only. */
export function refuseClear({ protocol, hostname, host }: URL): void {
  if (protocol === "https:" || (protocol === "http:" && isLoopback(hostname))) return;
  throw new Error(`${host} is not reached by https`);
}
