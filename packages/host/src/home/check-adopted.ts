import type { Waiting } from "@mh/contract/adoption.ts";
import { adoptionRows } from "@mh/core/adoption/adoptions-table.ts";
import { waitingServers } from "@mh/core/extensions/mcp.ts";
import { waitingPackages } from "@mh/core/extensions/skill-package.ts";
import type { JournalReaderDeps } from "@mh/core/journal/walk.ts";
import { readObject } from "@mh/core/kernel/objects.ts";
import { Registry } from "@mh/core/kernel/registry.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { AgentFiles } from "../agents/agent-files.ts";
import { serverFiles } from "../extensions/server-files.ts";
import { agentFolders, keyFolder, readerIn } from "../places.ts";
import { sandboxExecutor } from "../sandbox/executor.ts";
import { shippedFeatures } from "../wiring/features.ts";
import { formOf } from "../wiring/install-features.ts";
import { readHome } from "./home-file.ts";
import { loadKeys } from "./keys.ts";
import { type Environment, type Found, lookAtIndex } from "./look-at-index.ts";
import { SettingsFile } from "./settings-file.ts";

/** What was put or changed by hand and waits for the owner. */
export function checkAdopted(root: string, environment: Environment): Found[] {
  return lookAtIndex(root, environment, (db, reader) => {
    const found = waitingIn(root, { db, reader, environment }).map(named);
    const counts = (["agent", "skill", "mcp"] as const).map((kind) =>
      counted(adoptionRows(db, kind).length, kinds[kind]),
    );
    const count = `${counts.join(", ")} allowed`;
    return [{ level: "ok", message: found.length > 0 ? count : `${count}, and each lies there as it was` }, ...found];
  });
}

interface Looked {
  db: Database;
  reader: JournalReaderDeps;
  environment: Environment;
}

function waitingIn(root: string, { db, reader, environment }: Looked): Waiting[] {
  const { files, crypto } = reader;
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
