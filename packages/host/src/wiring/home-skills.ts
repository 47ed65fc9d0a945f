import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { SecretStoreKind } from "@mh/contract/values/secret-store.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Kernel } from "@mh/core/kernel/kernel.ts";
import type { CommandContext, Skill } from "@mh/core/kernel/skill.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Executor } from "@mh/core/ports/executor.ts";
import type { Http } from "@mh/core/ports/http.ts";
import { nodeGzip } from "../adapters/node-files.ts";
import type { AgentFiles } from "../agents/agent-files.ts";
import { agentSkills } from "../agents/agent-skills.ts";
import { AgentRuntime } from "../agents/runtime.ts";
import { mcpSkills } from "../extensions/mcp-skills.ts";
import { packageSkills } from "../extensions/package-skills.ts";
import { codeFolder } from "../places.ts";
import type { Vault } from "../secrets/vault.ts";
import { desktopOf } from "./desktop.ts";
import { lateDisk } from "./late-disk.ts";
import { lateHttp } from "./late-http.ts";
import { latePrograms } from "./late-programs.ts";
import { outsideSkills } from "./outside-skills.ts";
import { type ShippedSkillParts, shippedSkills } from "./shipped-skills.ts";

export interface HomeSkillParts extends Omit<ShippedSkillParts, "gzip"> {
  root: string;
  executor: Executor;
  keyFolder: string;
  environment: Record<string, string | undefined>;
  reader: Database;
  secrets: Vault;
  redact: (text: string) => string;
  agentFiles: AgentFiles;
  /** Instead of this machine's own. */
  http: Http | undefined;
  /** The gate, as agents come to it. */
  act: (command: Command) => Promise<Outcome>;
}

/** Registers every skill of a home: the shipped ones, those of others that were let in, and `more`. */
export function registerSkills(cleanup: AsyncDisposableStack, parts: HomeSkillParts, more: readonly Skill[]): void {
  const { root, hmacKey, environment, files, crypto, clock, timeZone, reader, readObject } = parts;
  const { executor, registry, kernel, settings, secrets, redact, agentFiles, act } = parts;
  const config = () => settings.current();
  const ca = () => certificatesIn(config().network.caFile, root);
  const http = parts.http ?? lateHttp(ca);
  const closed = closedFolders(root, parts.keyFolder);
  const runtime = new AgentRuntime({
    ...{ root, executor, crypto, clock, reader, timeZone, redact, config, act },
    isRead: (skill) => isRead(registry.find(skill)),
    isShipped: (source) => agentFiles.isShipped(source),
  });
  const packages = packageSkills({
    ...{ executor, files, crypto, clock, registry, reader, readObject, http, environment },
    act: (command) => kernel.act(command),
  });
  const servers = cleanup.use(
    mcpSkills({
      ...{ files, crypto, clock, registry, reader, hmacKey, secrets, closed, environment },
      ...{ executor, redact, config },
    }),
  );
  registry.add(
    ...agentSkills({ root, crypto, registry, timeZone, runtime, reader, readObject, files: agentFiles }),
    ...shippedSkills({ ...parts, gzip: nodeGzip }),
    ...outsideSkills({
      ...{ root, files, crypto, clock, timeZone, ca, http, secrets, redact, reader, readObject },
      chooseStore: (store, context) => chooseStore(kernel, store, context),
      desktop: desktopOf(environment),
      disk: lateDisk(closed),
      programs: latePrograms(executor, closed),
    }),
    ...packages.skills,
    ...servers.skills,
    ...more,
  );
  packages.register();
  servers.register();
}

/** What no skill for the disk or for programs opens: this and every other home's keys, mh itself, and the system's own. */
function closedFolders(root: string, keyFolder: string): string[] {
  return [root, path.dirname(keyFolder), codeFolder(import.meta.dirname), "/proc", "/sys", "/dev"];
}

/** A decision is none: it stands in the log, and a second try of a run goes by it. */
const isRead = (skill: Skill | undefined): boolean =>
  skill?.kind !== "own" && (skill?.contract.effects.every((effect) => effect === "read" || effect === "fetch") ?? true);

/** Certificates that the settings add to the public ones. Read each time: there are few such requests. */
function certificatesIn(caFile: string | undefined, root: string): string | undefined {
  if (!caFile) return undefined;
  try {
    return fs.readFileSync(path.resolve(root, caFile), "utf8");
  } catch (cause) {
    const what = `network.caFile in config.yaml names ${caFile}, which cannot be read`;
    throw new Fault("config.invalid", `${what}. Correct the path.`, { cause });
  }
}

async function chooseStore(kernel: Kernel, store: SecretStoreKind, context: CommandContext): Promise<void> {
  const { principal, commandId } = context;
  const args = { name: "secrets.store", value: store };
  const chosen = await kernel.act({ principal, skill: "config.set", args, cause: commandId });
  if (chosen.status === "failed") throw new Fault(chosen.fault.code, chosen.fault.message);
  const next = `\`mh config set secrets.store ${store}\`, then try again`;
  if (chosen.status !== "done")
    throw new Fault("secret.failed", `The setting was not changed (${chosen.status}). ${next}.`);
}
