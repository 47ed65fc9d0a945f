import type { Waiting } from "@mh/contract/adoption.ts";
import type { ArgsOf } from "@mh/contract/contract.ts";
import {
  type McpView,
  mcpAllow,
  mcpList,
  mcpLook,
  mcpRemove,
  type OfferedTool,
  offeredToolSchema,
  type PinnedTool,
  type ToolView,
} from "@mh/contract/mcp.ts";
import type { DiffLine } from "@mh/contract/values/diff.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { essenceOf, type McpServer } from "@mh/contract/values/mcp-server.ts";
import { z } from "zod";
import type { Adoption } from "../adoption/adoptions-table.ts";
import type { QueryContext } from "../feature.ts";
import { revokeGrants } from "../grants/revoke-grants.ts";
import type { Registry } from "../kernel/registry.ts";
import { always, defineAdmin, defineOutside, defineQuery } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type ExtensionRow, extensionRow, extensionRows } from "./extensions-table.ts";
import { mcpManifestSchema, mcpNoun, type Offer, unjudged } from "./mcp-offer.ts";
import { nounOf, refuseShadow } from "./names.ts";
import { hashesOf, treeHash } from "./package-tree.ts";
import { mcpServerSettings } from "./settings.ts";
import type { Staging } from "./staging.ts";
import { textDiff } from "./text-diff.ts";

