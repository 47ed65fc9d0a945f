import type { MoveItem } from "@mh/contract/move.ts";
import { z } from "zod";

const blockSchema = z.looseObject({ label: z.string().min(1).max(200), value: z.string() });
const agentSchema = z.looseObject({ core_memory: z.array(z.unknown()).optional().catch(undefined) });

/** Blocks of memory of an agent file, and what else it holds that is not taken. */
export interface AgentFile {
  blocks: { label: string; value: string }[];
  others: { kind: MoveItem["kind"]; title: string; why: string }[];
}

/** An agent file of Letta: blocks, agents, tools and servers, in lists by those names. */
export function parseAgentFile(settings: Record<string, unknown>): AgentFile {
  const agents = listOf(settings.agents).flatMap((each) => {
    const read = agentSchema.safeParse(each);
    return read.success ? [read.data] : [];
  });
  // Files of before hold one agent at their top.
  const own = [...listOf(settings.core_memory), ...agents.flatMap(({ core_memory }) => core_memory ?? [])];
  const seen = new Set<string>();
  const blocks = [...listOf(settings.blocks), ...own].flatMap((each) => {
    const read = blockSchema.safeParse(each);
    if (!read.success || read.data.value.trim() === "" || seen.has(read.data.label)) return [];
    seen.add(read.data.label);
    return [{ label: read.data.label, value: read.data.value.trim() }];
  });
  const others: AgentFile["others"] = [];
  const say = (name: string, kind: MoveItem["kind"], title: string, why: string) => {
    const count = listOf(settings[name]).length;
    if (count > 0) others.push({ kind, title: `${count} ${title}`, why });
  };
  say("tools", "other", "tools, as code", "Code of others is not taken without its package: `mh help skills`");
  say("mcp_servers", "server", "MCP servers", "The file does not hold how they are reached: `mh mcp add` names one");
  if (agents.length > 0)
    others.push({ kind: "other", title: "what was said", why: "It is judged by `mh policy replay`" });
  const isSecret = [settings, ...agents].some((each) =>
    Object.keys(each).some((name) => name.includes("environment_variables")),
  );
  if (isSecret)
    others.push({ kind: "secret", title: "variables of tools", why: "They may be keys, and were not taken" });
  return { blocks, others };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
