import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Job, Run, RunEnd } from "@mh/core/ports/executor.ts";
import { findSandbox, sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { describe, expect, test } from "vitest";
import { isAlive } from "../support/is-alive.ts";
import { processesWith } from "../support/processes-with.ts";

const childFile = path.join(import.meta.dirname, "executor-child.ts");
const executor = sandboxExecutor();
const sandbox = await findSandbox();
if (sandbox.kind === "none" && process.env.CI === "true") throw new Error(`No sandbox in CI: ${sandbox.reason}`);
if (sandbox.kind === "none") process.emitWarning(`Skipped: there is no sandbox here: ${sandbox.reason}.`);

const limits: Job["limits"] = {
  ...{ timeMs: 60_000, cpuMs: 60_000, memoryBytes: 2 ** 29, processesMax: 32 },
  output: { bytesMax: 2 ** 16, beyond: "drop" },
};
const job = (program: string, args: readonly string[], more: Partial<Job> = {}): Job => ({
  ...{ program, args, limits, unsandboxed: "Nothing runs.", ...more },
  view: { base: "system", places: [], folder: "/tmp" },
});
const shell = (text: string, more: Partial<Job> = {}): Job => job("/bin/sh", ["-c", text], more);

function follow(given: Job): { run: Run; text: () => string } {
  const run = executor.run(given);
  let said = "";
  run.output.listen((chunk) => {
    said += Buffer.from(chunk).toString("utf8");
  });
  run.errors.listen((chunk) => {
    said += Buffer.from(chunk).toString("utf8");
  });
  return { run, text: () => said };
}

async function outcome(given: Job): Promise<RunEnd & { said: string }> {
  const { run, text } = follow(given);
  return { ...(await run.end), said: text() };
}

const begun = async (given: Job, word: string): Promise<Run> => {
  const { run, text } = follow(given);
  await expect.poll(text).toContain(word);
  return run;
};

const isArm = os.arch() === "arm64";
/** What a call of the system answers, in Perl: its value, or the name of the error. */
const perl = (lines: string) => job("/usr/bin/perl", ["-e", `use POSIX; $| = 1; ${lines}`]);
const calls = isArm
  ? { socket: 198, socketpair: 199, unshare: 97, memfd: 279, keyctl: 219, ptrace: 117 }
  : { socket: 41, socketpair: 53, unshare: 272, memfd: 319, keyctl: 250, ptrace: 101 };

describe.skipIf(sandbox.kind === "none")("K15 a job", () => {
  test("S1 makes no socket of any family, nor of any type; with a network granted, only streams of its own", async () => {
    const every = `
      for my $family (0 .. 46) { for my $type (1, 2, 3, 5, 0x80001, 0x80002) {
        my $made = syscall(${calls.socket}, $family, $type, 0);
        print "$family/", $type & 15, " " if $made >= 0; POSIX::close($made) if $made >= 0; } } print "end";`;
    expect((await outcome(perl(every))).said).toBe("end");
    const { said } = await outcome({ ...perl(every), hosts: ["127.0.0.1"] });
    expect([...new Set(said.split(" "))]).toEqual(["2/1", "10/1", "end"]);
  });

  test("makes pairs that are connected for good, and no others; no namespace, no hidden memory, no look at others", async () => {
    const { said } = await outcome(
      perl(`my $pair = pack("ii", 0, 0); my $name = "x"; my $ring = "\\0" x 200;
        for my $type (1, 5, 2) { print "pair $type: ", syscall(${calls.socketpair}, 1, $type, 0, $pair) < 0 ? $!+0 : "made", "\\n"; }
        print "unshare: ", syscall(${calls.unshare}, 0x10000000) < 0 ? $!+0 : "made", "\\n";
        print "memory: ", syscall(${calls.memfd}, $name, 0) < 0 ? $!+0 : "made", "\\n";
        print "ring: ", syscall(425, 8, $ring) < 0 ? $!+0 : "made", "\\n";
        print "keys: ", syscall(${calls.keyctl}, 0, -3, 0) < 0 ? $!+0 : "seen", "\\n";
        print "trace: ", syscall(${calls.ptrace}, 0, 0, 0, 0) < 0 ? $!+0 : "traced", "\\n";`),
    );
    const { ENETUNREACH, EPERM, ENOSYS } = os.constants.errno;
    expect(said.trim().split("\n")).toEqual([
      ...["pair 1: made", "pair 5: made", `pair 2: ${ENETUNREACH}`, `unshare: ${EPERM}`],
      ...[`memory: ${ENOSYS}`, `ring: ${ENOSYS}`, `keys: ${ENOSYS}`, `trace: ${EPERM}`],
    ]);
  });

  test("inherits nothing that was open in the process that runs it", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-open-"));
    const secret = path.join(folder, "secret");
    fs.writeFileSync(secret, "a secret of the owner");
    const host = fs.openSync(secret, "r");
    const stdio = Array.from({ length: 61 }, (_, n) => (n === 60 ? host : n === 1 ? "pipe" : "ignore")) as "pipe"[];
    const child = spawn(process.execPath, ["--conditions=mh-source", childFile, "descriptors"], { stdio });
    let said = "";
    child.stdout?.on("data", (chunk) => {
      said += chunk;
    });
    await new Promise((resolve) => child.once("close", resolve));
    fs.closeSync(host);
    const { own, system, node } = JSON.parse(said) as { own: string; system: [number, string][]; node: string };
    expect(own).toBe("a secret of the owner");
    // What else there may be is what the shell of this test had open.
    expect(system.filter(([n, to]) => n > 2 && to !== "/dev/null")).toEqual([]);
    expect(system).toContainEqual([60, "/dev/null"]);
    expect(node).toBe("60=");
    fs.rmSync(folder, { recursive: true });
  });

  test("goes over none of its limits, and everything that it started ends with it", async () => {
    const mark = `71${process.pid}.5`;
    const swarm = `for n in 1 2 3 4 5 6 7 8 9 10; do sleep ${mark} & done; wait`;
    expect(await outcome(shell(swarm, { limits: { ...limits, processesMax: 5 } }))).toMatchObject({
      ...{ status: "killed", reason: "processes", message: "It started more than 5 processes." },
    });
    expect(await outcome(shell("while :; do :; done", { limits: { ...limits, cpuMs: 50 } }))).toMatchObject({
      ...{ status: "killed", reason: "cpu" },
    });
    const loud = { ...limits, output: { bytesMax: 1_000, beyond: "end" as const } };
    expect(await outcome(shell("while :; do echo hello; done", { limits: loud }))).toMatchObject({
      ...{ status: "killed", reason: "output", isCut: true },
    });
    expect(processesWith(mark)).toEqual([]);
  });

  // Of root the system counts nothing: there the test runs as nobody, where nobody can run it.
  const nobody = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--clear-groups"] : [];
  const asNobody = (...args: string[]) => {
    const [program = "", ...rest] = [...nobody, process.execPath, ...args];
    return spawnSync(program, rest, { encoding: "utf8", env: { PATH: process.env.PATH, TMPDIR: "/tmp" } });
  };
  const canRun =
    asNobody("-e", `fs.accessSync(${JSON.stringify(childFile)}); fs.accessSync("/usr/bin/python3")`).status === 0;

  test.skipIf(!canRun || !fs.existsSync("/usr/bin/prlimit"))(
    "is kept from swarming by the system itself, however seldom somebody looks",
    () => {
      const { stdout, stderr } = asNobody("--conditions=mh-source", childFile, "swarm");
      expect([stdout, stderr]).toEqual([expect.stringMatching(/^\d+$/), ""]);
      expect(Number(stdout)).toBeLessThan(32);
    },
  );

  test("writes no more into scratch and shared memory than there is room for, and nowhere else", async () => {
    const { said } = await outcome(
      shell(`for at in /tmp /dev/shm; do head -c 400000000 /dev/zero > $at/x 2>/dev/null; echo $(($(wc -c < $at/x) / 1048576)); rm $at/x; done
        for at in / /dev /usr /etc; do echo x 2>/dev/null > $at/x && echo wrote $at; done; :`),
    );
    expect(said.split("\n").filter((line) => /^\d+$|^wrote/.test(line))).toEqual(["256", "64"]);
  });

  test("may be aborted before it began, and is never started then", async () => {
    const early = new AbortController();
    early.abort("nobody wants it");
    expect(await outcome(shell("echo ran", { signal: early.signal }))).toMatchObject({
      ...{ status: "killed", reason: "stopped", message: "nobody wants it", exitCode: null, said: "" },
    });
  });

  test("does not begin where what was judged is gone or another, and nothing of it is left waiting", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-judged-"));
    for (const name of ["one", "other"]) fs.mkdirSync(path.join(folder, name));
    const from = path.join(folder, "one");
    for (const judged of ["other", "gone"]) {
      const word = `${path.basename(folder)}-${judged}`;
      const place = { from, at: "/mnt", judged: path.join(folder, judged) };
      const view: Job["view"] = { base: "system", places: [place], folder: "/tmp" };
      const { said, ...end } = await outcome({ ...shell(`echo begun # ${word}`), view });
      expect([judged, said, end.status, end.reason]).toEqual([judged, "", "killed", "changed"]);
      await expect.poll(() => processesWith(word)).toEqual([]);
    }
    fs.rmSync(folder, { recursive: true });
  });

  test("is asked to end before it is killed, and a tree that does not listen is gone all the same", async () => {
    const polite = await begun(shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done"), "up");
    let last = "";
    polite.output.listen((chunk) => {
      last += Buffer.from(chunk).toString("utf8");
    });
    expect(await polite.stop("Enough.", 60_000)).toMatchObject({ reason: "stopped", exitCode: 0 });
    expect(last).toBe("bye\n");

    const mark = `72${process.pid}.5`;
    const deaf = `trap '' TERM; (trap '' TERM; sleep ${mark} & sleep ${mark}) & echo up; while :; do sleep ${mark}; done`;
    const stubborn = await begun(shell(deaf), "up");
    await expect.poll(() => processesWith(`sleep\0${mark}`).length).toBe(3);
    expect(await stubborn.stop("Enough.", 300)).toMatchObject({ status: "killed", reason: "stopped", exitCode: 137 });
    expect(processesWith(mark)).toEqual([]);
  });

  test("behind its relay is asked to end as well, and may still say something", async () => {
    const given = shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
    const run = await begun({ ...given, hosts: ["127.0.0.1"] }, "up");
    let last = "";
    run.output.listen((chunk) => {
      last += Buffer.from(chunk).toString("utf8");
    });
    await run.stop("Enough.", 60_000);
    expect(last).toBe("bye\n");
  });

  test("nothing of a service goes on when the process that serves it is killed with -9", async () => {
    const child = spawn(process.execPath, ["--conditions=mh-source", childFile, "serves"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pids = await firstLine(child);
    expect(pids.length).toBeGreaterThan(3);
    child.kill("SIGKILL");
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });
});

function firstLine(child: ChildProcess): Promise<number[]> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(JSON.parse(String(chunk)) as number[]));
    child.once("exit", (code) => reject(new Error(`It ended with ${code}.`)));
  });
}