/** A server to be asked what it offers, started from these files alone. */
export interface OfferAsked {
  name: string;
  server: McpServer;
  programFiles: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

export interface McpDeps {
  crypto: Crypto;
  /** Settings may hold what is secret: their hash must tell nobody what they are. */
  hmacKey: Uint8Array;
  registry: Registry;
  staging: Staging;
  /** Asks a server what it offers, started for that where it is a program. */
  offer: (asked: OfferAsked) => Promise<Offer>;
  /** Throws where the registry that a server comes from does not say of it any more what was added. */
  compareRegistry: (name: string, server: McpServer, config: Config, signal: AbortSignal) => Promise<void>;
  /** The files that a local server is started from, as they lie there now: SHA-256 by path. */
  programFiles: (server: McpServer) => Record<string, string>;
  /** What is allowed, or removed, is registered anew. */
  changed: () => void;
}

type ViewDeps = Pick<McpDeps, "crypto" | "hmacKey" | "registry" | "programFiles">;

/** The servers that the settings name, and what was allowed of each. None is started. */
export function listMcpSkill(deps: McpDeps) {
  return defineQuery(mcpList, {
    run(_args, { db, config }) {
      const names = [...Object.keys(mcpServerSettings.of(config)), ...extensionRows(db, "mcp").map(({ name }) => name)];
      return { servers: [...new Set(names)].sort().map((name) => viewOf(deps, { db, config }, name, undefined)) };
    },
  });
}

/** Servers that the settings name and whose tools were never allowed, or that are reached in another way than was allowed. */
export const waitingServers =
  (deps: ViewDeps) =>
  ({ db, config }: Pick<QueryContext, "db" | "config">): Waiting[] =>
    Object.keys(mcpServerSettings.of(config)).flatMap((name): Waiting[] => {
      const { state, reaches, startedFrom } = viewOf(deps, { db, config }, name, undefined);
      if (state !== "off" && state !== "changed") return [];
      const about: Pick<Waiting, "state" | "wider"> = {
        state: state === "off" ? "new" : "changed",
        wider: [...reaches, ...startedFrom],
      };
      return [{ kind: "mcp", name, ...about, command: `mh mcp allow ${name}` }];
    });

/** Asks a server what it offers, and reports what differs from what was allowed. */
export function lookMcpSkill(deps: McpDeps & { reader: Database }) {
  return defineOutside(mcpLook, {
    stored: "kept",
    classify: always("admin", "medium"),
    async run({ server: name }, { config, signal }) {
      const server = serverIn(config, name);
      refuseServer(deps, deps.reader, name);
      await deps.compareRegistry(name, server, config, signal);
      // What answers is started from just these, or does not answer.
      const programFiles = deps.programFiles(server);
      const offer = await deps.offer({ name, server, programFiles, signal });
      const staged = { settings: settingsHash(deps, server), tools: offer.tools, programFiles };
      const tree = new Map([["offer.json", utf8.encode(JSON.stringify(staged))]]);
      const stage = deps.staging.put({ tree, source: name });
      const view = viewOf(deps, { db: deps.reader, config }, name, offer);
      return { stage, hash: treeHash(deps.crypto, hashesOf(deps.crypto, tree)), server: view };
    },
  });
}

type Said = NonNullable<ArgsOf<typeof mcpAllow>["judged"]>[string];

/** Allows tools of a server, each as it was shown: description and schema are pinned by their hash. */
export function allowMcpSkill(deps: McpDeps) {
  return defineAdmin(mcpAllow, {
    stored: "kept",
    apply({ stage, hash, tools, judged = {} }, { tx, commandId, principal, config }) {
      const { tree, source: server } = deps.staging.get(stage);
      if (treeHash(deps.crypto, hashesOf(deps.crypto, tree)) !== hash)
        throw new Fault("skill.refused", "This is not what was shown. `mh mcp show` asks the server again.");
      const {
        settings,
        tools: offered,
        programFiles,
      } = offerSchema.parse(JSON.parse(decodeUtf8(tree.get("offer.json") ?? new Uint8Array()) ?? ""));
      if (settings !== settingsHash(deps, serverIn(config, server))) throw changedServer(server);
      const stray = changedIn(programFiles, deps.programFiles(serverIn(config, server)));
      if (stray !== undefined) throw changedFile(server, stray);
      refuseServer(deps, tx.db, server);
      const known = offered.map(({ tool }) => tool);
      const unknown = [...(tools ?? []), ...Object.keys(judged)].find((tool) => !known.includes(tool));
      if (unknown !== undefined)
        throw new Fault("args.invalid", `${server} offers no tool ${unknown} that can be taken.`);
      const row = extensionRow(tx.db, "mcp", server);
      const before = new Map(row ? pinnedIn(row).map((tool) => [tool.tool, tool]) : []);
      const pinned = offered
        .filter(({ tool }) => tools === undefined || tools.includes(tool))
        .map((tool) => judgedAs(tool, before.get(tool.tool), judged[tool.tool]));
      const stays = [...before.values()].filter(({ tool }) => tools !== undefined && !tools.includes(tool));
      const manifest = { tools: [...pinned, ...stays], programFiles };
      const files = Object.fromEntries(manifest.tools.map(({ tool, hash: each }) => [tool, each]));
      const body: Adoption = { what: "mcp", name: server, hash: settings, manifest, files, object: "" };
      tx.append({ phase: "adopt", id: commandId, principal, body });
      // Who had leave for another tool of that name is asked about again.
      const other = pinned.filter(({ tool, hash: now }) => before.has(tool) && before.get(tool)?.hash !== now);
      for (const { verb } of other) revokeGrants({ tx, commandId, principal }, { skill: `${mcpNoun(server)}.${verb}` });
      tx.afterCommit(() => {
        deps.staging.drop(stage);
        deps.changed();
      });
      return { server, skills: manifest.tools.map(({ verb }) => `${mcpNoun(server)}.${verb}`) };
    },
  });
}

/** No tool of a server may be used any more. The settings still name it. */
export function removeMcpSkill(deps: McpDeps) {
  return defineAdmin(mcpRemove, {
    stored: "kept",
    apply({ server }, { tx, commandId, principal }) {
      const row = extensionRow(tx.db, "mcp", server);
      if (!row) throw unknownServer(server);
      for (const { verb } of pinnedIn(row))
        revokeGrants({ tx, commandId, principal }, { skill: `${mcpNoun(server)}.${verb}` });
      const body: Adoption = { what: "mcp", name: server, hash: null, manifest: {}, files: {}, object: "" };
      tx.append({ phase: "adopt", id: commandId, principal, body });
      tx.afterCommit(deps.changed);
      return { server };
    },
  });
}

const offerSchema = z.strictObject({
  settings: z.string(),
  tools: z.array(offeredToolSchema),
  programFiles: z.record(z.string(), z.string()),
});

/** The first file that is not what was allowed; one that an earlier version of mh did not pin is none that was. */
const changedIn = (allowed: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>) =>
  Object.keys(allowed).find((file) => allowed[file] !== now[file]);

/** What the owner said stays said for the very same tool; of another one it says nothing. */
function judgedAs(tool: OfferedTool, before: PinnedTool | undefined, now: Said | undefined): PinnedTool {
  const assumed = before?.hash === tool.hash ? before : unjudged(tool);
  const control = now?.control ?? assumed.control;
  const known = Object.keys((tool.inputSchema.properties ?? {}) as object);
  const stray = control.find((name) => !known.includes(name));
  if (stray !== undefined) throw new Fault("args.invalid", `${tool.tool} has no argument ${stray}.`);
  return { ...assumed, effect: now?.effect ?? assumed.effect, risk: now?.risk ?? assumed.risk, control };
}

/** Names the settings of a server without telling them. */
export const settingsHash = ({ crypto, hmacKey }: Pick<McpDeps, "crypto" | "hmacKey">, server: McpServer): string =>
  crypto.hmacHex(hmacKey, canonical(essenceOf(server)));

export function serverIn(config: Config, name: string): McpServer {
  const server = Object.hasOwn(mcpServerSettings.of(config), name) ? mcpServerSettings.of(config)[name] : undefined;
  if (server) return server;
  throw unknownServer(name);
}

export const changedServer = (server: string): Fault =>
  new Fault("skill.changed", `How ${server} is reached is not what you allowed. \`mh mcp allow ${server}\` shows it.`);

export const changedFile = (server: string, file: string): Fault =>
  new Fault("skill.changed", `${file} is not what you allowed of ${server}. \`mh mcp allow ${server}\` looks again.`);

const unknownServer = (name: string): Fault =>
  new Fault("skill.unknown", `There is no MCP server ${name}. \`mh mcp list\` shows which there are.`);

const manifestOf = (row: ExtensionRow) => mcpManifestSchema.parse(JSON.parse(row.manifest));
const pinnedIn = (row: ExtensionRow): PinnedTool[] => manifestOf(row).tools;
/** What a server may be started from; nothing of one that is not allowed. */
export const programFilesIn = (row: ExtensionRow): Record<string, string> => manifestOf(row).programFiles;

function refuseServer({ registry }: Pick<McpDeps, "registry">, db: Database, name: string): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 40)
    throw new Fault(
      "skill.misdeclared",
      `An MCP server's name is small letters, digits and single dashes, not ${name}.`,
    );
  const own = extensionRow(db, "mcp", name) ? [mcpNoun(name)] : [];
  const nouns = registry.all().map(({ contract }) => nounOf(contract.name));
  const packages = extensionRows(db, "skill").map((row) => row.name);
  refuseShadow(
    mcpNoun(name),
    [...nouns, ...packages].filter((noun) => !own.includes(noun)),
  );
}

function viewOf(
  deps: ViewDeps,
  { db, config }: { db: Database; config: Config },
  name: string,
  offer: Offer | undefined,
): McpView {
  const server = Object.hasOwn(mcpServerSettings.of(config), name) ? mcpServerSettings.of(config)[name] : undefined;
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

function reachOf({ url, read, write, network, env, headers }: McpServer): string[] {
  const secrets = [...Object.values(env), ...Object.values(headers)].flatMap((text) => [
    ...text.matchAll(/\{\{secret:([\w.-]+)\}\}/g),
  ]);
  return [
    ...(url === undefined ? read : []).map((path) => `reads ${path}`),
    ...(url === undefined ? write : []).map((path) => `changes ${path}`),
    ...(url === undefined
      ? network.map((host) => `reaches ${host}`)
      : [`what you send it goes to ${new URL(url).host}`]),
    ...(url === undefined && network.length === 0 ? ["has no network"] : []),
    ...secrets.map(([, name]) => `is given your secret ${name}`),
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
