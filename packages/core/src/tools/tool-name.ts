/** As long as MCP takes it (SEP-986). */
const lengthMax = 128;

/**
 * The tool of a skill: `memory.search` is `memory_search`, for models and many clients take no dots. A noun has no
 * underscore, so that each name is that of one skill only.
 */
export const toolName = (skill: string): string => skill.replace(".", "_");

/** The skill that a tool's name means; undefined for what can be no name of one. */
export function skillOf(tool: string): string | undefined {
  const [, noun, verb] = /^([a-z][a-z0-9-]*)_([a-z0-9][a-z0-9_-]*)$/.exec(tool) ?? [];
  return noun === undefined || tool.length > lengthMax ? undefined : `${noun}.${verb}`;
}
