import type { SkillTool } from "@mh/contract/tools.ts";
import type { Tool } from "@modelcontextprotocol/server";

/** As long as MCP takes it (SEP-986). */
const nameLengthMax = 128;

/**
 * The tool of a skill: `memory.search` is `memory_search`, for many clients take no dots. A noun has no underscore, so that
 * each name is that of one skill only.
 */
export const toolName = (skill: string): string => skill.replace(".", "_");

/** The skill that a tool's name means; undefined for what can be no name of one. */
export function skillOf(tool: string): string | undefined {
  const [, noun, verb] = /^([a-z][a-z0-9-]*)_([a-z0-9][a-z0-9_-]*)$/.exec(tool) ?? [];
  return noun === undefined || tool.length > nameLengthMax ? undefined : `${noun}.${verb}`;
}

/** Tools as MCP lists them, from contracts alone. */
export function toolsOf(tools: readonly SkillTool[]): Tool[] {
  return tools.filter(({ skill }) => skillOf(toolName(skill)) !== undefined).map(toolOf);
}

function toolOf({ skill, title, effects, reads, undo, repeatable, input, output }: SkillTool): Tool {
  const last = reads ? "It only reads." : undo === null ? "It cannot be undone." : "The owner can undo it.";
  const outputSchema = objectSchema(output);
  return {
    name: toolName(skill),
    title,
    description: `${title}. ${last}`,
    inputSchema: { ...input, type: "object" },
    // An answer that is no object has none to be told by.
    ...(outputSchema && { outputSchema }),
    annotations: {
      ...{ title, readOnlyHint: reads, idempotentHint: repeatable },
      destructiveHint: !reads && undo === null,
      openWorldHint: effects.some((effect) => ["fetch", "send", "spend"].includes(effect)),
    },
  };
}

const objectSchema = (schema: SkillTool["output"]): (SkillTool["output"] & { type: "object" }) | undefined =>
  schema.type === "object" ? { ...schema, type: "object" } : undefined;
