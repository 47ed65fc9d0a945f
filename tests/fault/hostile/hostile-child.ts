// Runs every hostile program of the table through the executor, and says of each what it could do, one line of JSON each.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Job, RunEnd } from "@mh/core/ports/executor.ts";
import { sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { numberIfAny } from "./call-numbers.ts";
import { type WatchedHost, watchHost } from "./host-watch.ts";
import { type Found, leaked, type RawHostile, type ScriptHostile } from "./hostile-program.ts";
import { limitPrograms } from "./limit-programs.ts";
import { answersOf, type RawCall, rawProgram } from "./raw-program.ts";
import { rawPrograms } from "./raw-programs.ts";
import { scriptPrograms } from "./script-programs.ts";

const executor = sandboxExecutor();
const limits: Job["limits"] = {
  ...{ timeMs: 120_000, cpuMs: 4_000, memoryBytes: 2 ** 28, processesMax: 16 },
  disk: { bytesMax: 2 ** 25, filesMax: 2_000 },
  output: { bytesMax: 2 ** 16, beyond: "drop" },
};
const errors: Readonly<Record<string, number>> = os.constants.errno;
const endedBySignal = 128 + os.constants.signals.SIGSYS;

async function main(): Promise<void> {
  const only = process.argv[2] ?? "";
  const { kind, reason } = await executor.sandbox();
  if (kind === "none") return tell({ base: "system", name: "", skipped: reason ?? "there is no sandbox" });
  // The parent of this left the whole disk open.
  for (const descriptor of leaked) fs.accessSync(`/proc/self/fd/${descriptor}/etc/passwd`);
  await using host = await watchHost();
  let before = host.facts();
  const watched = async (found: Omit<Found, "complaint">, work: () => Promise<string | undefined>) => {
    const complaint = await work();
    const after = host.facts();
    const changes = changed(before, after);
    before = after;
    host.clear();
    const all = [complaint, changes && `The machine changed: ${changes}`].filter((each) => each !== undefined);
    tell({ ...found, ...(all.length > 0 && { complaint: all.join(" ") }) });
  };
  for (const base of ["system", "node"] as const)
    for (const each of rawPrograms.filter(({ name }) => name.includes(only))) {
      const calls = each.calls.map((call, at) => ({ ...call, at })).filter(isOfThisMachine);
      if (calls.length === 0) tell({ base, name: each.name, skipped: `There is no such call on ${os.arch()}.` });
      else await watched({ base, name: each.name }, () => tryRaw(host, base, each, calls));
    }
  for (const each of [...scriptPrograms, ...limitPrograms].filter(({ name }) => name.includes(only))) {
    const found: Found = { base: "system", name: each.name };
    if (!fs.existsSync(each.by)) tell({ ...found, skipped: `There is no ${each.by}.` });
    else await watched(found, () => tryScript(host, each));
  }
}

const tell = (found: Found): void => void fs.writeSync(1, `${JSON.stringify(found)}\n`);

const isOfThisMachine = ({ call, table }: RawCall): boolean =>
  (table === undefined || os.arch() === "x64") && (typeof call === "number" || numberIfAny(call) !== undefined);

async function tryRaw(
  host: WatchedHost,
  base: Found["base"],
  hostile: RawHostile,
  calls: readonly (RawCall & { at: number })[],
) {
  const file = path.join(host.folder, "..", "program");
  fs.writeFileSync(file, rawProgram(calls));
  fs.chmodSync(file, 0o755);
  const { end, said } = await follow({
    ...{ program: "/mh/program", args: [], unsandboxed: "Nothing runs." },
    view: { base, folder: "/", places: [...places(host), { from: file, at: "/mh/program" }] },
    limits: { ...limits, processesMax: base === "node" ? 1 : limits.processesMax },
  });
  const { answers, agentAnswers = answers } = hostile;
  const wanted = base === "node" ? agentAnswers : answers;
  if (wanted === "ended") return end.exitCode === endedBySignal && said.length === 0 ? undefined : odd(end, said);
  const got = answersOf(said);
  const each = (at: number) => (typeof wanted === "string" ? wanted : wanted[at]);
  const wrong = calls.filter(({ at }, index) => got[index] !== -(errors[each(at) ?? ""] ?? 0));
  if (end.status !== "exited" || end.exitCode !== 0) return odd(end, said);
  return wrong.length === 0
    ? undefined
    : `${wrong
        .map(({ call, at }) => `${call} (${at})`)
        .slice(0, 5)
        .join(", ")}: ${got.join(" ").slice(0, 200)}`;
}

const odd = ({ message, exitCode }: RunEnd, said: Buffer): string =>
  `${message} (${exitCode}) ${answersOf(said).join(" ")}`;

async function tryScript(host: WatchedHost, hostile: ScriptHostile): Promise<string | undefined> {
  const { by, text, ends, mayEndBy = [], complaint, hasRelay = false } = hostile;
  const job: Job = {
    ...{ program: by, args: ["-c", text(host.target)], unsandboxed: "Nothing runs." },
    ...{ limits: { ...limits, ...hostile.limits }, hosts: hasRelay ? [unreachable] : [] },
    view: { base: "system", folder: "/given", places: places(host) },
  };
  const { end, said } = await follow(job, hostile.hasLateSocket ? host : undefined);
  if (end.reason && mayEndBy.includes(end.reason)) return undefined;
  const wanted: Partial<RunEnd> = ends ?? { status: "exited", exitCode: 0 };
  const differs = Object.entries(wanted).some(([name, value]) => end[name as keyof RunEnd] !== value);
  if (differs) return `${end.status} ${end.reason ?? ""} ${end.message} ${said.toString().slice(-500)}`;
  return complaint(said.toString(), host.target);
}

/** A host to grant that is nowhere (RFC 5737). */
const unreachable = "203.0.113.1";

const places = ({ folder }: WatchedHost): Job["view"]["places"] => [{ from: folder, at: "/given", isWritable: true }];

async function follow(job: Job, host?: WatchedHost): Promise<{ end: RunEnd; said: Buffer }> {
  const run = executor.run(job);
  const chunks: Uint8Array[] = [];
  let late: Promise<AsyncDisposable> | undefined;
  run.output.listen((chunk) => {
    chunks.push(chunk);
    late ??= host?.openLateSocket();
  });
  run.errors.listen((chunk) => chunks.push(chunk));
  const end = await run.end;
  await (await late)?.[Symbol.asyncDispose]();
  return { end, said: Buffer.concat(chunks) };
}

function changed(before: Record<string, unknown>, after: Record<string, unknown>): string | undefined {
  const names = Object.keys(before).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (names.length === 0) return undefined;
  return names.map((name) => `${name}: ${JSON.stringify(before[name])} → ${JSON.stringify(after[name])}`).join("; ");
}

await main();
