import * as fs from "node:fs";
import * as os from "node:os";
import { describe, expect, test } from "vitest";
import { type Calls, filterFor } from "./seccomp.ts";
import { harmless, judged, meddling, numbersOf } from "./system-calls.ts";

const { ENOSYS, EPERM, EINVAL, ENOTTY, ENETUNREACH } = os.constants.errno;
const audits = { x64: 0xc000003e, arm64: 0xc00000b7 };
const architectures = ["x64", "arm64"] as const;
type Architecture = (typeof architectures)[number];

/** What the kernel answers to a call: it interprets the filter as seccomp does (classic BPF, <linux/filter.h>). */
function answerTo(filter: Buffer, number: number, args: readonly number[], audit: number): string {
  const data = (at: number) => [number, audit, 0, 0][at / 4] ?? (at % 8 === 0 ? (args[(at - 16) / 8] ?? 0) : 0);
  let held = 0;
  for (let at = 0; ; at += 1) {
    const [code, operand] = [filter.readUInt16LE(at * 8), filter.readUInt32LE(at * 8 + 4)];
    const jump = (holds: boolean) => {
      at += filter.readUInt8(at * 8 + (holds ? 2 : 3));
    };
    if (code === 0x20) held = data(operand) >>> 0;
    else if (code === 0x54) held = (held & operand) >>> 0;
    else if (code === 0x15) jump(held === operand);
    else if (code === 0x35) jump(held >= operand);
    else if (code === 0x45) jump((held & operand) !== 0);
    else if (code === 0x06) return named(operand);
    else throw new Error(`There is no instruction ${code}.`);
  }
}

function named(what: number): string {
  if (what === 0x7fff0000) return "allowed";
  if (what === 0x80000000) return "ended";
  const errors = { ENOSYS, EPERM, EINVAL, ENOTTY, ENETUNREACH };
  return Object.entries(errors).find(([, error]) => what === 0x50000 + error)?.[0] ?? String(what);
}

/** By name; a call that the architecture does not have is undefined. */
function asker(architecture: Architecture, calls: Calls) {
  const filter = filterFor(calls, architecture) as Buffer;
  const numbers = new Map(
    [harmless, judged, meddling].flatMap((table) => [...(numbersOf(architecture, table) ?? new Map<string, number>())]),
  );
  return (name: string, ...args: number[]) => {
    const number = numbers.get(name);
    return number === undefined ? undefined : answerTo(filter, number, args, audits[architecture]);
  };
}

const program: Calls = { mayFork: true, mayReachRelay: false };
const agent: Calls = { mayFork: false, mayReachRelay: false };

