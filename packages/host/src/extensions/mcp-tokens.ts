import { Fault } from "@mh/contract/values/fault.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { type OAuthTokens, refreshAuthorization } from "@modelcontextprotocol/client";
import { z } from "zod";
import { fetchWithin } from "./oauth-fetch.ts";

/** How long before its end a token is renewed. */
const earlyMs = 60_000;

/** What was approved when the owner signed in; the tokens themselves lie beside it. */
const signInSchema = z.object({
  /** The server that they are for: they go to no other address. */
  url: z.string(),
  resource: z.string(),
  issuer: z.string(),
  origins: z.array(z.string()),
  clientId: z.string(),
  tokenEndpoint: z.string(),
  revocationEndpoint: z.string().optional(),
  scope: z.string().optional(),
  /** Milliseconds. */
  expiresAt: z.number().optional(),
});
export type SignIn = z.infer<typeof signInSchema>;

export interface TokenDeps {
  http: Http;
  secrets: Secrets;
  clock: Clock;
}

const nameOf = (server: string, what: "access" | "refresh" | "sign-in"): string => `mcp-login.${server}.${what}`;

/** The tokens of MCP servers, each kept as a secret, bound to the address that it was given for, and renewed in time. */
export class McpTokens {
  readonly #deps: TokenDeps;
  /** Renewals under way: two at once would spend a token that is good once. */
  readonly #renewing = new Map<string, Promise<void>>();

  constructor(deps: TokenDeps) {
    this.#deps = deps;
  }

  /** What a request to that address carries; undefined where nobody signed in to it. */
  async access(server: string, url: string, signal: AbortSignal): Promise<string | undefined> {
    const signIn = await this.signIn(server);
    if (!signIn) return undefined;
    if (signIn.url !== url) throw moved(server);
    const { expiresAt = Number.POSITIVE_INFINITY } = signIn;
    if (expiresAt - earlyMs <= this.#deps.clock.now()) await this.renew(server, signal);
    return this.#deps.secrets.read(nameOf(server, "access"));
  }

  async signIn(server: string): Promise<SignIn | undefined> {
    const text = await this.#readIf(nameOf(server, "sign-in"));
    const read = text === undefined ? undefined : signInSchema.safeParse(JSON.parse(text));
    return read?.success ? read.data : undefined;
  }

  async keep(server: string, signIn: SignIn, tokens: OAuthTokens): Promise<SignIn> {
    const { secrets, clock } = this.#deps;
    const { access_token: access, refresh_token: refresh, expires_in: seconds, scope = signIn.scope } = tokens;
    const { expiresAt: _before, scope: _asked, ...rest } = signIn;
    const kept = {
      ...rest,
      ...(scope !== undefined && { scope }),
      ...(seconds !== undefined && { expiresAt: clock.now() + seconds * 1_000 }),
    };
    // The one that is good once first: without it nothing could be renewed.
    if (refresh !== undefined) await secrets.write(nameOf(server, "refresh"), refresh);
    await secrets.write(nameOf(server, "access"), access);
    await secrets.write(nameOf(server, "sign-in"), JSON.stringify(kept));
    return kept;
  }

  /** Gets a new access token. Throws `mcp.failed` where the owner has to sign in again. */
  async renew(server: string, signal: AbortSignal): Promise<void> {
    const under =
      this.#renewing.get(server) ?? this.#renew(server, signal).finally(() => this.#renewing.delete(server));
    this.#renewing.set(server, under);
    await under;
  }

  async forget(server: string): Promise<void> {
    const names = await this.#deps.secrets.names();
    for (const what of ["access", "refresh", "sign-in"] as const)
      if (names.includes(nameOf(server, what))) await this.#deps.secrets.remove(nameOf(server, what));
  }

  /** Those that are there, for taking them back. */
  async held(server: string): Promise<{ access?: string; refresh?: string }> {
    const [access, refresh] = await Promise.all([
      this.#readIf(nameOf(server, "access")),
      this.#readIf(nameOf(server, "refresh")),
    ]);
    return { ...(access !== undefined && { access }), ...(refresh !== undefined && { refresh }) };
  }

  async #renew(server: string, signal: AbortSignal): Promise<void> {
    const [signIn, refreshToken] = [await this.signIn(server), await this.#readIf(nameOf(server, "refresh"))];
    if (!signIn || refreshToken === undefined) throw signInAgain(server, "has let your sign-in lapse");
    const { url, origins, issuer, tokenEndpoint, clientId, resource } = signIn;
    let tokens: OAuthTokens;
    try {
      tokens = await refreshAuthorization(issuer, {
        metadata: endpoints(issuer, tokenEndpoint),
        clientInformation: { client_id: clientId },
        ...{ refreshToken, resource },
        fetchFn: fetchWithin(this.#deps.http, { serverUrl: url, origins }, signal),
      });
    } catch (error) {
      throw signInAgain(server, "did not renew your sign-in", error);
    }
    await this.keep(server, signIn, tokens);
  }

  async #readIf(name: string): Promise<string | undefined> {
    const names = await this.#deps.secrets.names();
    return names.includes(name) ? this.#deps.secrets.read(name) : undefined;
  }
}

/** What of an authorization server's description its later requests need. */
const endpoints = (issuer: string, tokenEndpoint: string) => ({
  ...{ issuer, token_endpoint: tokenEndpoint, authorization_endpoint: issuer },
  ...{ response_types_supported: ["code"], token_endpoint_auth_methods_supported: ["none"] },
});

export const signInAgain = (server: string, what: string, cause?: unknown): Fault =>
  new Fault("mcp.failed", `${server} ${what}. \`mh mcp login ${server}\` signs in.`, { cause });

const moved = (server: string): Fault =>
  new Fault(
    "mcp.failed",
    `You signed in to ${server} at another address, and its tokens go nowhere else. \`mh mcp login ${server}\` signs in anew.`,
  );
