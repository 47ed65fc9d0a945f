import { z } from "zod";
import { once } from "../once.ts";

const words = once(() => z.array(z.string().max(4_000)).max(100));
const folder = once(() => z.string().regex(/^\/[^\p{C}]*$/u, "a path is absolute"));
const host = once(() => z.string().regex(/^[a-z0-9*][a-z0-9.*-]{0,252}$/, "a host is written in small letters"));

/**
 * A server of the Model Context Protocol, as every program writes it: a program with its arguments, or an address. A
 * local one runs in a sandbox, and what it may reach beside the system's files is said here: that is ours alone.
 * In `env` and `headers`, `{{secret:NAME}}` stands for a secret that `mh secret set` keeps.
 */
export const mcpServerSchema = once(() =>
  z
    .looseObject({
      command: z.string().min(1).max(4_000).optional(),
      args: words().default([]),
      env: z.record(z.string(), z.string().max(10_000)).default({}),
      cwd: folder().optional(),
      url: z.url({ protocol: /^https?$/, error: "a URL begins with https:// or http://" }).optional(),
      headers: z.record(z.string(), z.string().max(10_000)).default({}),
      /** What its authorization server knows mh by, where it takes no unknown program, and what to ask it for. */
      oauth: z
        .looseObject({ clientId: z.string().max(500).optional(), scope: z.string().max(1_000).optional() })
        .optional(),
      /** Which server of a registry it is, and the hash of all that this said of it: another one asks anew. */
      registry: z
        .strictObject({ name: z.string().max(200), version: z.string().max(100), hash: z.string().length(64) })
        .optional(),
      /** Folders and files that it may read, and such as it may change. */
      read: z.array(folder()).max(50).default([]),
      write: z.array(folder()).max(50).default([]),
      /** Hosts that a local server may reach. Without any it has no network. */
      network: z.array(host()).max(50).default([]),
    })
    .refine(({ command, url }) => (command === undefined) !== (url === undefined), {
      error: "an MCP server has a command, or a url",
    }),
);
export type McpServer = z.infer<ReturnType<typeof mcpServerSchema>>;

/** What of a server's settings decides on what it is and what it reaches; names of programs' own keys stay out. */
export function essenceOf(server: McpServer): Record<string, unknown> {
  const { command, args, env, cwd, url, headers, read, write, network, oauth, registry } = server;
  return {
    ...{ command: command ?? null, args, env, cwd: cwd ?? null, url: url ?? null, headers, read, write, network },
    ...(registry && { registry }),
    ...(oauth && { oauth: { clientId: oauth.clientId ?? null, scope: oauth.scope ?? null } }),
  };
}