describe.each(architectures)("K15 on %s", (architecture) => {
  test("what stands in no table is unknown, whatever a later kernel brings; other tables are the end", () => {
    for (const calls of [program, agent, { mayFork: true, mayReachRelay: true }]) {
      const filter = filterFor(calls, architecture) as Buffer;
      const known = new Set(
        [harmless, judged, meddling].flatMap((each) => [...(numbersOf(architecture, each)?.values() ?? [])]),
      );
      for (let number = 0; number < 2_000; number += 1) {
        const said = answerTo(filter, number, [], audits[architecture]);
        if (!known.has(number)) expect([number, said]).toEqual([number, "ENOSYS"]);
        for (const audit of [0x40000003, 0xc000003e, 0xc00000b7, 0x40000028].filter(
          (each) => each !== audits[architecture],
        ))
          expect(answerTo(filter, number, [], audit)).toBe("ended");
        expect(answerTo(filter, number + 0x40000000, [], audits[architecture])).toBe("ended");
      }
    }
  });

  test("no name stands in two tables, no number has two names, and nothing that is judged is allowed unlooked at", () => {
    const rows = [harmless, judged, meddling].flatMap((each) => [...(numbersOf(architecture, each) ?? [])]);
    expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length);
    expect(new Set(rows.map(([, number]) => number)).size).toBe(rows.length);
    const ask = asker(architecture, agent);
    for (const name of numbersOf(architecture, meddling)?.keys() ?? [])
      expect([name, ask(name)]).toEqual([name, "ended"]);
    const toPrograms = asker(architecture, program);
    for (const name of numbersOf(architecture, meddling)?.keys() ?? [])
      expect([name, toPrograms(name)]).toEqual([name, "EPERM"]);
  });

  test("arguments decide where a call does both: what is usual passes, what reaches further does not", () => {
    const ask = asker(architecture, program);
    const both = (name: string, usual: number[][], hostile: number[][], answer: string) => {
      for (const args of usual) expect([name, args, ask(name, ...args) ?? "allowed"]).toEqual([name, args, "allowed"]);
      for (const args of hostile) expect([name, args, ask(name, ...args) ?? answer]).toEqual([name, args, answer]);
    };
    const [tiocsti, tioclinux, tiocsetd, tcgets, fionbio] = [0x5412, 0x541c, 0x5423, 0x5401, 0x5421];
    both(
      "ioctl",
      [
        [0, tcgets],
        [0, fionbio],
      ],
      [
        [0, tiocsti],
        [0, tioclinux],
        [0, tiocsetd],
        [0, 0x8933],
      ],
      "ENOTTY",
    );
    both(
      "fcntl",
      [
        [0, 1],
        [0, 6],
        [0, 1030],
      ],
      [
        [0, 1024],
        [0, 1026],
        [0, 1031],
      ],
      "EINVAL",
    );
    both("prctl", [[15], [38, 1], [36, 1]], [[35], [22, 2], [59], [62]], "EINVAL");
    both("personality", [[0xffffffff], [0]], [[0x40000], [0x400000]], "EPERM");
    both(
      "setpriority",
      [[0, 0, 19]],
      [
        [0, 0, 0xffffffff],
        [2, 0, 0xffffffec],
      ],
      "EPERM",
    );
    both(
      "sched_setscheduler",
      [
        [0, 0],
        [0, 5],
      ],
      [
        [0, 1],
        [0, 2],
        [0, 6],
      ],
      "EPERM",
    );
    both(
      "ioprio_set",
      [
        [1, 0, 3 << 13],
        [1, 0, 2 << 13],
      ],
      [
        [1, 0, 1 << 13],
        [1, 0, (1 << 13) + 4],
      ],
      "EPERM",
    );
    both(
      "clone",
      [[0x01200011], [0x003d0f00]],
      [[0x10000011], [0x00020011], [0x40000011], [0x20010f00], [0x003d0b00]],
      "EPERM",
    );
    for (const name of ["chmod", "fchmod", "creat", "mknod"])
      both(
        name,
        [[0, 0o755]],
        [
          [0, 0o4755],
          [0, 0o2755],
        ],
        "EPERM",
      );
    for (const name of ["fchmodat", "fchmodat2", "mknodat"]) both(name, [[0, 0, 0o755]], [[0, 0, 0o4755]], "EPERM");
    both(
      "mknod",
      [
        [0, 0o100644],
        [0, 0o010644],
      ],
      [
        [0, 0o020644],
        [0, 0o060644],
        [0, 0o140644],
      ],
      "EPERM",
    );
    both(
      "open",
      [
        [0, 0, 0o4755],
        [0, 0o101, 0o644],
      ],
      [
        [0, 0o101, 0o4755],
        [0, 0o20200002, 0o4755],
      ],
      "EPERM",
    );
    both(
      "openat",
      [
        [0, 0, 0, 0o4755],
        [0, 0, 0o101, 0o644],
      ],
      [[0, 0, 0o101, 0o6755]],
      "EPERM",
    );
    both(
      "socketpair",
      [
        [1, 1],
        [1, 0x80005],
      ],
      [
        [1, 2],
        [2, 1],
        [16, 3],
      ],
      "ENETUNREACH",
    );
    both(
      "socket",
      [],
      [
        [1, 1],
        [2, 1],
        [10, 1],
        [16, 3],
        [17, 3],
        [38, 5],
        [40, 1],
      ],
      "ENETUNREACH",
    );
    for (const name of ["connect", "bind", "listen", "accept", "accept4"]) both(name, [], [[3]], "ENETUNREACH");
  });

  test("a job that starts no process makes threads, and nothing but threads", () => {
    const ask = asker(architecture, agent);
    const said = [
      ask("clone", 0x003d0f00),
      ask("clone", 0x01200011),
      ask("clone", 0x10010f00),
      ask("clone", 0x003d0b00),
      ask("fork") ?? "ended",
    ];
    expect(said).toEqual(["allowed", "ended", "ended", "ended", "ended"]);
  });
});

test("K15 there is no filter for an architecture that nobody looked at", () => {
  expect(filterFor(program, "riscv64")).toBeUndefined();
});

const headers = ["/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/aarch64-linux-gnu/asm/unistd_64.h"];
const header = headers.find((each) => fs.existsSync(each));

test.skipIf(!header)("K15 the numbers are those of this machine's kernel headers", () => {
  const text = fs.readFileSync(header as string, "utf8");
  const real = new Map(
    [...text.matchAll(/^#define __NR_(\w+) (\d+)$/gm)].map(([, name, number]) => [name, Number(number)]),
  );
  const architecture = header?.includes("x86_64") ? "x64" : "arm64";
  const rows = [harmless, judged, meddling].flatMap((each) => [...(numbersOf(architecture, each) ?? [])]);
  // What headers are too old to know is left out.
  expect(rows.filter(([name, number]) => (real.get(name) ?? number) !== number)).toEqual([]);
  expect(rows.filter(([name]) => real.has(name)).length).toBeGreaterThan(200);
});
