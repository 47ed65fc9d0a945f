import * as os from "node:os";

// Numbers of the system calls, by <asm/unistd.h> of each architecture.
interface Calls {
  audit: number;
  clone: number;
  ended: readonly number[];
  absent: readonly number[];
  keyring: readonly number[];
}
const calls: Readonly<Record<string, Calls>> = {
  // ended: fork, vfork, ptrace, process_vm_readv, process_vm_writev, unshare, setns, mount, bpf, perf_event_open
  // absent: memfd_create and shmget, whose memory no limit would see; userfaultfd
  // keyring: add_key, request_key, keyctl
  x64: {
    audit: 0xc000003e,
    clone: 56,
    ended: [57, 58, 101, 310, 311, 272, 308, 165, 321, 298],
    absent: [319, 29, 323],
    keyring: [248, 249, 250],
  },
  arm64: {
    audit: 0xc00000b7,
    clone: 220,
    ended: [117, 270, 271, 97, 268, 40, 280, 241],
    absent: [279, 194, 282],
    keyring: [217, 218, 219],
  },
};
// io_uring_setup, which goes around filters like this one, and clone3, whose flags no filter can see. Both architectures.
const absentEverywhere = [425, 435];

const load = 0x20;
const equals = 0x15;
const isAtLeast = 0x35;
const hasBits = 0x45;
const answer = 0x06;
const allow = 0x7fff0000;
const endProcess = 0x80000000;
const noSuchCall = 0x00050000 + os.constants.errno.ENOSYS;
const cloneThread = 0x00010000;
const otherTable = 0x40000000;

/**
 * A seccomp filter, as struct sock_filter of <linux/filter.h>: a worker may start threads, but no process; who tries is
 * ended (SIGSYS). Where clone3 is absent, libc takes clone instead. Undefined for an
 * architecture that was not looked at.
 */
export function noNewProcesses(): Buffer | undefined {
  const known = calls[os.arch()];
  if (!known) return undefined;
  const { clone, ended, absent, keyring } = known;
  return filter(known, [
    ...ended.flatMap((call) => on(call, endProcess)),
    ...[...absentEverywhere, ...absent, ...keyring].flatMap((call) => on(call, noSuchCall)),
    [equals, 1, 0, clone],
    [answer, 0, 0, allow],
    // The lower half of the first argument: the flags, on both architectures.
    [load, 0, 0, 16],
    [hasBits, 1, 0, cloneThread],
    [answer, 0, 0, endProcess],
  ]);
}

/** For programs that may start others. Namespaces do not hide the keyring of the session that mh was started in. */
export function noKeyring(): Buffer | undefined {
  const known = calls[os.arch()];
  return (
    known &&
    filter(
      known,
      known.keyring.flatMap((call) => on(call, noSuchCall)),
    )
  );
}

/** What is not decided by the given instructions is allowed; calls of another architecture are not. */
function filter({ audit }: Calls, decisions: readonly Instruction[]): Buffer {
  const program: Instruction[] = [
    [load, 0, 0, 4],
    [equals, 1, 0, audit],
    [answer, 0, 0, endProcess],
    [load, 0, 0, 0],
    // Numbers of the x32 table, which would pass by the comparisons below.
    [isAtLeast, 0, 1, otherTable],
    [answer, 0, 0, endProcess],
    ...decisions,
    [answer, 0, 0, allow],
  ];
  return Buffer.concat(program.map(encode));
}

/** Code, jumps where it holds and where it does not, operand. */
type Instruction = readonly [code: number, yes: number, no: number, operand: number];

const on = (call: number, what: number): Instruction[] => [
  [equals, 0, 1, call],
  [answer, 0, 0, what],
];

function encode([code, yes, no, operand]: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(yes, 2);
  bytes.writeUInt8(no, 3);
  bytes.writeUInt32LE(operand, 4);
  return bytes;
}
