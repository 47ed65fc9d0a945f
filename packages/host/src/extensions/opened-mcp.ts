import type { Clock } from "@mh/core/ports/clock.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Vault } from "../secrets/vault.ts";
import { McpSignIns } from "./mcp-login.ts";
import { McpPool, type PoolDeps } from "./mcp-pool.ts";
import { McpTokens } from "./mcp-tokens.ts";

/** What speaks with MCP servers; loaded when the first is spoken with. */
export interface Opened extends AsyncDisposable {
  pool: McpPool;
  logins: McpSignIns;
}

export function openMcp(parts: Omit<PoolDeps, "tokens"> & { http: Http; secrets: Vault; clock: Clock }): Opened {
  const tokens = new McpTokens(parts);
  const pool = new McpPool({ ...parts, tokens });
  const logins = new McpSignIns({ ...parts, tokens, stores: parts.secrets });
  return {
    ...{ pool, logins },
    async [Symbol.asyncDispose]() {
      await Promise.all([pool[Symbol.asyncDispose](), logins[Symbol.asyncDispose]()]);
    },
  };
}
