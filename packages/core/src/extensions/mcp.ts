import type { Waiting } from "@mh/contract/adoption.ts";
import type { ArgsOf } from "@mh/contract/contract.ts";
import {
  mcpAllow,
  mcpList,
  mcpLook,
  mcpRemove,
  type OfferedTool,
  offeredToolSchema,
  type PinnedTool,
} from "@mh/contract/mcp.ts";
import { once } from "@mh/contract/once.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import { z } from "zod";
import type { Adoption } from "../adoption/adoptions-table.ts";
import type { QueryContext } from "../feature.ts";
import { revokeGrants } from "../grants/revoke-grants.ts";
import { always, defineAdmin, defineOutside, defineQuery } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import { extensionRow, extensionRows } from "./extensions-table.ts";
import { mcpNoun, type Offer, unjudged } from "./mcp-offer.ts";
import {
  changedFile,
  changedIn,
  changedServer,
  pinnedIn,
  refuseServer,
  serverIn,
  settingsHash,
  unknownServer,
} from "./mcp-server.ts";
import { type ViewDeps, viewOf } from "./mcp-view.ts";
import { hashesOf, treeHash } from "./package-tree.ts";
import { mcpServerSettings } from "./settings.ts";
import type { Staging } from "./staging.ts";

/** A server to be asked what it offers, started from these files alone. */
export interface OfferAsked {
  name: string;
  server: McpServer;
  programFiles: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

export interface McpDeps extends ViewDeps {
  staging: Staging;
  /** Asks a server what it offers, started for that where it is a program. */
  offer: (asked: OfferAsked) => Promise<Offer>;
  /** Throws where the registry that a server comes from does not say of it any more what was added. */
  compareRegistry: (name: string, server: McpServer, config: Config, signal: AbortSignal) => Promise<void>;
  /** What is allowed, or removed, is registered anew. */
  changed: () => void;
}

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
      } = offerSchema().parse(JSON.parse(decodeUtf8(tree.get("offer.json") ?? new Uint8Array()) ?? ""));
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

const offerSchema = once(() =>
  z.strictObject({
    settings: z.string(),
    tools: z.array(offeredToolSchema()),
    programFiles: z.record(z.string(), z.string()),
  }),
);

/** What the owner said stays said for the very same tool; of another one it says nothing. */
function judgedAs(tool: OfferedTool, before: PinnedTool | undefined, now: Said | undefined): PinnedTool {
  const assumed = before?.hash === tool.hash ? before : unjudged(tool);
  const control = now?.control ?? assumed.control;
  const known = Object.keys((tool.inputSchema.properties ?? {}) as object);
  const stray = control.find((name) => !known.includes(name));
  if (stray !== undefined) throw new Fault("args.invalid", `${tool.tool} has no argument ${stray}.`);
  return { ...assumed, effect: now?.effect ?? assumed.effect, risk: now?.risk ?? assumed.risk, control };
}
