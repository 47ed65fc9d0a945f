import type { RawHostile } from "./hostile-program.ts";
import type { Argument, RawCall } from "./raw-program.ts";

const room = new Uint8Array(256);
const given = "/given";
const call = (name: string | number, ...args: Argument[]): RawCall => ({ call: name, args });
const by32Bits = (name: number, ...args: Argument[]): RawCall => ({ call: name, args, table: "i386" });
const byX32 = (name: number, ...args: Argument[]): RawCall => ({ call: name, args, table: "x32" });

/** Not permitted to programs; the end of a worker that tries it. */
const meddling = (name: string, ...calls: RawCall[]): RawHostile => ({
  ...{ name, calls, answers: "EPERM", agentAnswers: "ended" },
});
/** Answered as by a kernel that does not have it. */
const unknown = (name: string, ...calls: RawCall[]): RawHostile => ({ name, calls, answers: "ENOSYS" });

const families = Array.from({ length: 47 }, (_, family) => family);
const everySocket = families.flatMap((family) => [1, 2, 3, 5].map((type) => call("socket", family, type, 0)));
const [newNamespace, newUser, newNet, newPid] = [0x00020011, 0x10000011, 0x40000011, 0x20000011];
// CLONE_VM, FS, SIGHAND, THREAD and SYSVSEM, but not CLONE_FILES.
const threadApart = 0x00050b00;
const aPage = 4096;
const create = 0o101;
const atFolder = -100;
const words = (...numbers: number[]): Uint8Array => new Uint8Array(new BigInt64Array(numbers.map(BigInt)).buffer);

