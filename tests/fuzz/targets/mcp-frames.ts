import { mcpManifestSchema, readOffer, unjudged } from "@mh/core/extensions/mcp-offer.ts";
import { readQuestion } from "@mh/core/extensions/mcp-question.ts";
import { toolSkills } from "@mh/core/extensions/mcp-tool.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { McpConnection } from "@mh/host/extensions/mcp-connection.ts";
import { StdioTransport } from "@mh/host/extensions/mcp-stdio.ts";
import type { Dice } from "../dice.ts";
import { mutatedBytes } from "../mutate.ts";
import { mutatedJson } from "../mutate-json.ts";
import { spokenRun } from "../spoken-run.ts";
import { checkThrown, Finding, type Target } from "../target.ts";
import { pieces } from "./socket-frames.ts";

const tool = (more: object = {}) => ({
  name: "add",
  title: "Add",
  description: "Adds two numbers.",
  inputSchema: {
    type: "object",
    properties: { a: { type: "number", minimum: 0 }, b: { type: ["number", "null"] } },
    required: ["a"],
    additionalProperties: false,
  },
  outputSchema: { type: "object" },
  annotations: { readOnlyHint: true },
  ...more,
});
const nested = {
  type: "object",
  properties: { list: { type: "array", items: { anyOf: [{ enum: ["a", 1] }, { $ref: "#/$defs/x" }] } } },
  $defs: { x: { type: "string", pattern: "^a+$", format: "uri" } },
};
/** `@id` is the number of the request that is answered. */
const answers = [
  {
    id: "@id",
    result: {
      protocolVersion: "2025-06-18",
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: "trial", version: "1" },
    },
  },
  { id: "@id", result: { tools: [tool(), tool({ name: "see.more/x", inputSchema: nested, annotations: undefined })] } },
  {
    id: "@id",
    result: {
      content: [
        { type: "text", text: "3" },
        { type: "image", data: "AA==", mimeType: "image/png" },
      ],
      structuredContent: { sum: 3 },
      isError: false,
    },
  },
].map((each) => JSON.stringify({ jsonrpc: "2.0", ...each }));
/** The same of the newer revision, which is asked for first. */
const newerAnswers = [
  { id: "@id", result: { supportedVersions: ["2026-07-28"], capabilities: { tools: {} } } },
  ...answers.slice(1).map((each) => JSON.parse(each) as { result: object }),
].map((each) => {
  const result = { resultType: "complete", ttlMs: 0, cacheScope: "private", ...each.result };
  return JSON.stringify({ jsonrpc: "2.0", id: "@id", result });
});
const others = [
  { method: "notifications/tools/list_changed" },
  { method: "notifications/message", params: { level: "info", data: "x" } },
  { method: "notifications/progress", params: { progressToken: 1, progress: 1, total: 2 } },
  { id: 7, method: "ping" },
  { id: 8, method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } },
  { id: 9, method: "roots/list" },
  {
    id: 10,
    method: "elicitation/create",
    params: { message: "Say.", requestedSchema: { type: "object", properties: { a: { type: "string" } } } },
  },
  {
    id: "@id",
    result: {
      ...{ resultType: "input_required", requestState: "x" },
      inputRequests: {
        a: { method: "elicitation/create", params: { mode: "url", message: "Go.", url: "https://a.example" } },
      },
    },
  },
  { id: "@id", error: { code: -32601, message: "No" } },
  { id: "@id", result: { tools: [], nextCursor: "more" } },
].map((each) => JSON.stringify({ jsonrpc: "2.0", ...each }));

/** A local MCP server that answers anything: connecting, its offer, the skills made of it, and a call of the first tool. */
export async function open(): Promise<Target> {
  const session = (dice: Dice) => {
    const right = dice.chance(0.5) ? answers : newerAnswers;
    const all = [...right, ...right, ...others];
    const odd = dice.below(right.length + 1);
    const lines = right.flatMap((answer, n) => {
      const said = n === odd || dice.chance(0.1) ? mutatedJson(dice, dice.chance(0.7) ? [answer] : all) : answer;
      return dice.chance(0.2) ? [dice.chance(0.5) ? dice.pick(others) : mutatedJson(dice, others), said] : [said];
    });
    return Buffer.from(lines.map((line) => `${line}\n`).join(""));
  };
  return {
    renewAfter: 5_000,
    make(dice) {
      const bytes = session(dice);
      return dice.chance(0.2) ? mutatedBytes(dice, bytes, [session(dice)]) : bytes;
    },
    async feed(input) {
      const server = hostileServer(input);
      const transport = new StdioTransport(server.run, (text) => text);
      try {
        await using connection = await McpConnection.open(transport, { isOlder: !input.includes("supportedVersions") });
        const never = new AbortController().signal;
        const offer = readOffer(nodeCrypto, await connection.tools(never));
        const tools = offer.tools.map(unjudged);
        mcpManifestSchema().parse({ tools });
        taken(() =>
          toolSkills({ name: "trial", manifest: JSON.stringify({ tools }) } as never, () => [], never as never),
        );
        const end = await connection.call(tools[0]?.tool ?? "add", { a: 1 }, { signal: never, holdMs: 1_000 });
        JSON.stringify("asked" in end ? readQuestion(end.asked.requests) : end);
        await connection.ping();
      } catch (error) {
        // What the pool says of a server is made of any error that speaks of the server; a mistake of ours is none.
        if (/^(?:Type|Range|Reference|Syntax)Error$/.test((error as Error).name)) throw error;
        if (typeof (error as Error).message !== "string") throw new Finding("An error without words.");
      } finally {
        server.leave();
      }
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function taken(make: () => unknown): void {
  try {
    make();
  } catch (error) {
    checkThrown(error);
  }
}

/** Says its lines up to the next answer whenever it is asked something; when there are none left it ends. */
function hostileServer(input: Buffer): ReturnType<typeof spokenRun> {
  let rest = input.toString("latin1");
  const server = spokenRun((text) => {
    const id = (JSON.parse(text) as { id?: unknown }).id;
    if (id === undefined) return;
    const end = rest.indexOf("\n", Math.max(0, rest.indexOf('"@id"')));
    const said = end === -1 ? rest : rest.slice(0, end + 1);
    rest = rest.slice(said.length);
    const bytes = Buffer.from(said.replaceAll('"@id"', JSON.stringify(id)), "latin1");
    queueMicrotask(() => {
      for (const piece of pieces(bytes)) server.say(piece);
      // Where that was no answer, nothing else comes.
      if (rest === "" || !said.includes('"@id"')) setImmediate(() => server.leave());
    });
  });
  return server;
}
