import type { Contract } from "@mh/contract/contract.ts";
import type { PinnedTool } from "@mh/contract/mcp.ts";
import { once } from "@mh/contract/once.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Answered, AskedPart } from "@mh/contract/values/question.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import { z } from "zod";
import { defineOutside, OwnerAsked, type Skill } from "../kernel/skill.ts";
import type { ExtensionRow } from "./extensions-table.ts";
import { mcpManifestSchema, mcpNoun } from "./mcp-offer.ts";
import { others } from "./script-skill.ts";
import { type JsonObject, untrustedSchema } from "./untrusted-schema.ts";

/** One call of a tool. */
export interface ToolCall {
  row: ExtensionRow;
  tool: PinnedTool;
  args: Record<string, unknown>;
  signal: AbortSignal;
  progress: (progress: ToolProgress) => void;
  /** What the owner answered to what this call asked before. */
  answered?: Answered | undefined;
}

/** How far a tool says that it is. Untrusted. */
export interface ToolProgress {
  progress: number;
  total?: number | undefined;
  message?: string | undefined;
}

/** What a server wants to know of the owner before it goes on with a call; `state` leads back to it. */
export interface ToolQuestion {
  parts: AskedPart[];
  state: string;
}

/** What came back, bounded: untrusted text. */
export interface ToolAnswer {
  text: string;
  /** Structured content, where the tool gives it. */
  data?: unknown;
  isError: boolean;
  isCut: boolean;
}

const output = once(() =>
  z.strictObject({
    origin: z.string().describe("Where all of it comes from: `mcp:` and the server"),
    text: z.string(),
    data: z.json().optional().describe("Structured content, where the tool gives it"),
    isCut: z.boolean().optional().describe("Only the beginning is here"),
  }),
);

/** The tools of a server that the owner allowed, as skills: their effects are those of their caller. */
export function toolSkills(
  row: ExtensionRow,
  hosts: () => readonly string[],
  call: (call: ToolCall) => Promise<ToolAnswer | ToolQuestion>,
): Skill[] {
  const { tools } = mcpManifestSchema().parse(JSON.parse(row.manifest));
  return tools.map((tool) => {
    const name = `${mcpNoun(row.name)}.${tool.verb}`;
    const contract: Contract<string, "outside", z.ZodType<JsonObject>, ReturnType<typeof output>> = {
      name,
      kind: "outside",
      version: "1.0.0",
      // The server's own words are shown where it is asked about; a request to the owner is not their place.
      title: `Use the tool ${tool.tool} of the MCP server ${row.name}`,
      input: untrustedSchema(tool.inputSchema, `The input of ${name}`, { lenient: true }),
      output: output(),
      examples: [],
      effects: [tool.effect],
      permissions: { hosts: ["*"] },
      control: tool.control,
      provenance: { content: others(tool.inputSchema, tool.control), open: true, writers: "anyone" },
      undo: null,
      retry: "never",
      code: tool.hash,
      event: `${name}.done`,
    };
    return defineOutside(contract, {
      stored: "kept",
      classify: () => ({
        effect: tool.effect,
        risk: tool.risk,
        scope: hosts().length > 0 ? { hosts: [...hosts()] } : {},
      }),
      async run(args, { signal, progress, answered }) {
        const report = (each: ToolProgress) => progress(progressOf(each));
        const end = await call({ row, tool, args, signal, progress: report, answered });
        if ("parts" in end) throw new OwnerAsked({ by: `mcp:${row.name}`, ...end });
        const { text, data, isError, isCut } = end;
        if (isError) throw new Fault("mcp.failed", `${name} says: ${text.slice(0, 1_000) || "it failed"}`);
        return {
          origin: `mcp:${row.name}`,
          text,
          ...(data !== undefined && { data: data as z.core.util.JSONType }),
          ...(isCut && { isCut }),
        };
      },
    });
  });
}

/** As a run reports it: what is no number of anything is none. */
function progressOf({ progress, total, message }: ToolProgress): ProgressUpdate {
  const isCount = (n: number | undefined): n is number => n !== undefined && Number.isFinite(n) && n >= 0;
  return {
    done: isCount(progress) ? progress : 0,
    total: isCount(total) ? total : null,
    note: visible((message ?? "").slice(0, 200)),
  };
}
