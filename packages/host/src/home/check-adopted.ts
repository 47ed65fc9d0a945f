import * as fs from "node:fs";
import type { Waiting } from "@mh/contract/adoption.ts";
import { adoptionRows } from "@mh/core/adoption/adoptions-table.ts";
import { waitingServers } from "@mh/core/extensions/mcp.ts";
import { waitingPackages } from "@mh/core/extensions/skill-package.ts";
import { readObject } from "@mh/core/kernel/objects.ts";
import { Registry } from "@mh/core/kernel/registry.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { lookAtProjection } from "../adapters/sqlite.ts";
import { AgentFiles } from "../agents/agent-files.ts";
import { journalReader } from "../audit/journal-reader.ts";
import { serverFiles } from "../extensions/server-files.ts";
import { agentFolders, indexFile, keyFolder, readerIn } from "../places.ts";
import { sandboxExecutor } from "../sandbox/executor.ts";
import { shippedFeatures } from "../wiring/features.ts";
import { formOf } from "../wiring/install-features.ts";
import type { Finding } from "./check-home.ts";
import { readHome } from "./home-file.ts";
import { isLeftOpen, seenLater } from "./index-left.ts";
import { loadKeys } from "./keys.ts";
import { isCurrent } from "./projection.ts";
import { SettingsFile } from "./settings-file.ts";

type Found = Omit<Finding, "what">;
type Environment = Record<string, string | undefined>;

/** What was put or changed by hand and waits for the owner. */
export function checkAdopted(root: string, environment: Environment): Found[] {
  if (!fs.existsSync(indexFile(root)))
    return [{ level: "ok", message: "there is no index; the next command folds the log" }];
  if (isLeftOpen(root)) return [{ level: "ok", message: seenLater }];
  const { disk } = journalReader(root, environment);
  const db = lookAtProjection(indexFile(root), disk.cipher?.databaseKey);
  try {
    db.exec("BEGIN");
    if (!isCurrent(db)) return [{ level: "ok", message: "to be seen once the next command has made the index anew" }];
    const found = waitingIn(root, environment, db).map(named);
    const counts = (["agent", "skill", "mcp"] as const).map((kind) =>
      counted(adoptionRows(db, kind).length, kinds[kind]),
    );
    const count = `${counts.join(", ")} allowed`;
    return [{ level: "ok", message: found.length > 0 ? count : `${count}, and each lies there as it was` }, ...found];
  } finally {
    db.close();
  }
}

function waitingIn(root: string, environment: Environment, db: Database): Waiting[] {
  const { files, crypto } = journalReader(root, environment);
  const { hmacKey } = loadKeys(keyFolder(readHome(files, root).id, environment));
  const read = (name: string) => readObject({ files, crypto, hmacKey }, name);
  const form = formOf(shippedFeatures);
  const { inForce: config, pending } = new SettingsFile({ files, form, reader: db, readObject: read }).state();
  const settings = pending.map(({ name }): Waiting => {
    return { kind: "setting", name, state: "changed", wider: [], command: "mh review" };
  });
  const packages = waitingPackages({ files, crypto, readObject: read })({ db });
  const registry = new Registry(crypto);
  const servers = waitingServers({ crypto, hmacKey, registry, programFiles: serverFiles })({ db, config });
  return [...settings, ...waitingAgents(root, db, files), ...packages, ...servers];
}

/** By their hashes alone: to hear what a file asks for, it would have to be run. */
function waitingAgents(root: string, db: Database, disk: Files): Waiting[] {
  const parts = { crypto: nodeCrypto, executor: sandboxExecutor(), read: readerIn(root, disk) };
  const files = new AgentFiles({ folders: agentFolders(root), ...parts });
  const allowed = new Map(adoptionRows(db, "agent").map(({ name, hash }) => [name, hash]));
  const lying = files.versions().filter(({ name, hash, isShipped }) => !isShipped && allowed.get(name) !== hash);
  return lying.map(({ name }) => {
    const state = allowed.has(name) ? "changed" : "new";
    return { kind: "agent", name, state, wider: [], command: `mh agent allow ${name}` };
  });
}

const kinds = { agent: "agent", skill: "skill package", mcp: "MCP server", setting: "setting" } as const;

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

function named({ kind, name, state, command }: Waiting): Found {
  const what = `${kinds[kind as keyof typeof kinds]} ${name}`;
  const goesOn = kind === "mcp" ? "it is not started" : "what was in force goes on";
  const message =
    state === "new"
      ? `${what} is new, and does nothing until you allow it`
      : `${what} was changed since you allowed it, and waits; until then ${goesOn}`;
  return { level: "warn", message, next: command };
}
