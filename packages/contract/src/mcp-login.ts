import { z } from "zod";
import { defineContract } from "./contract.ts";

const server = () => z.string().max(64).describe("Its name in the settings, under mcpServers");
const issuer = () => z.url().describe("The authorization server, by its issuer identifier");
const origins = () =>
  z.array(z.string()).max(5).describe("Where it is spoken with: its own address, and others that it names");

/** What is the same for all of them: the owner's alone, out into the network, with tokens that are kept as secrets. */
const admin = { kind: "outside", effects: ["admin"], permissions: { hosts: ["*"], secrets: ["*"] } } as const;

export const mcpDiscover = defineContract({
  ...admin,
  name: "mcp.discover",
  title: "Ask an MCP server where one signs in to it",
  input: () =>
    z.strictObject({
      server: server(),
      issuer: issuer().optional().describe("Asks that authorization server, too; left out, the server alone is asked"),
    }),
  output: () =>
    z.strictObject({
      resource: z.string().describe("What the tokens will be good for, and nothing else"),
      issuers: z.array(z.string()).describe("The authorization servers that it names"),
      scopes: z.array(z.string()).describe("What it asks to be permitted"),
      origins: origins().describe("Of the authorization server that was asked; empty where none was"),
    }),
  examples: [{ title: "Where one signs in", args: { server: "wiki" } }],
  control: ["server", "issuer"],
  pointers: {
    server: "it is asked at the address that the settings name",
    issuer: "what it answers is shown, and nothing is sent to it yet",
  },
  event: "mcp.discovered",
  retry: "safe",
});

export const mcpSignIn = defineContract({
  ...admin,
  name: "mcp.sign-in",
  title: "Begin to sign in to an MCP server",
  input: () => z.strictObject({ server: server(), issuer: issuer(), origins: origins() }),
  output: () =>
    z.strictObject({
      stage: z.string().describe("Names this attempt, for ten minutes: for `mcp.signed-in`"),
      url: z.string().describe("To be opened in your browser; it comes back to this machine"),
    }),
  examples: [
    {
      title: "By the authorization server that was shown",
      args: { server: "wiki", issuer: "https://auth.example", origins: ["https://auth.example"] },
    },
  ],
  control: ["server", "issuer", "origins"],
  pointers: {
    server: "it is asked at the address that the settings name",
    issuer: "it must say itself that it is the one of that name",
    origins: "an address each, and nothing is asked beyond them",
  },
  event: "mcp.signing-in",
});

export const mcpSignedIn = defineContract({
  ...admin,
  name: "mcp.signed-in",
  title: "Wait until you have signed in to an MCP server",
  input: () => z.strictObject({ stage: z.uuid().describe("The `stage` that `mcp.sign-in` gave") }),
  output: () =>
    z.strictObject({
      server: z.string(),
      issuer: z.string(),
      scopes: z.array(z.string()).describe("What you permitted"),
      expires: z.string().nullable().describe("When it has to be renewed, which happens by itself; null where never"),
    }),
  examples: [{ title: "The one that was begun", args: { stage: "0199c1a2-0000-4000-8000-000000000000" } }],
  control: ["stage"],
  pointers: { stage: "an attempt of this process, which ends with it" },
  event: "mcp.signed-in",
  subjects: { mcp: "server" },
});

export const mcpSignOut = defineContract({
  ...admin,
  name: "mcp.sign-out",
  title: "Sign out of an MCP server, and forget its tokens",
  input: () => z.strictObject({ server: server() }),
  output: () =>
    z.strictObject({
      server: z.string(),
      revoked: z
        .enum(["yes", "not offered", "failed"])
        .describe("Whether the authorization server took them back; here they are forgotten whatever it says"),
    }),
  examples: [{ title: "Forget them", args: { server: "wiki" } }],
  control: ["server"],
  pointers: { server: "what is kept of it is forgotten" },
  event: "mcp.signed-out",
  subjects: { mcp: "server" },
});
