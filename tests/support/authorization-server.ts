import { createHash, randomUUID } from "node:crypto";
import * as http from "node:http";
import type * as net from "node:net";
import { getRequestListener } from "@hono/node-server";

interface Code {
  clientId: string;
  redirectUri: string;
  challenge: string;
  resource: string | null;
}

export interface AuthorizationServer extends AsyncDisposable {
  origin: string;
  /** Overrides of what it says of itself. */
  metadata: Record<string, unknown>;
  /** What it adds to, or changes of, the way back. */
  onRedirect: (back: URL) => URL;
  /** Access tokens that are good now, with what they are good for. */
  tokens: Map<string, string | null>;
  refreshTokens: Set<string>;
  /** Bodies of the token endpoint, the first first. */
  asked: URLSearchParams[];
  revoked: string[];
  /** Paths of all requests. */
  seen: string[];
  expiresIn: number;
  /** Answers before it does. */
  before: (request: Request) => Response | undefined;
}

/** An authorization server (OAuth 2.1, PKCE, dynamic registration, rotating refresh tokens) that lets everybody in. */
export async function authorizationServer(): Promise<AuthorizationServer> {
  const clients = new Map<string, string[]>();
  const codes = new Map<string, Code>();
  const json = (value: unknown, status = 200) => Response.json(value, { status });
  const refuse = (error: string) => json({ error }, 400);
  const issue = (resource: string | null) => {
    const [access, refresh] = [`access-${randomUUID()}`, `refresh-${randomUUID()}`];
    as.tokens.set(access, resource);
    as.refreshTokens.add(refresh);
    const more = { token_type: "Bearer", expires_in: as.expiresIn, scope: "read" };
    return json({ access_token: access, refresh_token: refresh, ...more });
  };
  const authorize = (query: URLSearchParams) => {
    const [clientId, redirectUri] = [query.get("client_id") ?? "", query.get("redirect_uri") ?? ""];
    if (!clients.get(clientId)?.includes(redirectUri)) return refuse("invalid_redirect");
    if (query.get("code_challenge_method") !== "S256") return refuse("invalid_request");
    const code = randomUUID();
    const challenge = query.get("code_challenge") ?? "";
    codes.set(code, { clientId, redirectUri, challenge, resource: query.get("resource") });
    const back = new URL(redirectUri);
    back.searchParams.set("code", code);
    back.searchParams.set("state", query.get("state") ?? "");
    back.searchParams.set("iss", as.origin);
    return new Response(null, { status: 302, headers: { location: as.onRedirect(back).href } });
  };
  const token = (body: URLSearchParams) => {
    as.asked.push(body);
    if (body.get("grant_type") === "refresh_token") {
      if (!as.refreshTokens.delete(body.get("refresh_token") ?? "")) return refuse("invalid_grant");
      return issue(body.get("resource"));
    }
    const code = codes.get(body.get("code") ?? "");
    codes.delete(body.get("code") ?? "");
    const verifier = createHash("sha256")
      .update(body.get("code_verifier") ?? "")
      .digest("base64url");
    const isRight =
      code?.challenge === verifier &&
      code.redirectUri === body.get("redirect_uri") &&
      code.clientId === body.get("client_id") &&
      code.resource === body.get("resource");
    return isRight ? issue(code.resource) : refuse("invalid_grant");
  };
  const answer = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    as.seen.push(pathname);
    const early = as.before(request);
    if (early) return early;
    if (pathname === "/.well-known/oauth-authorization-server")
      return json({ ...described(as.origin), ...as.metadata });
    if (pathname === "/register") {
      const { redirect_uris } = (await request.json()) as { redirect_uris: string[] };
      const clientId = randomUUID();
      clients.set(clientId, redirect_uris);
      return json({ client_id: clientId, redirect_uris }, 201);
    }
    if (pathname === "/authorize") return authorize(searchParams);
    if (pathname === "/token") return token(new URLSearchParams(await request.text()));
    if (pathname !== "/revoke") return new Response(null, { status: 404 });
    const given = new URLSearchParams(await request.text()).get("token") ?? "";
    as.tokens.delete(given);
    as.refreshTokens.delete(given);
    as.revoked.push(given);
    return new Response(null, { status: 200 });
  };
  const listener = getRequestListener(answer);
  const server = http.createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const as: AuthorizationServer = {
    origin: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    ...{ metadata: {}, onRedirect: (back) => back, tokens: new Map(), refreshTokens: new Set(), asked: [] },
    ...{ revoked: [], seen: [], expiresIn: 3_600, before: () => undefined },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return as;
}

const described = (origin: string) => ({
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  registration_endpoint: `${origin}/register`,
  revocation_endpoint: `${origin}/revoke`,
  response_types_supported: ["code"],
  code_challenge_methods_supported: ["S256"],
  authorization_response_iss_parameter_supported: true,
});

/** What a browser does with an address: goes where it is sent, and says where it came to. */
export async function browse(url: string): Promise<{ url: string; status: number; text: string }> {
  const answer = await fetch(url, { redirect: "manual" });
  const to = answer.headers.get("location");
  return to === null ? { url, status: answer.status, text: await answer.text() } : browse(to);
}
