import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { textIn } from "@mh/core/documents/markdown.ts";
import { documentPaths } from "@mh/core/documents/reload.ts";
import { verifyExitCodes } from "@mh/core/journal/verify.ts";
import { stopPath } from "@mh/core/kernel/stop-path.ts";
import { readMemoryFile } from "@mh/core/memory/read-lines.ts";
import { memoryFiles } from "@mh/core/memory/reload.ts";
import type { Config } from "@mh/core/model/config.ts";
import { shellWord } from "@mh/core/model/shell-word.ts";
import { viewsOf } from "@mh/core/models/choose.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { secretSettings } from "@mh/core/secrets/settings.ts";
import { settingsPath } from "@mh/core/settings/settings.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { inspect } from "../audit/inspect.ts";
import { findDaemon } from "../daemon/daemon-file.ts";
import { homeDisk } from "../encryption/home-disk.ts";
import { keyFolder } from "../places.ts";
import { findSandbox } from "../sandbox/executor.ts";
import { checkSecrets } from "../secrets/check-secrets.ts";
import { shippedFeatures } from "../wiring/features.ts";
import { documentsOf, formOf } from "../wiring/install-features.ts";
import { checkAdopted } from "./check-adopted.ts";
import { checkChannels } from "./check-channels.ts";
import { checkClock, checkDates } from "./check-clock.ts";
import { checkSocket, keysOpenToOthers } from "./check-doors.ts";
import { checkEncryption } from "./check-encryption.ts";
import { checkForgotten } from "./check-forgotten.ts";
import { checkObjects, checkSnapshots } from "./check-kept.ts";
import { checkRights } from "./check-rights.ts";
import { checkRules } from "./check-rules.ts";
import { checkServers } from "./check-servers.ts";
import { readConfig, readHome } from "./home-file.ts";
import { loadKeys } from "./keys.ts";
import { copied, copyAdvice, knownHomes, originalOf } from "./known-homes.ts";
import { readSummary } from "./summary.ts";

export interface Finding {
  level: "ok" | "warn" | "bad";
  what: string;
  message: string;
  /** What to do about it. */
  next?: string;
}

type Found = Omit<Finding, "what"> | Omit<Finding, "what">[];
type Check = { what: string; run: () => Found | Promise<Found> };

/** Looks at every part of a home and changes none. A check that cannot be made is a finding. */
export async function* checkHome(
  root: string,
  environment: Record<string, string | undefined>,
): AsyncGenerator<Finding> {
  const { files } = homeDisk(root, environment);
  const home = readHome(files, root);
  const checks: Check[] = [
    {
      what: "home",
      run: () => [ok(`format ${home.format}, id ${home.id}`), ...refusesWriting(root), ...checkSocket(root)],
    },
    {
      what: "settings",
      run: () => checkSettings(root, files),
    },
    {
      what: "keys",
      run: () => {
        const folder = keyFolder(home.id, environment);
        loadKeys(folder);
        const next = "They are not in the home: keep a copy of that folder, too.";
        return [{ level: "ok", message: folder, next }, ...keysOpenToOthers(folder)];
      },
    },
    { what: "encryption", run: () => checkEncryption(root, environment) },
    { what: "homes", run: () => checkHomes(root, home.id, keyFolder(home.id, environment)) },
    {
      what: "secrets",
      run: () =>
        checkSecrets(secretsOf(home.id, environment), secretSettings.of(readConfig(files, formOf(shippedFeatures)))),
    },
    { what: "log", run: () => checkLog(root, environment) },
    { what: "rights", run: () => checkRights(root, environment) },
    { what: "clock", run: () => checkClock(root, environment) },
    { what: "memory", run: () => checkMemory(files) },
    { what: "dates", run: () => checkDates(root, environment) },
    { what: "documents", run: () => checkDocuments(files) },
    { what: "objects", run: () => checkObjects(root, environment) },
    { what: "snapshots", run: () => checkSnapshots(root, environment) },
    { what: "missing", run: () => checkMissing(root) },
    { what: "forgotten", run: () => checkForgotten(root, environment) },
    { what: "rules", run: () => checkRules(root, environment) },
    { what: "allowed", run: () => checkAdopted(root, environment) },
    {
      what: "stop",
      run: () =>
        files.facts(stopPath) ? { level: "warn", message: "STOP stands.", next: "mh resume" } : ok("nobody is stopped"),
    },
    { what: "sandbox", run: checkSandbox },
    { what: "servers", run: () => checkServers(root, keyFolder(home.id, environment), environment) },
    { what: "daemon", run: () => checkDaemon(root) },
    { what: "channels", run: () => checkChannels(root, readConfig(files, formOf(shippedFeatures))) },
    { what: "models", run: () => checkModels(readConfig(files, formOf(shippedFeatures))) },
  ];
  for (const { what, run } of checks) {
    try {
      for (const finding of [await run()].flat()) yield { what, ...finding };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      yield { what, level: "bad", message: error.message };
    }
  }
}

/** Without a last good text nothing runs, so that the way out is one that asks nobody. */
function checkSettings(root: string, files: Files): Omit<Finding, "what"> {
  try {
    const config = readConfig(files, formOf(shippedFeatures));
    return ok(`config.yaml reads well (owner ${config.owner || "not named"})`);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const file = path.join(root, settingsPath);
    const next = `mv ${shellWord(file)} ${shellWord(`${file}.off`)}`;
    return { level: "bad", message: `${error.message} The last good settings are in force.`, next };
  }
}

const secretsOf = (homeId: string, environment: Record<string, string | undefined>) => ({
  ...{ keyFolder: keyFolder(homeId, environment), homeId, environment },
});

const ok = (message: string): Omit<Finding, "what"> => ({ level: "ok", message });

