import { Fault } from "@mh/contract/values/fault.ts";
import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import JSON5 from "json5";
import { z } from "zod";
import { type Entry, type Foreign, type Inputs, type Left, readEntry, type Taken } from "./read-entry.ts";

const nestingOf = z.record(z.string(), z.unknown());

/** What one file of another program names: what can be taken, as it would stand in `config.yaml`, and what cannot. */
export interface ClientConfig {
  taken: Taken[];
  left: Left[];
}

/**
 * Reads how another program names its MCP servers: `mcpServers` (Claude, Cursor, Windsurf, Cline, Gemini CLI and most
 * others), `servers` with `inputs` (VS Code, also under `mcp` of its settings), `context_servers` (Zed), `mcp` (OpenCode),
 * and the projects of `~/.claude.json`. Comments and trailing commas are read over. Throws `import.unreadable`.
 */
export function readClientConfig(text: string, { home }: { home: string | undefined }): ClientConfig {
  const root = parsed(text);
  const found = entriesIn(root);
  if (found.length === 0)
    throw new Fault(
      "import.unreadable",
      "It names no MCP servers: neither mcpServers, servers, context_servers nor mcp. Name the file that does.",
    );
  const config: ClientConfig = { taken: [], left: [] };
  for (const entry of found) {
    const read = readEntry(entry, home);
    if ("why" in read) config.left.push(read);
    else config.taken.push(read);
  }
  return withoutDoubles(config);
}

function parsed(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON5.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const where = (error as Error).message.replace(/^JSON5: /, "");
    throw new Fault("import.unreadable", `It is not the JSON of any program that mh knows: ${where.slice(0, 100)}.`);
  }
  const read = nestingOf.safeParse(value);
  if (read.success) return read.data;
  throw new Fault("import.unreadable", "It is JSON, but names no servers by their names.");
}

function entriesIn(root: Record<string, unknown>): Entry[] {
  const vscode = nestingOf.safeParse(root.mcp).data ?? {};
  const projects = Object.values(nestingOf.safeParse(root.projects).data ?? {});
  return [
    ...of(root.mcpServers),
    ...of(root.servers, root.inputs),
    ...of(root.context_servers),
    ...of(vscode.servers, vscode.inputs),
    // OpenCode has its servers right there.
    ...("servers" in vscode ? [] : of(root.mcp)),
    ...of(root["mcp.servers"], root["mcp.inputs"]),
    ...projects.flatMap((project) => of(nestingOf.safeParse(project).data?.mcpServers)),
  ];
}

const inputsSchema = z.array(z.looseObject({ id: z.string(), password: z.boolean().optional() })).catch([]);

function of(servers: unknown, inputs?: unknown): Entry[] {
  const read = nestingOf.safeParse(servers);
  if (!read.success) return [];
  const known: Inputs = new Map(inputsSchema.parse(inputs ?? []).map(({ id, password = false }) => [id, password]));
  return Object.entries(read.data).map(([name, server]) => ({ name, server: server as Foreign, inputs: known }));
}

/** Two of one name: the same twice is once, and of two that differ nobody can tell which one is meant. */
function withoutDoubles({ taken, left }: ClientConfig): ClientConfig {
  const byName = Map.groupBy(taken, ({ name }) => name);
  const config: ClientConfig = { taken: [], left: [...left] };
  for (const [name, [first, ...others]] of byName) {
    if (!first) continue;
    if (others.every((other) => isSame(first.server, other.server))) config.taken.push(first);
    else config.left.push({ name, why: "there are two of that name, and they differ" });
  }
  return config;
}

const isSame = (one: Partial<McpServer>, other: Partial<McpServer>): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
