import * as os from "node:os";
import { harmless, judged, meddling, type Numbers, numbersOf } from "./system-calls.ts";

export interface Calls {
  /** It may start processes. */
  mayFork: boolean;
  /** It may make sockets of its own network, where nothing is but the relay. */
  mayReachRelay: boolean;
}

/**
 * The seccomp filter of every job, as struct sock_filter of <linux/filter.h>: a list of what is allowed. A call that stands
 * in no table answers as on a kernel that does not have it (ENOSYS), so that libraries take their older way; one that
 * meddles with others is not permitted (EPERM). Nobody makes a socket that could lead anywhere, a namespace, memory that no
 * limit sees, a setuid file, or input of a terminal. A job that starts no processes is ended (SIGSYS) when it tries or
 * meddles; so is a job that makes calls of another architecture. Undefined for an architecture that was not looked at.
 */
export function filterFor({ mayFork, mayReachRelay }: Calls, architecture: string = os.arch()): Buffer | undefined {
  const always = numbersOf(architecture, harmless);
  const decided = numbersOf(architecture, judged);
  const refused = numbersOf(architecture, meddling);
  const audit = audits[architecture];
  if (!always || !decided || !refused || audit === undefined) return undefined;
  const refusal = answer(mayFork ? notPermitted : endProcess);
  const forks = mayFork ? [answer(allow)] : [refusal];
  const network = mayReachRelay ? [answer(allow)] : [answer(noNetwork)];
  const decisions: Record<string, Instruction[]> = {
    ...{ fork: forks, vfork: forks, clone: clones(mayFork, refusal) },
    ...{ connect: network, bind: network, listen: network, accept: network, accept4: network },
    ...{ socket: mayReachRelay ? streamsAlone() : [answer(noNetwork)], socketpair: connectedPairs() },
    ...{ ioctl: among(1, terminalAndFile, answer(error + ENOTTY)), fcntl: among(1, ownDescriptors, answer(invalid)) },
    ...{ prctl: among(0, ofItself, answer(invalid)), personality: among(0, personalities, answer(notPermitted)) },
    ...{ setpriority: nicer(), sched_setscheduler: among(1, ordinaryPolicies, answer(notPermitted)) },
    ...{ ioprio_set: ordinaryDisk(), chmod: withoutRights(1), fchmod: withoutRights(1), fchmodat: withoutRights(2) },
    ...{ fchmodat2: withoutRights(2), creat: withoutRights(1), open: whereMade(1), openat: whereMade(2) },
    ...{ mknod: plainFiles(1), mknodat: plainFiles(2) },
  };
  return assemble(audit, [
    ...rangesOf(always).flatMap(([from, to]) => within(from, to)),
    ...[...decided].flatMap(([name, number]) => when(number, decisions[name] ?? [answer(noSuchCall)])),
    ...[...refused.values()].flatMap((number) => when(number, [refusal])),
  ]);
}

// AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of <linux/audit.h>.
const audits: Readonly<Record<string, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** Code, jumps where it holds and where it does not, operand. */
type Instruction = readonly [code: number, yes: number, no: number, operand: number];

const loadCode = 0x20;
const equals = 0x15;
const isAtLeast = 0x35;
const hasBits = 0x45;
const and = 0x54;
const allow = 0x7fff0000;
const endProcess = 0x80000000;
const error = 0x00050000;
const { ENOSYS, EPERM, ENETUNREACH, ENOTTY, EINVAL } = os.constants.errno;
const noSuchCall = error + ENOSYS;
const notPermitted = error + EPERM;
const noNetwork = error + ENETUNREACH;
const invalid = error + EINVAL;

const load = (offset: number): Instruction => [loadCode, 0, 0, offset];
const answer = (what: number): Instruction => [0x06, 0, 0, what];
/** The lower half of an argument, on both architectures. */
const argument = (index: number): Instruction => load(16 + 8 * index);

/** `body` always answers. */
const when = (call: number, body: readonly Instruction[]): Instruction[] => [[equals, 0, body.length, call], ...body];

const within = (from: number, to: number): Instruction[] => [
  ...[[isAtLeast, 0, 2, from] as const, [isAtLeast, 1, 0, to + 1] as const],
  answer(allow),
];