/** Whether this is the home that its keys belong to, and which others are closed to it. */
function checkHomes(root: string, id: string, keys: string): Found {
  const original = originalOf(root, id, keys);
  const { homes, unreadable } = knownHomes(path.dirname(keys));
  const others = homes.filter((each) => each.id !== id).length;
  return [
    original === undefined
      ? ok(`${others} other ${others === 1 ? "home" : "homes"} on this machine, closed to this one`)
      : { level: "bad", message: copied(root, original), next: copyAdvice(original) },
    ...unreadable.map((file) => ({
      ...{ level: "warn" as const, message: `${file} does not say where a home lies` },
      next: "Remove that file. The home of its folder writes it again when it is next used; until then it is not known.",
    })),
  ];
}

/** Stands in the sandbox once, and tries what must fail there. */
async function checkSandbox(): Promise<Found> {
  const { kind, reason, tried, caps } = await findSandbox();
  if (kind !== "none") {
    const limits = caps.map(({ what, by }) => `${what} (${by.join(", ")})`).join("; ");
    const swarm = caps.some(({ what, by }) => what.startsWith("processes") && by.length === 1) ? [ok(unheld)] : [];
    return [ok(`${kind}, tried just now: ${tried.join(", ")}`), ok(`limited, each tried: ${limits}`), ...swarm];
  }
  return {
    level: "warn",
    message: `There is none: ${reason?.replace(/\.$/, "")}. Only agents that came with mh run.`,
    next: reason?.endsWith("is not installed") ? "Install bubblewrap (apt install bubblewrap)." : "mh help agents",
  };
}

/** Where nothing but the watchdog holds a swarm. */
const unheld =
  "the number of processes is watched only: as root, without a cgroup of version 2 to write to, the system counts none. Run mh as an ordinary user where you can.";

/** As the settings name them. Whether one answers is for `mh model test`: nothing is connected to here. */
function checkModels(config: Config): Omit<Finding, "what"> {
  const names = viewsOf(config).map(({ name, off }) => (off === null ? name : `${name} (off)`));
  if (names.length === 0) return ok("none; mh model use NAME takes one");
  return ok(`${names.join(", ")}; mh model test asks each for a word`);
}

function checkDaemon(root: string): Omit<Finding, "what"> {
  const facts = findDaemon(root);
  return ok(facts ? `runs as process ${facts.pid}, ${facts.url}` : "does not run; mh daemon start starts it");
}

function checkLog(root: string, environment: Record<string, string | undefined>): Omit<Finding, "what"> {
  const report = inspect(root, environment).verify({});
  if (report.status === "ok") return ok(`${report.records} records, nothing was touched`);
  if (report.status === "repaired") {
    const places = (report.repairs ?? []).map(({ seq, at, kept }) => `at record ${seq}, ${at} (${kept})`);
    return {
      level: "warn",
      message: `${report.records} records add up; repaired ${places.join("; ")}`,
      next: "mh audit verify",
    };
  }
  const message = `${report.status} at record ${report.seq}: ${report.reason}`;
  if (report.status === "torn") return { level: "warn", message, next: "The next command sets the torn line aside." };
  return {
    level: "bad",
    message,
    next: `mh audit verify (exit ${verifyExitCodes[report.status]}). Put back a copy of logs/audit, or go on with what there is: mh doctor --repair.`,
  };
}

function checkMemory(files: Files): Omit<Finding, "what">[] {
  const found: Omit<Finding, "what">[] = [];
  let lines = 0;
  for (const path of memoryFiles(files)) {
    for (const read of readMemoryFile({ files }, path)) {
      lines += 1;
      if (!("bad" in read)) continue;
      const { line, reason } = read.bad;
      found.push({
        level: "bad",
        message: `${path} line ${line}: ${reason}`,
        next: "The rest works. mh doctor --repair sets it aside and writes down again what is known of it.",
      });
    }
  }
  return found.length > 0 ? found : [ok(`${lines} lines, all readable`)];
}

/** Every Markdown file that is memory, and the settings. */
function checkDocuments(files: Files): Omit<Finding, "what">[] {
  const found: Omit<Finding, "what">[] = [];
  let count = 0;
  for (const kind of documentsOf(shippedFeatures, {
    ...{ crypto: nodeCrypto, form: formOf(shippedFeatures), readObject: () => undefined },
  })) {
    for (const path of documentPaths(files, kind)) {
      count += 1;
      try {
        kind.check(path, textIn(path, files.read(path) ?? new Uint8Array()));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        found.push({ level: "bad", message: error.message, next: "Until then its last good text is in force." });
      }
    }
  }
  return found.length > 0 ? found : [ok(`${count} ${count === 1 ? "file" : "files"}, all readable`)];
}

function checkMissing(root: string): Omit<Finding, "what"> {
  const summary = readSummary(root);
  if (!summary?.missing) return ok("nothing, as far as the last command saw");
  return {
    level: "bad",
    message: `${summary.missing} lines or files are gone and were not forgotten`,
    next: "mh review shows them; mh doctor --repair puts back what is known.",
  };
}

/** With less, an index cannot be opened and a command not be written down. */
const roomBytesMin = 512 * 1024;

function refusesWriting(root: string): Omit<Finding, "what">[] {
  try {
    fs.accessSync(root, fs.constants.W_OK);
    const { bavail, bsize } = fs.statfsSync(root);
    if (bavail * bsize >= roomBytesMin) return [];
    const next = "Make room: until then the home can be read, and nothing be written.";
    return [{ level: "bad", message: `the disk is full: ${Math.floor((bavail * bsize) / 1024)} KB are free`, next }];
  } catch {
    const next = "Check its owner and mount. Until then the home can be read, and nothing be written.";
    return [{ level: "bad", message: `cannot be written to: ${root}`, next }];
  }
}
