import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { McpLogins, SignInServer } from "@mh/core/extensions/mcp-login.ts";
import type { SecretStores } from "@mh/core/ports/secrets.ts";
import {
  type AuthorizationServerMetadata,
  discoverAuthorizationServerMetadata,
  exchangeAuthorization,
  IssuerMismatchError,
  registerClient,
  startAuthorization,
  validateAuthorizationResponseIssuer,
} from "@modelcontextprotocol/client";
import { randomBytes } from "../connect/new-id.ts";
import { untilAborted } from "../until-aborted.ts";
import { type LoopbackRedirect, loopbackRedirect } from "./loopback-redirect.ts";
import type { McpTokens, SignIn, TokenDeps } from "./mcp-tokens.ts";
import { fetchWithin, refuseClear } from "./oauth-fetch.ts";
import { protectedResource } from "./protected-resource.ts";

const attemptMs = 10 * 60_000;

interface Attempt {
  server: SignInServer;
  redirect: LoopbackRedirect;
  metadata: AuthorizationServerMetadata;
  signIn: SignIn;
  codeVerifier: string;
  timer: NodeJS.Timeout;
}

interface LoginDeps extends TokenDeps {
  tokens: McpTokens;
  stores: Pick<SecretStores, "state">;
}

/** Signs in to MCP servers (OAuth 2.1 with PKCE, RFC 8252, 8414, 8707, 9207, 9728). An attempt lives in this process. */
export class McpSignIns implements McpLogins, AsyncDisposable {
  readonly #deps: LoginDeps;
  readonly #attempts = new Map<string, Attempt>();

  constructor(deps: LoginDeps) {
    this.#deps = deps;
  }

  async discover(server: SignInServer, issuer: string | undefined, signal: AbortSignal) {
    return this.#explained(server.name, async () => {
      const named = await protectedResource(this.#deps.http, server.url, signal);
      if (issuer === undefined) return { ...named, origins: [] };
      refuseUnnamed(named, issuer);
      const origins = originsOf(await this.#metadataOf(server, issuer, [new URL(issuer).origin], signal));
      return { ...named, origins };
    });
  }

  async begin(
    server: SignInServer,
    { issuer, origins }: { issuer: string; origins: readonly string[] },
    signal: AbortSignal,
  ) {
    const { locked, store } = await this.#deps.stores.state();
    if (locked !== null) throw new Fault("secret.locked", locked);
    if (store === null)
      throw new Fault("secret.no-store", "There is no place for its tokens yet. `mh secret store` chooses one.");
    return this.#explained(server.name, async () => {
      const named = await protectedResource(this.#deps.http, server.url, signal);
      refuseUnnamed(named, issuer);
      const { resource, scopes } = named;
      const metadata = await this.#metadataOf(server, issuer, origins, signal);
      const stray = originsOf(metadata).find((origin) => !origins.includes(origin));
      if (stray !== undefined) throw new Error(`${issuer} leads to ${stray}, which you did not approve`);
      const state = Buffer.from(randomBytes(32)).toString("base64url");
      const redirect = await loopbackRedirect(state);
      try {
        const fetchFn = fetchWithin(this.#deps.http, { serverUrl: server.url, origins }, signal);
        const clientId = server.clientId ?? (await registered(metadata, redirect.uri, fetchFn));
        const scope = server.scope ?? (scopes.length > 0 ? scopes.join(" ") : undefined);
        const { authorizationUrl, codeVerifier } = await startAuthorization(issuer, {
          ...{ metadata, state, resource, redirectUrl: redirect.uri, clientInformation: { client_id: clientId } },
          ...(scope !== undefined && { scope }),
        });
        const { token_endpoint: tokenEndpoint } = metadata;
        const revocationEndpoint = revocationOf(metadata);
        const signIn: SignIn = {
          ...{ url: server.url, resource, issuer, origins: [...origins], clientId, tokenEndpoint },
          ...(scope !== undefined && { scope }),
          ...(revocationEndpoint !== undefined && { revocationEndpoint }),
        };
        const stage = crypto.randomUUID();
        const timer = setTimeout(() => void this.#end(stage), attemptMs).unref();
        this.#attempts.set(stage, { server, redirect, metadata, signIn, codeVerifier, timer });
        return { stage, url: authorizationUrl.href };
      } catch (error) {
        await redirect[Symbol.asyncDispose]();
        throw error;
      }
    });
  }

  async finish(stage: string, signal: AbortSignal) {
    const attempt = this.#attempts.get(stage);
    if (!attempt)
      throw new Fault("mcp.failed", "Nobody signs in under that name any more. `mh mcp login` begins again.");
    const { server, redirect, metadata, signIn, codeVerifier } = attempt;
    try {
      return await this.#explained(server.name, async () => {
        const answer = await untilAborted(redirect.answer, signal);
        const iss = answer.get("iss") ?? undefined;
        // Before anything else of it is looked at: the answer of another authorization server is none.
        validateAuthorizationResponseIssuer({
          ...{ iss, expectedIssuer: metadata.issuer },
          issParameterSupported: metadata.authorization_response_iss_parameter_supported === true,
        });
        const code = answer.get("code");
        if (answer.has("error") || code === null) throw new Error("you did not let mh in there, or it refused to");
        const tokens = await exchangeAuthorization(signIn.issuer, {
          ...{ metadata, authorizationCode: code, codeVerifier, redirectUri: redirect.uri, resource: signIn.resource },
          clientInformation: { client_id: signIn.clientId },
          ...(iss !== undefined && { iss }),
          fetchFn: fetchWithin(this.#deps.http, { serverUrl: server.url, origins: signIn.origins }, signal),
        });
        const { issuer, scope = "", expiresAt } = await this.#deps.tokens.keep(server.name, signIn, tokens);
        const expires = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
        return { server: server.name, issuer, scopes: scope.split(" ").filter(Boolean), expires };
      });
    } finally {
      await this.#end(stage);
    }
  }

