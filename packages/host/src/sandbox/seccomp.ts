import * as os from "node:os";

export interface Calls {
  /** It may start processes. */
  mayFork: boolean;
  /** It may make sockets of its own network, where nothing is but the relay. */
  mayReachRelay: boolean;
}

/**
 * The seccomp filter of every job, as struct sock_filter of <linux/filter.h>. Nobody makes a socket that could lead
 * anywhere, a namespace, or memory that no limit sees; nobody looks into another process, or at the keyring of the session
 * that mh was started in. A job that starts no processes is ended (SIGSYS) when it tries; so is whoever makes calls of
 * another architecture. Undefined for an architecture that was not looked at.
 */
export function filterFor({ mayFork, mayReachRelay }: Calls): Buffer | undefined {
  const known = tables[os.arch()];
  if (!known) return undefined;
  const { forks, meddling, absent, clone, socket, socketpair } = known;
  const refused = mayFork ? answer(notPermitted) : answer(endProcess);
  return assemble(known.audit, [
    ...[...absent, ...absentEverywhere].flatMap((call) => when(call, [answer(noSuchCall)])),
    ...meddling.flatMap((call) => when(call, [refused])),
    ...(mayFork ? [] : forks).flatMap((call) => when(call, [refused])),
    ...when(clone, mayFork ? withoutNamespaces(refused) : threadsAlone(refused)),
    ...when(socket, mayReachRelay ? streamsAlone() : [answer(noNetwork)]),
    ...when(socketpair, connectedPairs()),
  ]);
}

// Numbers of the system calls, by <asm/unistd.h> of each architecture.
interface Table {
  audit: number;
  clone: number;
  socket: number;
  socketpair: number;
  /** fork, vfork */
  forks: readonly number[];
  /** ptrace, process_vm_readv, process_vm_writev, unshare, setns, mount, bpf, perf_event_open */
  meddling: readonly number[];
  /** memfd_create and shmget, whose memory no limit would see; userfaultfd; add_key, request_key, keyctl */
  absent: readonly number[];
}
const tables: Readonly<Record<string, Table>> = {
  x64: {
    ...{ audit: 0xc000003e, clone: 56, socket: 41, socketpair: 53 },
    forks: [57, 58],
    meddling: [101, 310, 311, 272, 308, 165, 321, 298],
    absent: [319, 29, 323, 248, 249, 250],
  },
  arm64: {
    ...{ audit: 0xc00000b7, clone: 220, socket: 198, socketpair: 199 },
    forks: [],
    meddling: [117, 270, 271, 97, 268, 40, 280, 241],
    absent: [279, 194, 282, 217, 218, 219],
  },
};
// Both architectures: io_uring_setup, which goes around filters like this one; clone3, whose flags no filter can see (libc
// takes clone instead); open_tree, move_mount, fsopen, fsconfig, fsmount, fspick; pidfd_getfd; mount_setattr; memfd_secret.
const absentEverywhere = [425, 435, 428, 429, 430, 431, 432, 433, 438, 442, 447];

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
const { ENOSYS, EPERM, ENETUNREACH } = os.constants.errno;
const noSuchCall = error + ENOSYS;
const notPermitted = error + EPERM;
const noNetwork = error + ENETUNREACH;

const load = (offset: number): Instruction => [loadCode, 0, 0, offset];
const answer = (what: number): Instruction => [0x06, 0, 0, what];
/** The lower half of an argument, on both architectures. */
const argument = (index: number): Instruction => load(16 + 8 * index);

/** `body` always answers. */
const when = (call: number, body: readonly Instruction[]): Instruction[] => [[equals, 0, body.length, call], ...body];

const cloneThread = 0x00010000;
// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
const newNamespaces = 0x7e020000;

const threadsAlone = (refused: Instruction): Instruction[] => [
  argument(0),
  [hasBits, 1, 0, cloneThread],
  refused,
  answer(allow),
];

const withoutNamespaces = (refused: Instruction): Instruction[] => [
  argument(0),
  [hasBits, 0, 1, newNamespaces],
  refused,
  answer(allow),
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

const otherTable = 0x40000000;

/** What is not decided by the given instructions is allowed; calls of another architecture are not. */
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
    answer(allow),
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
