import type { McpView, OfferedTool, PinnedTool, ToolView } from "@mh/contract/mcp.ts";
import type { DiffLine } from "@mh/contract/values/diff.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import type { Registry } from "../kernel/registry.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import { type ExtensionRow, extensionRow } from "./extensions-table.ts";
import { mcpNoun, type Offer, unjudged } from "./mcp-offer.ts";
import {
  changedIn,
  namedServer,
  pinnedIn,
  programFilesIn,
  refuseServer,
  type SettingsKey,
  settingsHash,
} from "./mcp-server.ts";
import { secretsNamedBy } from "./secret-places.ts";
import { textDiff } from "./text-diff.ts";

export interface ViewDeps extends SettingsKey {
  registry: Registry;
  /** The files that a local server is started from, as they lie there now: SHA-256 by path. */
  programFiles: (server: McpServer) => Record<string, string>;
}

/** A server as its owner sees it; with `offer`, each tool compared with what was allowed. */
export function viewOf(
  deps: ViewDeps,
  { db, config }: { db: Database; config: Config },
  name: string,
  offer: Offer | undefined,
): McpView {
  const server = namedServer(config, name);
  const row = extensionRow(db, "mcp", name);
  const pinned = row ? pinnedIn(row) : [];
  const fault = row ? undefined : faultOf(() => refuseServer(deps, db, name));
  return {
    server: name,
    state: fault ? "refused" : stateOf(deps, row, server),
    how: server ? (server.url ?? [server.command, ...server.args].join(" ")) : "",
    reaches: server ? reachOf(server) : [],
    startedFrom: server ? startsFrom(deps, row, server) : [],
    tools: offer ? comparedTools(name, pinned, offer) : pinned.map((tool) => toolView(name, tool, "on")),
    fault: fault?.message ?? null,
  };
}

function stateOf(deps: ViewDeps, row: ExtensionRow | undefined, server: McpServer | undefined): McpView["state"] {
  if (!server) return "gone";
  if (!row) return "off";
  const stray = changedIn(programFilesIn(row), deps.programFiles(server));
  return row.hash === settingsHash(deps, server) && stray === undefined ? "on" : "changed";
}

function startsFrom(deps: ViewDeps, row: ExtensionRow | undefined, server: McpServer): string[] {
  const allowed = row ? programFilesIn(row) : {};
  const now = deps.programFiles(server);
  const gone = Object.keys(allowed).filter((file) => !Object.hasOwn(now, file));
  return [
    ...Object.entries(now).map(([file, hash]) => {
      const isChanged = Object.hasOwn(allowed, file) && allowed[file] !== hash;
      return `is started from ${file} (${hash.slice(0, 12)}${isChanged ? ", changed since you allowed it" : ""})`;
    }),
    ...gone.map((file) => `was started from ${file}, which is gone`),
  ];
}

function reachOf(server: McpServer): string[] {
  const { url, read, write, network } = server;
  return [
    ...(url === undefined ? read : []).map((path) => `reads ${path}`),
    ...(url === undefined ? write : []).map((path) => `changes ${path}`),
    ...(url === undefined
      ? network.map((host) => `reaches ${host}`)
      : [`what you send it goes to ${new URL(url).host}`]),
    ...(url === undefined && network.length === 0 ? ["has no network"] : []),
    ...secretsNamedBy(server).map((name) => `is given your secret ${name}`),
  ];
}

const toolView = (
  server: string,
  { verb, ...tool }: PinnedTool,
  state: ToolView["state"],
  diff: DiffLine[] = [],
): ToolView => ({
  ...tool,
  skill: `${mcpNoun(server)}.${verb}`,
  state,
  why: null,
  diff,
});

function comparedTools(server: string, pinned: readonly PinnedTool[], offer: Offer): ToolView[] {
  const before = new Map(pinned.map((tool) => [tool.tool, tool]));
  const offered = offer.tools.map((tool) => {
    const was = before.get(tool.tool);
    if (!was) return toolView(server, unjudged(tool), "new");
    if (was.hash === tool.hash) return toolView(server, was, "on");
    return toolView(server, unjudged(tool), "changed", textDiff(toolText(was), toolText(tool)));
  });
  const names = [...offer.tools, ...offer.refused].map(({ tool }) => tool);
  const gone = pinned.filter(({ tool }) => !names.includes(tool)).map((tool) => toolView(server, tool, "gone"));
  const refused = offer.refused.map(({ tool, why }): ToolView => {
    const bare = { tool, title: "", description: "", inputSchema: {}, hints: {}, hash: "" };
    return { ...toolView(server, unjudged(bare), "refused"), why };
  });
  return [...offered, ...gone, ...refused];
}

/** All that a tool says of itself, to be compared line by line. */
const toolText = ({ title, description, inputSchema, hints }: OfferedTool): string =>
  [title, description, JSON.stringify(inputSchema, null, 2), JSON.stringify(hints)].join("\n");

function faultOf(check: () => void): Fault | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}