export const rawPrograms: readonly RawHostile[] = [
  // Sockets.
  { name: "S1 sockets of every family and type", calls: everySocket, answers: "ENETUNREACH" },
  {
    ...{ name: "S1 pairs of sockets that can be turned elsewhere", answers: "ENETUNREACH" },
    calls: [call("socketpair", 1, 2, 0, room), call("socketpair", 1, 3, 0, room), call("socketpair", 2, 1, 0, room)],
  },
  {
    ...{ name: "S1 a descriptor that it has, connected to somewhere else", answers: "ENETUNREACH" },
    calls: [call("connect", 3, room, 16), call("connect", 1, room, 110)],
  },
  { name: "S1 sockets by the table of 32 bits", calls: [by32Bits(359, 1, 1, 0)], answers: "ended" },
  { name: "S1 sockets by the old call of the table of 32 bits", calls: [by32Bits(102, 1, 0)], answers: "ended" },
  { name: "S1 sockets by the table of x32", calls: [byX32(41, 1, 1, 0)], answers: "ended" },
  unknown(
    "S1 sockets by io_uring",
    call("io_uring_setup", 8, room),
    call("io_uring_enter", 3, 1, 0, 0),
    call("io_uring_register", 3, 0, 0, 0),
  ),

  // Other tables, and calls that nobody knows yet.
  { name: "K15 any call by the table of 32 bits", calls: [by32Bits(20)], answers: "ended" },
  { name: "K15 any call by the table of x32", calls: [byX32(39)], answers: "ended" },
  unknown("K15 calls of a kernel of tomorrow", call(480), call(600), call(999), call(1_000_000)),
  unknown(
    "K15 calls that nobody needs any more",
    call("uselib", "/usr"),
    call("ustat", 1, room),
    call("sysfs", 3),
    call("lookup_dcookie", 0, room, 64),
    call("remap_file_pages", 0, aPage, 0, 0, 0),
  ),

  // Other processes.
  meddling("K15 another process traced", call("ptrace", 16, 1), call("ptrace", 0x4206, 1, 0, 0)),
  meddling("K15 itself traced, to step around the filter", call("ptrace", 0, 0, 0, 0)),
  meddling("K15 the memory of another process read", call("process_vm_readv", 1, room, 1, room, 1, 0)),
  meddling("K15 the memory of another process written", call("process_vm_writev", 1, room, 1, room, 1, 0)),
  meddling("K15 the memory of another process paged out", call("process_madvise", 3, room, 1, 20, 0)),
  meddling("K15 two processes compared", call("kcmp", 1, 2, 0, 0, 0)),
  meddling("S4 a descriptor taken out of another process", call("pidfd_getfd", 3, 0, 0)),
  unknown("K15 the memory of a dying process reaped", call("process_mrelease", 3, 0)),

  // Namespaces and mounts.
  meddling(
    "K15 namespaces of its own",
    call("unshare", 0x10000000),
    call("unshare", 0x00020000),
    call("unshare", 0x40000000),
    call("unshare", 0x7e020080),
  ),
  meddling(
    "K15 a process in namespaces of its own",
    ...[newNamespace, newUser, newNet, newPid].map((flags) => call("clone", flags, 0, 0, 0, 0)),
  ),
  meddling("S16 a thread with descriptors of its own, which nobody sees", call("clone", threadApart, 0, 0, 0, 0)),
  unknown(
    "K15 a process by a call whose flags no filter reads",
    call("clone3", words(0x10000000, 0, 0, 0, 17, 0, 0, 0), 64),
  ),
  meddling("K15 the namespaces of another process", call("setns", 3, 0), call("setns", 1, 0x40000000)),
  meddling("K15 a mount", call("mount", "none", "/tmp", "tmpfs", 0, 0), call("mount", "/", "/mnt", 0, 0x1000, 0)),
  meddling(
    "K15 what is read-only mounted anew to be written",
    call("mount", 0, "/", 0, 0x1020, 0),
    call("mount", 0, "/usr", 0, 0x1020, 0),
  ),
  meddling("K15 what covers the disk taken away", call("umount2", "/usr", 2), call("umount2", "/proc", 2)),
  meddling("K15 another root", call("chroot", "/usr"), call("pivot_root", "/", "/")),
  meddling(
    "K15 mounts by the calls of open trees",
    call("open_tree", atFolder, "/", 1),
    call("move_mount", 3, "", atFolder, "/mnt", 4),
  ),
  unknown(
    "K15 mounts by the calls of contexts",
    call("fsopen", "tmpfs", 0),
    call("fsconfig", 3, 6, 0, 0, 0),
    call("fsmount", 3, 0, 0),
    call("fspick", atFolder, "/", 0),
    call("mount_setattr", atFolder, "/", 0x8000, room, 32),
  ),

  // Files by other names, and rights that files give.
  {
    name: "K15 files by handles, which no view bounds",
    calls: [call("open_by_handle_at", 3, room, 0)],
    answers: "EPERM",
    agentAnswers: "ended",
  },
  unknown("K15 the handle of a file asked for", call("name_to_handle_at", atFolder, "/", room, room, 0)),
  unknown(
    "K15 files by a call whose mode no filter reads",
    call("openat2", atFolder, `${given}/setuid-by-openat2`, words(create, 0o4755, 0), 24),
  ),
  {
    name: "K15 a file that gives rights, left in the folder",
    answers: "EPERM",
    calls: [
      call("openat", atFolder, `${given}/setuid-made`, create, 0o4755),
      call("openat", atFolder, `${given}/setgid-made`, create, 0o2755),
      call("fchmodat", atFolder, given, 0o6777),
      call("fchmodat", atFolder, `${given}/tool`, 0o4755),
      call(452, atFolder, `${given}/tool`, 0o4755, 0),
      call("mknodat", atFolder, `${given}/setuid-node`, 0o104755, 0),
    ],
  },
  {
    name: "K15 devices and sockets, left in the folder",
    answers: "EPERM",
    calls: [
      call("mknodat", atFolder, `${given}/memory`, 0o020666, 0x101),
      call("mknodat", atFolder, `${given}/disk`, 0o060666, 0x800),
      call("mknodat", atFolder, `${given}/door`, 0o140666, 0),
    ],
  },

  // The kernel itself.
  meddling("K15 a program in the kernel", call("bpf", 5, room, 64), call("bpf", 0, room, 64)),
  meddling("K15 the counters of the processor", call("perf_event_open", room, -1, 0, -1, 0)),
  meddling("K15 faults of the kernel held up", call("userfaultfd", 0)),
  meddling(
    "K15 a module of the kernel",
    call("init_module", room, 256, ""),
    call("finit_module", 0, "", 0),
    call("delete_module", "loop", 0x800),
  ),
  meddling("K15 another kernel", call("kexec_load", 0, 0, 0, 0), call("kexec_file_load", 0, 0, 1, "", 4)),
  meddling("K15 the machine's keys for a restart", call("reboot", 0xfee1dead, 672274793, 0, 0)),
  meddling("K15 what the kernel says, read and cleared", call("syslog", 3, room, 256), call("syslog", 5, 0, 0)),
  meddling("K15 ports of the hardware", call("iopl", 3), call("ioperm", 0x70, 2, 1)),
  unknown("K15 segments of its own", call("modify_ldt", 1, room, 16)),
  unknown(
    "K15 filters of its own, whose room in the kernel is everybody's",
    call("seccomp", 1, 8, room),
    call("landlock_create_ruleset", 0, 0, 1),
  ),
  {
    name: "K15 filters by the older call, its own memory map, and a dispatcher of calls",
    answers: "EINVAL",
    calls: [
      call("prctl", 22, 2, room),
      call("prctl", 35, 1, 0, 0, 0),
      call("prctl", 59, 1, 0, 0, 0),
      call("prctl", 0x59616d61, -1, 0, 0, 0),
    ],
  },
  {
    name: "K15 memory that others can foresee",
    answers: "EPERM",
    calls: [call("personality", 0x0040000), call("personality", 0x0400000)],
  },

  // What the whole machine shares.
  meddling(
    "K15 the clock",
    call("settimeofday", words(1, 0), 0),
    call("clock_settime", 0, words(1, 0)),
    call("adjtimex", room),
    call("clock_adjtime", 0, room),
  ),
  meddling("K15 the machine's name", call("sethostname", "hostile", 7), call("setdomainname", "hostile", 7)),
  meddling("K15 swap", call("swapon", "/tmp/swap", 0), call("swapoff", "/tmp/swap")),
  meddling("K15 the books of processes", call("acct", `${given}/acct`), call("acct", 0)),
  meddling("K15 quotas", call("quotactl", 0x80000200, "/dev/vda", 2, 0)),
  unknown("K15 quotas by descriptor", call("quotactl_fd", 3, 0x80000200, 2, 0)),
  meddling("K15 the terminals of all hung up", call("vhangup")),
  unknown(
    "K15 keyrings of the session",
    call("keyctl", 0, -3, 0),
    call("add_key", "user", "mh", "x", 1, -3),
    call("request_key", "user", "mh", 0, -3),
  ),
  meddling("S16 a place before all others, by attributes", call("sched_setattr", 0, words(48, 1), 0)),
  {
    name: "S16 a place before all others, for processor and disk",
    answers: "EPERM",
    calls: [
      call("setpriority", 0, 0, -20),
      call("setpriority", 2, 0, -1),
      call("sched_setscheduler", 0, 1, words(99)),
      call("sched_setscheduler", 0, 2, words(1)),
      call("ioprio_set", 1, 0, 0x2000),
    ],
  },

  // Memory and room that no limit sees.
  unknown("S16 memory behind descriptors", call("memfd_create", "hidden", 0), call("memfd_secret", 0)),
  unknown(
    "S16 memory, messages and semaphores of System V",
    call("shmget", 0, 0x10000000, 0o1600),
    call("msgget", 0, 0o1600),
    call("semget", 0, 32_000, 0o1600),
  ),
  unknown("S16 queues of messages", call("mq_open", "hostile", 0o102, 0o600, 0)),
  unknown("S16 the room of the machine for asynchronous input", call("io_setup", 65_536, room)),
  unknown("S16 the owner's room for watches of files", call("inotify_init1", 0), call("fanotify_init", 0, 0)),
  unknown("S16 pages that stay in pipes when they are given back", call("vmsplice", 1, words(0x400000, 64), 1, 8)),
  unknown(
    "S16 the memory of other nodes",
    call("mbind", 0x400000, aPage, 1, 0, 0, 0),
    call("migrate_pages", 0, 8, room, room),
    call("move_pages", 0, 0, 0, 0, 0, 0),
  ),
  {
    name: "S16 larger pipes, and leases by which others wait",
    answers: "EINVAL",
    calls: [call("fcntl", 1, 1031, 1_048_576), call("fcntl", 1, 1024, 1), call("fcntl", 1, 1026, 0x80000002)],
  },

  // Terminals.
  {
    name: "K15 input put into a terminal, and what leads to the console",
    answers: "ENOTTY",
    calls: [
      call("ioctl", 1, 0x5412, "x"),
      call("ioctl", 1, 0x541c, "\u0003"),
      call("ioctl", 0, 0x541d, 0),
      call("ioctl", 1, 0x5423, words(21)),
      // What stands in the upper half of a register the kernel does not read.
      call("ioctl", 1, 0x7000000005412n, "x"),
    ],
  },
];
