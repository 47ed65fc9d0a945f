import type { PinnedTool } from "@mh/contract/mcp.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { essenceOf, type McpServer } from "@mh/contract/values/mcp-server.ts";
import type { Registry } from "../kernel/registry.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type ExtensionRow, extensionRow, extensionRows } from "./extensions-table.ts";
import { mcpManifestSchema, mcpNoun } from "./mcp-offer.ts";
import { nounOf, refuseShadow } from "./names.ts";
import { mcpServerSettings } from "./settings.ts";

export interface SettingsKey {
  crypto: Crypto;
  /** Settings may hold what is secret: their hash must tell nobody what they are. */
  hmacKey: Uint8Array;
}

/** The first file that is not what was allowed; one that an earlier version of mh did not pin is none that was. */
export const changedIn = (allowed: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>) =>
  Object.keys(allowed).find((file) => allowed[file] !== now[file]);

/** A hash that names the settings of a server without revealing them. */
export const settingsHash = ({ crypto, hmacKey }: SettingsKey, server: McpServer): string =>
  crypto.hmacHex(hmacKey, canonical(essenceOf(server)));

/** Undefined for one that the settings do not name. */
export function namedServer(config: Config, name: string): McpServer | undefined {
  const servers = mcpServerSettings.of(config);
  return Object.hasOwn(servers, name) ? servers[name] : undefined;
}

/** Throws `skill.unknown`. */
export function serverIn(config: Config, name: string): McpServer {
  const server = namedServer(config, name);
  if (server) return server;
  throw unknownServer(name);
}

export const changedServer = (server: string): Fault =>
  new Fault("skill.changed", `How ${server} is reached is not what you allowed. \`mh mcp allow ${server}\` shows it.`);

export const changedFile = (server: string, file: string): Fault =>
  new Fault("skill.changed", `${file} is not what you allowed of ${server}. \`mh mcp allow ${server}\` looks again.`);

export const unknownServer = (name: string): Fault =>
  new Fault("skill.unknown", `There is no MCP server ${name}. \`mh mcp list\` shows which there are.`);

const manifestOf = (row: ExtensionRow) => mcpManifestSchema().parse(JSON.parse(row.manifest));
/** The tools that the owner allowed. */
export const pinnedIn = (row: ExtensionRow): PinnedTool[] => manifestOf(row).tools;
/** What a server may be started from; nothing of one that is not allowed. */
export const programFilesIn = (row: ExtensionRow): Record<string, string> => manifestOf(row).programFiles;

/** Refuses a server whose name is no name here, or is or can be taken for one that there is. Throws `skill.misdeclared`. */
export function refuseServer({ registry }: { registry: Registry }, db: Database, name: string): void {
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
