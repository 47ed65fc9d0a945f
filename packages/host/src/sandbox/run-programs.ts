import * as fs from "node:fs";
import { Fault } from "@mh/contract/values/fault.ts";
import { isInside } from "@mh/core/model/scope.ts";
import type { Executor, Job, Place, RunEnd, Source } from "@mh/core/ports/executor.ts";
import type { ProgramEnd, ProgramRun, Programs } from "@mh/core/ports/programs.ts";
import { holdFolder } from "../adapters/node-disk.ts";
import { comparedInside, heldScript } from "./held-script.ts";
import { demandSandbox } from "./missing.ts";
import { pinFiles } from "./named-files.ts";
import { Slots } from "./slots.ts";

const memoryBytes = 2 * 2 ** 30;
const processesMax = 256;
/** Of the processor, for each second that it may take: what runs on several cores at once. */
const coresMax = 4;
/** Each limit holds for one program: what all of them may take together is so many times that. */
const othersAtOnce = new Slots(4);
const disk = { bytesMax: 4 * 2 ** 30, filesMax: 250_000 };

/** Programs of this machine, in the sandbox. */
export function sandboxPrograms(executor: Executor, closed: readonly string[], scratch: string): Programs {
  return {
    closed,
    realPath,
    pin: (folder, named) => pinFiles(named, folder),
    run: (run) => runProgram(executor, run, closed, scratch),
  };
}

async function realPath(program: string): Promise<string> {
  try {
    await fs.promises.access(program, fs.constants.X_OK);
    const real = await fs.promises.realpath(program);
    if (isInside("/usr", real)) return real;
  } catch (cause) {
    throw new Fault("shell.failed", `There is no program ${program}. Give its absolute path, or install it.`, {
      cause,
    });
  }
  throw new Fault("shell.failed", `${program} lies outside /usr, where only the system installs.`);
}

async function runProgram(
  executor: Executor,
  run: ProgramRun,
  closed: readonly string[],
  scratch: string,
): Promise<ProgramEnd> {
  await demandSandbox(executor, unsandboxed);
  const { folder, isOwners, signal } = run;
  using _slot = isOwners ? undefined : await othersAtOnce.take(signal);
  await using held = folder === undefined ? undefined : await holdFolder(folder, closed);
  run.signal.throwIfAborted();
  await using copy = held && (await heldScript(run, held.at, scratch));
  let changed: unknown;
  const running = executor.run({
    ...jobOf(run, closed, copy?.place),
    whenUp: async (root) => {
      await comparedInside(run, root).catch((error: unknown) => {
        changed = error;
        throw error;
      });
    },
  });
  const [stdout, stderr] = [textOf(running.output), textOf(running.errors)];
  const end = await running.end;
  if (changed) throw changed;
  if (end.status !== "exited") throw end.fault ?? faultOf(run, end);
  return { exitCode: end.exitCode ?? 137, stdout: stdout(), stderr: stderr(), isCut: end.isCut };
}

const unsandboxed = "Programs run only in one: install bubblewrap, or allow it user namespaces.";

function jobOf(run: ProgramRun, closed: readonly string[], copy: Place | undefined): Job {
  const { program, args, folder, timeoutMs, outputBytesMax, signal, isOwners } = run;
  const given = folder === undefined ? [] : [{ from: folder, isWritable: true }];
  const places = [...given, ...(copy ? [copy] : [])];
  return {
    ...{ program, args, signal, unsandboxed, ...(isOwners && { isOwners }) },
    view: { base: "system", places, hidden: closed, folder: folder ?? "/tmp" },
    limits: {
      ...{ timeMs: timeoutMs, cpuMs: timeoutMs * coresMax, memoryBytes, processesMax, disk },
      output: { bytesMax: outputBytesMax, beyond: "drop" },
    },
  };
}

function faultOf({ program, timeoutMs }: ProgramRun, { reason, message }: RunEnd): Fault {
  if (reason === "sandbox.missing") return new Fault("sandbox.missing", message);
  if (reason === "stopped") return new Fault("stopped", message);
  if (reason === "changed") return new Fault("args.invalid", message);
  if (reason === "time")
    return new Fault("shell.failed", `${program} took longer than ${timeoutMs / 1000} s and was ended.`);
  return new Fault("shell.failed", `${program} was ended: ${message}`);
}

function textOf(source: Source): () => string {
  const chunks: Uint8Array[] = [];
  source.listen((chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
