import type { OutputOf } from "@mh/contract/contract.ts";
import { mcpDiscover, mcpSignedIn, mcpSignIn, mcpSignOut } from "@mh/contract/mcp-login.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { always, defineOutside } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { serverIn } from "./mcp-server.ts";

/** A server at an address, and what of its settings speaks of signing in. */
export interface SignInServer {
  name: string;
  url: string;
  clientId?: string | undefined;
  scope?: string | undefined;
}

/** Signing in to MCP servers by OAuth 2.1: in a browser of the owner's, with tokens that lie where secrets do. */
export interface McpLogins {
  discover(
    server: SignInServer,
    issuer: string | undefined,
    signal: AbortSignal,
  ): Promise<OutputOf<typeof mcpDiscover>>;
  begin(
    server: SignInServer,
    approved: { issuer: string; origins: readonly string[] },
    signal: AbortSignal,
  ): Promise<OutputOf<typeof mcpSignIn>>;
  finish(stage: string, signal: AbortSignal): Promise<OutputOf<typeof mcpSignedIn>>;
  forget(name: string, signal: AbortSignal): Promise<OutputOf<typeof mcpSignOut>>;
}

const asOwner = { classify: always("admin", "medium") } as const;

/** The skills by which the owner signs in to servers. `logins` is loaded at the first of them. */
export function loginSkills(logins: () => Promise<McpLogins>) {
  return [
    defineOutside(mcpDiscover, {
      ...{ ...asOwner, stored: "kept" },
      run: async ({ server, issuer }, { config, signal }) =>
        (await logins()).discover(signInServer(config, server), issuer, signal),
    }),
    defineOutside(mcpSignIn, {
      // Its address is good for one attempt, and for nobody else.
      ...{ ...asOwner, stored: "once" },
      run: async ({ server, ...approved }, { config, signal }) =>
        (await logins()).begin(signInServer(config, server), approved, signal),
    }),
    defineOutside(mcpSignedIn, {
      ...{ ...asOwner, stored: "kept" },
      run: async ({ stage }, { signal }) => (await logins()).finish(stage, signal),
    }),
    defineOutside(mcpSignOut, {
      ...{ ...asOwner, stored: "kept" },
      run: async ({ server }, { signal }) => (await logins()).forget(server, signal),
    }),
  ];
}

function signInServer(config: Config, name: string): SignInServer {
  const { url, oauth } = serverIn(config, name);
  if (url !== undefined) return { name, url, clientId: oauth?.clientId, scope: oauth?.scope };
  throw new Fault("mcp.failed", `${name} is a program of this machine: there is nothing to sign in to.`);
}
