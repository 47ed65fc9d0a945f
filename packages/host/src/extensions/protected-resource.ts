import type { Http } from "@mh/core/ports/http.ts";
import { checkResourceAllowed, extractWWWAuthenticateParams } from "@modelcontextprotocol/client";
import { z } from "zod";
import { fetchWithin } from "./oauth-fetch.ts";

const metadataSchema = z.object({
  resource: z.url(),
  authorization_servers: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(10)
    .default([]),
  scopes_supported: z.array(z.string().max(200)).max(100).optional(),
});

/**
 * Where one signs in to a server, as it says itself (RFC 9728): by its own address alone, and of nothing but itself. One
 * that says nothing is its own authorization server, as those of before 2025-06 are.
 */
export async function protectedResource(
  http: Http,
  serverUrl: string,
  signal: AbortSignal,
): Promise<{ resource: string; issuers: string[]; scopes: string[] }> {
  const own = new URL(serverUrl);
  const fetchFn = fetchWithin(http, { serverUrl, origins: [own.origin] }, signal);
  const challenged = await challengeOf(fetchFn, serverUrl);
  const path = own.pathname === "/" ? "" : own.pathname;
  const places = [
    ...(challenged.metadata ? [challenged.metadata] : []),
    new URL(`/.well-known/oauth-protected-resource${path}`, own),
    new URL("/.well-known/oauth-protected-resource", own),
  ];
  for (const place of places) {
    if (place.origin !== own.origin)
      throw new Error(`it says at ${place.host} how one signs in, which is not its own address`);
    const answer = await fetchFn(place, { headers: { accept: "application/json" } });
    if (!answer.ok) continue;
    const read = metadataSchema.safeParse(await answer.json().catch(() => undefined));
    if (!read.success) throw new Error("it says how one signs in in a way that cannot be read");
    const { resource, authorization_servers, scopes_supported = [] } = read.data;
    if (!checkResourceAllowed({ requestedResource: own, configuredResource: resource }))
      throw new Error(`it speaks for ${new URL(resource).host}${new URL(resource).pathname}, which is not itself`);
    const scopes = challenged.scope?.split(" ").filter(Boolean) ?? scopes_supported;
    return { resource, issuers: authorization_servers.length > 0 ? authorization_servers : [own.origin], scopes };
  }
  return { resource: own.href, issuers: [own.origin], scopes: challenged.scope?.split(" ").filter(Boolean) ?? [] };
}

/** What it answers to somebody who has not signed in. */
async function challengeOf(
  fetchFn: ReturnType<typeof fetchWithin>,
  serverUrl: string,
): Promise<{ metadata?: URL | undefined; scope?: string | undefined }> {
  const answer = await fetchFn(serverUrl, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
  });
  if (answer.status !== 401) return {};
  const { resourceMetadataUrl: metadata, scope } = extractWWWAuthenticateParams(answer);
  return { metadata, scope };
}