function rangesOf(numbers: Numbers): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (const number of [...numbers.values()].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

/** Allowed where the argument is one of these values. The kernel reads no more of it than the lower half. */
const among = (index: number, values: readonly number[], otherwise: Instruction): Instruction[] => [
  argument(index),
  ...values.map((value, at): Instruction => [equals, values.length - at, 0, value]),
  otherwise,
  answer(allow),
];

/** Refused where the argument has one of these bits. */
const without = (index: number, bits: number, otherwise: Instruction): Instruction[] => [
  ...[argument(index), [hasBits, 0, 1, bits] as const, otherwise],
  answer(allow),
];

const cloneThread = 0x00010000;
const cloneFiles = 0x00000400;
// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET; NEWTIME is no flag of clone.
const newNamespaces = 0x7e020000;

/** A thread has the files of its process: those of its own would be seen, and bounded, by nobody. */
const clones = (mayFork: boolean, refused: Instruction): Instruction[] => [
  argument(0),
  [hasBits, 3, 0, newNamespaces],
  // What is no thread is a process.
  [hasBits, 0, mayFork ? 1 : 2, cloneThread],
  [hasBits, 0, 1, cloneFiles],
  answer(allow),
  refused,
];

const unix = 1;
const inet = 2;
const inet6 = 10;
const stream = 1;
const seqpacket = 5;
const typeBits = 0xf;

/** Families that a network namespace does not close, such as those of sockets with a path and vsock, are closed here. */
const streamsAlone = (): Instruction[] => [
  argument(0),
  [equals, 1, 0, inet],
  [equals, 0, 3, inet6],
  argument(1),
  [and, 0, 0, typeBits],
  [equals, 1, 0, stream],
  answer(noNetwork),
  answer(allow),
];

/** A pair that is connected stays so; one of datagrams could be turned elsewhere. */
const connectedPairs = (): Instruction[] => [
  argument(0),
  [equals, 0, 4, unix],
  argument(1),
  [and, 0, 0, typeBits],
  [equals, 2, 0, stream],
  [equals, 1, 0, seqpacket],
  answer(noNetwork),
  answer(allow),
];

/**
 * Of <asm-generic/ioctls.h>, settings and sizes of terminals, never their input (TIOCSTI, TIOCLINUX) or their line
 * discipline (TIOCSETD); of <linux/fs.h>, copies by reference and looks at a file's attributes and extents.
 */
const terminalAndFile = [
  ...[0x5401, 0x5402, 0x5403, 0x5404, 0x5405, 0x5406, 0x5407, 0x5408, 0x5409, 0x540a, 0x540b, 0x540e, 0x540f, 0x5410],
  ...[0x5411, 0x5413, 0x5414, 0x541b, 0x5420, 0x5421, 0x5422, 0x5425, 0x5429, 0x5450, 0x5451, 0x5452],
  ...[0x802c542a, 0x402c542b, 0x402c542c, 0x402c542d, 0x80045430, 0x40045431, 0x5441],
  ...[0x40049409, 0x4020940d, 0x80086601, 0xc020660b],
];

/**
 * Of <linux/fcntl.h>: copies and flags of descriptors, locks, seals, the size of a pipe. Not leases, by which another
 * program waits when it opens the file, nor larger pipes, whose room is the user's.
 */
const ownDescriptors = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 36, 37, 38, 1025, 1030, 1032, 1033, 1034];

/** Of <linux/prctl.h>: names, signals, rights given up, and what the processor offers. Not filters, nor a look at memory. */
const ofItself = [
  ...[1, 2, 3, 4, 7, 8, 15, 16, 21, 23, 24, 27, 29, 30, 36, 37, 38, 39, 40, 41, 42, 47, 50, 51, 52, 53, 54, 55, 56],
  ...[63, 64, 65, 66, 0x53564d41],
];

/** As it is, Linux of 32 bits, an older number of its version, both; the question. What makes memory predictable is none. */
const personalities = [0, 8, 0x20000, 0x20008, 0xffffffff];

/** SCHED_OTHER, BATCH, IDLE. An owner who may run in real time does not give that to others. */
const ordinaryPolicies = [0, 3, 5];

/** Never before others: a value below zero. */
const nicer = (): Instruction[] => without(2, 0x80000000, answer(notPermitted));

/** The class of real time is 1 of the bits above 13, the ordinary one 2, the idle one 3. */
const ordinaryDisk = (): Instruction[] => [
  argument(2),
  [and, 0, 0, 0xe000],
  [equals, 0, 1, 0x2000],
  answer(notPermitted),
  answer(allow),
];

// S_ISUID, S_ISGID: a file that runs as its owner, whatever user starts it, left behind in the owner's folder.
const giveRights = 0o6000;
const withoutRights = (mode: number): Instruction[] => without(mode, giveRights, answer(notPermitted));

// O_CREAT, and __O_TMPFILE; the mode is the argument after the flags, and noise where nothing is made.
const makesFile = 0o100 | 0o20000000;
const whereMade = (flags: number): Instruction[] => [
  argument(flags),
  [hasBits, 1, 0, makesFile],
  answer(allow),
  ...withoutRights(flags + 1),
];

/** Files and named pipes: no device, and no socket in a folder, which is then refused to others. */
const plainFiles = (mode: number): Instruction[] => [
  argument(mode),
  [hasBits, 5, 0, giveRights],
  [and, 0, 0, 0o170000],
  [equals, 2, 0, 0],
  [equals, 1, 0, 0o100000],
  [equals, 0, 1, 0o010000],
  answer(allow),
  answer(notPermitted),
];

const otherTable = 0x40000000;

/** What is not decided by the given instructions is unknown; calls of another architecture are the end. */
function assemble(audit: number, decisions: readonly Instruction[]): Buffer {
  const program: Instruction[] = [
    load(4),
    [equals, 1, 0, audit],
    answer(endProcess),
    load(0),
    // Numbers of the x32 table, which would pass by the comparisons below.
    [isAtLeast, 0, 1, otherTable],
    answer(endProcess),
    ...decisions,
    answer(noSuchCall),
  ];
  return Buffer.concat(program.map(encode));
}

function encode([code, yes, no, operand]: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(yes, 2);
  bytes.writeUInt8(no, 3);
  bytes.writeUInt32LE(operand, 4);
  return bytes;
}