  async forget(name: string, signal: AbortSignal) {
    const { tokens } = this.#deps;
    const signIn = await tokens.signIn(name);
    if (!signIn)
      throw new Fault("mcp.failed", `You are not signed in to ${name}. \`mh mcp list\` shows which servers there are.`);
    const revoked = await this.#revoke(name, signIn, signal);
    await tokens.forget(name);
    return { server: name, revoked };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#attempts.keys()].map((stage) => this.#end(stage)));
  }

  /** At the authorization server (RFC 7009), where it takes tokens back. */
  async #revoke(name: string, signIn: SignIn, signal: AbortSignal): Promise<"yes" | "not offered" | "failed"> {
    const { revocationEndpoint, clientId, origins, url } = signIn;
    if (revocationEndpoint === undefined) return "not offered";
    const { access, refresh } = await this.#deps.tokens.held(name);
    const fetchFn = fetchWithin(this.#deps.http, { serverUrl: url, origins }, signal);
    try {
      for (const [token, hint] of [[refresh, "refresh_token"] as const, [access, "access_token"] as const]) {
        if (token === undefined) continue;
        const body = new URLSearchParams({ token, token_type_hint: hint, client_id: clientId });
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        const { ok } = await fetchFn(revocationEndpoint, { method: "POST", headers, body: body.toString() });
        if (!ok) return "failed";
      }
      return "yes";
    } catch {
      // The owner wants them gone here in any case, and is told.
      return "failed";
    }
  }

  async #metadataOf(
    server: SignInServer,
    issuer: string,
    origins: readonly string[],
    signal: AbortSignal,
  ): Promise<AuthorizationServerMetadata> {
    refuseClear(new URL(issuer));
    const fetchFn = fetchWithin(this.#deps.http, { serverUrl: server.url, origins }, signal);
    const metadata = await discoverAuthorizationServerMetadata(issuer, { fetchFn });
    if (!metadata) throw new Error(`${issuer} does not say how one signs in`);
    if (!metadata.code_challenge_methods_supported?.includes("S256"))
      throw new Error(`${issuer} does not protect the way back (PKCE), so that mh does not sign in there`);
    for (const each of endpointsOf(metadata)) refuseClear(new URL(each));
    return metadata;
  }

  async #end(stage: string): Promise<void> {
    const attempt = this.#attempts.get(stage);
    this.#attempts.delete(stage);
    clearTimeout(attempt?.timer);
    await attempt?.redirect[Symbol.asyncDispose]();
  }

  /** Whatever a server or a library says of it, as a sentence with the next step. */
  async #explained<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Fault && error.code.startsWith("secret.")) throw error;
      // What such an answer says of itself is an attacker's: it is shown to nobody (RFC 9207, 4).
      const isMixedUp = error instanceof IssuerMismatchError && error.kind === "authorization_response";
      const said = isMixedUp ? "the answer is not from where you were sent" : (error as Error).message;
      const why = visible(said.slice(0, 300)).replace(/\.$/, "");
      const next = `\`mh mcp login ${name}\` tries it again.`;
      throw new Fault("mcp.failed", `${name} could not be signed in to: ${why}. ${next}`, { cause: error });
    }
  }
}

function refuseUnnamed({ issuers }: { issuers: readonly string[] }, issuer: string): void {
  if (!issuers.includes(issuer)) throw new Error(`it does not name ${issuer} as where one signs in`);
}

/** As a program of no fixed address and without a secret of its own (RFC 7591). */
async function registered(
  metadata: AuthorizationServerMetadata,
  redirectUri: string,
  fetchFn: ReturnType<typeof fetchWithin>,
): Promise<string> {
  const { issuer } = metadata;
  if (metadata.registration_endpoint === undefined)
    throw new Error(
      `${issuer} takes no unknown program. Write the id that it gave you as oauth.clientId in config.yaml`,
    );
  const { client_id } = await registerClient(issuer, {
    metadata,
    fetchFn,
    clientMetadata: {
      client_name: "mh",
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    },
  });
  return client_id;
}

function endpointsOf(metadata: AuthorizationServerMetadata): string[] {
  const { authorization_endpoint, token_endpoint, registration_endpoint } = metadata;
  return [authorization_endpoint, token_endpoint, registration_endpoint, revocationOf(metadata)].flatMap((each) =>
    each === undefined ? [] : [String(each)],
  );
}

const revocationOf = (metadata: AuthorizationServerMetadata): string | undefined =>
  "revocation_endpoint" in metadata && metadata.revocation_endpoint !== undefined
    ? String(metadata.revocation_endpoint)
    : undefined;

const originsOf = (metadata: AuthorizationServerMetadata): string[] => [
  ...new Set([metadata.issuer, ...endpointsOf(metadata)].map((each) => new URL(each).origin)),
];
