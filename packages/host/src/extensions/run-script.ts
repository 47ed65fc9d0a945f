import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { Command } from "@mh/contract/wire/command.ts";
import { diskTree } from "@mh/core/extensions/disk-tree.ts";
import { hashesOf, type Tree, treeHash } from "@mh/core/extensions/package-tree.ts";
import type { ScriptJob } from "@mh/core/extensions/script-skill.ts";
import type { SkillManifest } from "@mh/core/extensions/skill-manifest.ts";
import { changedSince } from "@mh/core/extensions/skill-package.ts";
import type { TrialJob } from "@mh/core/extensions/skill-trial.ts";
import type { Run } from "@mh/core/kernel/run.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Executor } from "@mh/core/ports/executor.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { errorLine } from "../sandbox/error-line.ts";
import { runWorker, type WorkerEnd, type WorkerJob, watched } from "../sandbox/run-worker.ts";

export interface ScriptDeps {
  executor: Executor;
  files: Files;
  crypto: Crypto;
  /** The gate. */
  begin: (command: Command) => Run;
}

/**
 * Runs a script of a package once, in a process of its own: what one run was told, no other run learns. What runs are the
 * very bytes that were checked. Throws `skill.changed`, `sandbox.missing`, `skill.failed`, `stopped`.
 */
export async function runScript(deps: ScriptDeps, job: ScriptJob): Promise<unknown> {
  const { args, progress } = job;
  return inSandbox(
    deps.executor,
    { ...job, tree: checked(deps, job) },
    { context: { args }, act: gate(deps, job), progress },
  );
}

const trialSecondsMax = 30;

/** Loads a script of a package that is not in force, or runs it with what its trial says. It reaches nothing and nobody. */
export function tryScript(executor: Executor, job: TrialJob): Promise<unknown> {
  return inSandbox(executor, job, {
    context: job.args && { args: job.args },
    act: () => Promise.reject(new Error("A trial reaches nothing.")),
    secondsMax: trialSecondsMax,
  });
}

interface Script {
  tree: Tree;
  manifest: SkillManifest;
  file: string;
  signal: AbortSignal;
}

async function inSandbox(
  executor: Executor,
  { tree, manifest, file, signal }: Script,
  how: Pick<WorkerJob, "context" | "act" | "progress"> & { secondsMax?: number },
): Promise<unknown> {
  const limits = manifest.mh?.limits;
  if (!limits) throw new Fault("skill.misdeclared", `${manifest.name} has nothing to run.`);
  using copy = copyOf(tree);
  const said: string[] = [];
  const { secondsMax = limits.seconds, ...rest } = how;
  const timeMs = Math.min(limits.seconds, secondsMax) * 1000;
  const worker = runWorker(executor, {
    source: file,
    folder: copy.folder,
    shipped: false,
    limits: { timeMs, cpuMs: timeMs, memoryBytes: limits.memoryMiB * 2 ** 20 },
    // With room for the frame, and to tell how much too much it was.
    answerMax: (limits.outputKiB + 1) * 1024,
    ...rest,
    log: ({ text }) => {
      said.push(text);
      said.splice(0, said.length - saidMax);
    },
  });
  const stop = () => worker.kill(String(signal.reason));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return outcomeOf(manifest.name, await worker.end, said, limits.outputKiB);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The package as it lies there, if that is what was allowed. */
function checked({ files, crypto }: ScriptDeps, { row }: ScriptJob): Tree {
  const tree = diskTree(files, row.name);
  if (treeHash(crypto, hashesOf(crypto, tree)) !== row.hash) throw changedSince(row.name);
  return tree;
}

/** For the run alone, so that nothing is exchanged between being looked at and being run. */
function copyOf(tree: Tree): { folder: string } & Disposable {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-skill-")));
  for (const [name, bytes] of tree) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
  }
  return { folder, [Symbol.dispose]: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/**
 * The script's way to the kernel: as its package, caused by the command that runs it, so that it may no more than whoever
 * asked. That it reads from a host which the owner let it read from is vouched for; nothing else is.
 */
function gate({ begin, crypto }: ScriptDeps, { row, manifest, commandId }: ScriptJob): WorkerJob["act"] {
  return (skill, args, onProgress, signal) => {
    const run = begin({
      id: crypto.id(),
      principal: `skill:${row.name}`,
      skill,
      args,
      cause: commandId,
      task: { id: commandId, words: skill === "web.fetch" ? vouched(manifest.mh?.permissions.hosts ?? [], args) : "" },
    });
    return watched(run, onProgress, signal);
  };
}

function vouched(hosts: readonly string[], args: unknown): string {
  const { url, headers = {} } = (args ?? {}) as { url?: unknown; headers?: Record<string, unknown> };
  const host = typeof url === "string" ? URL.parse(url)?.hostname : undefined;
  return host !== undefined && hosts.includes(host) ? [url, ...Object.values(headers)].join("\n") : "";
}

/** What a script says is told where it fails, and nowhere else: its last lines. */
const saidMax = 3;

function outcomeOf(name: string, end: WorkerEnd, said: readonly string[], outputKiB: number): unknown {
  if (end.reason === "sandbox.missing") throw new Fault("sandbox.missing", end.message);
  if (end.reason === "stopped") throw new Fault("stopped", end.message);
  if (end.status !== "done") {
    const why = errorLine(end.message).slice(0, 300);
    const last = said.length > 0 ? `. It said last: ${said.map((line) => line.slice(0, 200)).join(" / ")}` : "";
    throw new Fault(
      "skill.failed",
      visible(`${name} ${end.status === "killed" ? "was ended" : "failed"}: ${why}${last}`),
    );
  }
  const bytes = Buffer.byteLength(JSON.stringify(end.value) ?? "");
  if (bytes <= outputKiB * 1024) return end.value;
  throw new Fault("skill.failed", `${name} gave back ${Math.ceil(bytes / 1024)} KiB; it said at most ${outputKiB}.`);
}
