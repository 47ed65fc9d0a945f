import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { diffLineSchema } from "./values/diff.ts";
import { effects, risks } from "./values/effect.ts";

/** What a server says of a tool, bounded. Its annotations are hints of a third party, and decide nothing. */
export const offeredToolSchema = once(() =>
  z.strictObject({
    tool: z.string(),
    title: z.string(),
    description: z.string(),
    inputSchema: z.record(z.string(), z.json()).describe("JSON Schema"),
    hints: z.record(z.string(), z.json()),
    hash: z.string().describe("Over all of it: another description is another tool"),
  }),
);
export type OfferedTool = z.infer<ReturnType<typeof offeredToolSchema>>;

const toolEffect = () => z.enum(effects).exclude(["admin"]);

/** A tool as the owner allowed it: with what it does, which they say and not the server. */
export const pinnedToolSchema = once(() =>
  offeredToolSchema().extend({
    verb: z.string(),
    effect: toolEffect(),
    risk: z.enum(risks),
    control: z.array(z.string()),
  }),
);
export type PinnedTool = z.infer<ReturnType<typeof pinnedToolSchema>>;

const toolViewSchema = once(() =>
  pinnedToolSchema()
    .omit({ verb: true })
    .extend({
      skill: z.string().describe("The name that it is called by"),
      state: z
        .enum(["on", "new", "changed", "gone", "refused"])
        .describe("`new` waits for the owner, `changed` is not what was allowed"),
      why: z.string().nullable().describe("Why it is refused"),
      diff: z.array(diffLineSchema),
    }),
);
export type ToolView = z.infer<ReturnType<typeof toolViewSchema>>;

export const mcpViewSchema = once(() =>
  z.strictObject({
    server: z.string(),
    state: z
      .enum(["on", "off", "changed", "gone", "refused"])
      .describe("`changed`: its settings are not those that were allowed, and none of its tools runs"),
    how: z.string().describe("How it is reached"),
    reaches: z.array(z.string()).describe("What it may reach, one a line"),
    startedFrom: z
      .array(z.string())
      .describe("The files that a local one is started from, with their hashes, one a line"),
    tools: z.array(toolViewSchema()),
    fault: z.string().nullable().describe("Why it is refused"),
  }),
);
export type McpView = z.infer<ReturnType<typeof mcpViewSchema>>;

const server = () => z.string().max(64).describe("Its name in the settings, under mcpServers");

export const mcpList = defineContract({
  name: "mcp.list",
  kind: "query",
  recovery: true,
  title: "List MCP servers",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ servers: z.array(mcpViewSchema()).describe("By name") }),
  examples: [{ title: "All servers", args: {} }],
});

export const mcpLook = defineContract({
  name: "mcp.look",
  kind: "outside",
  title: "Ask an MCP server what it offers",
  input: () => z.strictObject({ server: server() }),
  output: () =>
    z.strictObject({
      stage: z.string().describe("Names what it offered, for half an hour: for `mcp.allow`"),
      hash: z.string(),
      server: mcpViewSchema(),
    }),
  examples: [{ title: "One server", args: { server: "files" } }],
  effects: ["admin"],
  permissions: { hosts: ["*"], processes: true },
  control: ["server"],
  pointers: { server: "what it is started from is hashed and shown before its tools are allowed" },
  event: "mcp.looked",
  retry: "safe",
});

/** What the owner says of a tool, where it is not what is assumed of a third party's. */
const said = () =>
  z.strictObject({
    effect: toolEffect().optional().describe("What it does to the world; left out, it sends"),
    risk: z.enum(risks).optional().describe("Left out, high"),
    control: z.array(z.string()).optional().describe("Arguments that control the effect; left out, all"),
  });

export const mcpAllow = defineContract({
  name: "mcp.allow",
  kind: "admin",
  title: "Allow tools of an MCP server",
  input: () =>
    z.strictObject({
      stage: z.uuid().describe("The `stage` that `mcp.look` gave"),
      hash: z.string().describe("Of what was shown"),
      tools: z.array(z.string()).optional().describe("Of all that it offers; left out, everything"),
      judged: z
        .record(z.string(), said())
        .optional()
        .describe("What you say of a tool, by its name; left out, nothing"),
    }),
  output: () => z.strictObject({ server: z.string(), skills: z.array(z.string()).describe("What may be called now") }),
  examples: [
    {
      title: "One tool, which only reads",
      args: {
        ...{ stage: "0199c1a2-0000-4000-8000-000000000000", hash: "5d41402abc4b2a76", tools: ["list"] },
        judged: { list: { effect: "read", risk: "low" } },
      },
    },
  ],
  control: ["stage"],
  event: "mcp.allowed",
  subjects: { mcp: "server" },
  undo: "mh mcp remove",
});

export const mcpRemove = defineContract({
  name: "mcp.remove",
  kind: "admin",
  recovery: true,
  title: "Remove the tools of an MCP server",
  input: () => z.strictObject({ server: server() }),
  output: () => z.strictObject({ server: z.string() }),
  examples: [{ title: "Remove them", args: { server: "files" } }],
  control: ["server"],
  event: "mcp.removed",
  subjects: { mcp: "server" },
  undo: "mh mcp allow",
});
