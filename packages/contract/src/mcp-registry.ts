import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";

const admin = { kind: "outside", effects: ["admin"], permissions: { hosts: ["*"] } } as const;

const name = () =>
  z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9.-]+\/[A-Za-z0-9._-]+$/, "a registry's name is written io.github.somebody/server")
    .describe("Its name in the registry, as in io.github.somebody/notes");

/** One way in which a server of a registry is reached, as it would stand in the settings; or why it cannot be. */
export const reachedWaySchema = once(() =>
  z.strictObject({
    how: z.string().describe("Its address, or what it is a package of"),
    url: z.string().nullable().describe("Null where it is no address"),
    headers: z.record(z.string(), z.string()).describe("With `{{secret:NAME}}` where a key belongs, by `{server}`"),
    notes: z.array(z.string()).describe("What is to be done before it works, a sentence each"),
    why: z.string().nullable().describe("Why it cannot be reached from here"),
  }),
);
export type ReachedWay = z.infer<ReturnType<typeof reachedWaySchema>>;

export const mcpFind = defineContract({
  ...admin,
  name: "mcp.find",
  title: "Look for MCP servers in the registry",
  input: () => z.strictObject({ words: z.string().min(1).max(100).describe("A part of their names") }),
  output: () =>
    z.strictObject({
      registry: z.string().describe("Where was looked"),
      servers: z
        .array(
          z.strictObject({
            ...{ name: z.string(), version: z.string(), description: z.string() },
            isAddress: z.boolean().describe("It is reached at an address, and not a package to install"),
          }),
        )
        .describe("Their latest versions; their publishers wrote this"),
    }),
  examples: [{ title: "By a word", args: { words: "weather" } }],
  pointers: { words: "they go to the registry that the settings name" },
  event: "mcp.found",
  retry: "safe",
});

export const mcpEntry = defineContract({
  ...admin,
  name: "mcp.entry",
  title: "Ask the registry what it says of an MCP server",
  input: () =>
    z.strictObject({
      name: name(),
      version: z.string().max(100).optional().describe("Exactly this one; left out, the latest"),
    }),
  output: () =>
    z.strictObject({
      ...{ registry: z.string(), name: z.string(), version: z.string(), description: z.string() },
      status: z.string().describe("What the registry says of it: active, deprecated or deleted"),
      hash: z.string().describe("SHA-256 of its whole `server.json`: the settings pin it"),
      ways: z.array(reachedWaySchema()),
    }),
  examples: [{ title: "The latest", args: { name: "io.github.somebody/notes" } }],
  control: ["name", "version"],
  pointers: { name: "what it says is hashed and shown", version: "what it says is hashed and shown" },
  event: "mcp.entry-read",
  retry: "safe",
});
