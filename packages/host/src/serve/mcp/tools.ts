import type { SkillTool } from "@mh/contract/tools.ts";
import { skillOf, toolName } from "@mh/core/tools/tool-name.ts";
import type { Tool } from "@modelcontextprotocol/server";

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
