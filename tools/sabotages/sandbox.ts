// The sandbox, its limits and the programs that run in it.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const filterTest = (name: string) => ({ file: host("sandbox/seccomp.test.ts"), name });
const limited = (name: string) => ({ file: host("sandbox/limiter.test.ts"), name });

export const sandboxSabotages: readonly Sabotage[] = [
  {
    name: "programs of agents begin all at once",
    file: host("sandbox/slots.ts"),
    find: "if (this.#free > 0) this.#free -= 1;",
    replace: "if (this.#free > -99) this.#free -= 1;",
    test: {
      file: host("sandbox/slots.test.ts"),
      name: "S16 no more begin at a time than there is room for; who is cancelled while waiting takes none",
    },
  },
  {
    name: "processes that nobody waits for use the processor for nothing",
    file: host("sandbox/cpu-time.ts"),
    find: "Math.max(this.#unseenMs, this.#sampledMs / 2)",
    replace: "this.#unseenMs",
    test: {
      file: host("sandbox/cpu-time.test.ts"),
      name: "S16 processes that nobody waits for, each gone before anybody looks twice, are counted by how many run",
    },
  },
  {
    name: "locks and watches of open files cost nothing",
    file: host("sandbox/held-by-files.ts"),
    find: "- before) * entryBytes",
    replace: "- before) * 0",
    test: {
      file: host("sandbox/hidden-files.test.ts"),
      name: "S16 is charged for watches of epoll by its first thread",
    },
  },
  {
    name: "a process whose first thread has ended shows nothing",
    file: host("sandbox/usage.ts"),
    find: "].find(hasMemory)",
    replace: "].slice(0, 1).find(hasMemory)",
    test: { file: host("sandbox/hidden-files.test.ts"), name: "S16 is charged for its memory by whichever thread" },
  },
  {
    name: "what has ended is taken for something that hides its files",
    file: host("sandbox/nameless-files.ts"),
    find: "if (holder === undefined) continue;",
    replace: "if (holder === undefined) hasHidden = true;",
    test: {
      file: host("sandbox/hidden-files.test.ts"),
      name: "S16 that has ended and is not waited for hides nothing, to an ordinary user either",
    },
  },
  {
    name: "a thread may have descriptors of its own",
    file: host("sandbox/seccomp.ts"),
    find: "const cloneFiles = 0x00000400;",
    replace: "const cloneFiles = 0x00000200;",
    test: {
      file: host("sandbox/seccomp.test.ts"),
      name: "a job that starts no process makes threads, and nothing but threads",
    },
  },
  {
    name: "a file without a name that is mapped and not open fills the disk for nothing",
    file: host("sandbox/nameless-files.ts"),
    find: "hasHidden ||= await mapsNameless(holder);",
    replace: "",
    test: {
      file: host("sandbox/hidden-files.test.ts"),
      name: "S16 is seen to keep a file without a name that is mapped and not open by its first thread",
    },
  },
  {
    name: "a program is looked for in the folder that mh was started in",
    file: host("find-program.ts"),
    find: ".filter(path.isAbsolute)",
    replace: ".filter(() => true)",
    test: {
      file: host("find-program.test.ts"),
      name: "S1 a program is found in absolute folders alone, whatever folder mh was started in",
    },
  },
  {
    name: "S3 a home above a folder is not looked for",
    file: host("adapters/closed-folder.ts"),
    find: "if (homeAbove(at))",
    replace: "if (homeIdAt(at) !== undefined)",
    test: system("homes", "S3 a home that nobody noted is known by its home.json, from inside, above and below"),
  },
  {
    name: "what only ever crashes is started for ever",
    file: host("sandbox/service.ts"),
    find: "if (crashes >= crashLoop.crashes) {",
    replace: "if (crashes < 0) {",
    test: {
      file: host("sandbox/service.test.ts"),
      name: "that only ever crashes is not started for ever: it fails, and says why",
    },
  },
  {
    name: "a place of a job is whatever stands there once the sandbox is made",
    file: host("sandbox/held-places.ts"),
    find: "return a !== undefined && a.dev === b?.dev && a.ino === b.ino;",
    replace: "return a !== undefined && b !== undefined;",
    test: {
      file: host("sandbox/held-places.test.ts"),
      name: "S9 what stands below a root is compared with what was held, whatever it is called by then",
    },
  },
  {
    name: "a link above a place is followed",
    file: host("sandbox/held-places.ts"),
    find: "if (isLink || real !== place) {",
    replace: "if (isLink) {",
    test: {
      file: host("sandbox/held-places.test.ts"),
      name: "S9 a link is not followed, be it the last name of a path or one before",
    },
  },
  {
    name: "a folder is looked through for sockets at its top alone",
    file: host("sandbox/doors.ts"),
    find: "if (entry.isDirectory()) waiting.push(name);",
    replace: "",
    test: {
      file: host("sandbox/held-places.test.ts"),
      name: "S1 a way to a process outside is refused by its name, however deep it lies, and a link to one is none",
    },
  },
  {
    name: "a descriptor past a gap is not looked for",
    file: host("sandbox/inherited.ts"),
    find: "for (const descriptor of openIn(pid)) {",
    replace: "for (const descriptor of openIn(pid).filter((each) => each < 16)) {",
    test: {
      file: host("sandbox/inherited.test.ts"),
      name: "S4 what a process has open and was not handed is named, wherever its number lies",
    },
  },
  {
    name: "mh keeps what a shell left open",
    file: host("sandbox/inherited.ts"),
    find: 'if (isInherited(descriptor) || linkOf("self", descriptor)?.startsWith("/")) close(descriptor);',
    replace: "if (isInherited(descriptor) && descriptor < 16) close(descriptor);",
    test: {
      file: host("sandbox/inherited.test.ts"),
      name: "S4 what was left open is closed first of all, but what the command line names",
    },
  },
  {
    name: "system calls that nobody knows are allowed",
    file: host("sandbox/seccomp.ts"),
    find: "    ...decisions,\n    answer(noSuchCall),",
    replace: "    ...decisions,\n    answer(allow),",
    test: filterTest("what stands in no table is unknown, whatever a later kernel brings; other tables are the end"),
  },
  {
    name: "the table of x32 is open",
    file: host("sandbox/seccomp.ts"),
    find: "const otherTable = 0x40000000;",
    replace: "const otherTable = 0x80000000;",
    test: filterTest("what stands in no table is unknown, whatever a later kernel brings; other tables are the end"),
  },
  {
    name: "a program leaves a setuid file",
    file: host("sandbox/seccomp.ts"),
    find: "const giveRights = 0o6000;",
    replace: "const giveRights = 0o1000;",
    test: filterTest("arguments decide where a call does both: what is usual passes, what reaches further does not"),
  },
  {
    name: "a program types into a terminal",
    file: host("sandbox/seccomp.ts"),
    find: "[0x5411, 0x5413,",
    replace: "[0x5411, 0x5412, 0x5413,",
    test: filterTest("arguments decide where a call does both: what is usual passes, what reaches further does not"),
  },
  {
    name: "the watchdog does not look at STOP",
    file: host("sandbox/limiter.ts"),
    find: "stopFile: job.isOwners ? undefined : stopFile,",
    replace: "stopFile: undefined,",
    test: limited("S11 is ended by STOP, and does not begin while it stands, but for the owner's"),
  },
  {
    name: "what begins does not look at STOP",
    file: host("sandbox/process-run.ts"),
    find: "!this.#job.isOwners && fs.existsSync(stopFile)",
    replace: 'fs.existsSync("/none")',
    test: limited("S11 is ended by STOP, and does not begin while it stands, but for the owner's"),
  },
  {
    name: "what scratch space and sockets hold is nobody's memory",
    file: host("sandbox/watched.ts"),
    find: " + (inside === undefined ? 0 : heldBySandbox(inside))",
    replace: " + (inside === undefined ? 0 : heldBySandbox(0))",
    test: limited("S16 counts as its memory what scratch space holds for it"),
  },
  {
    name: "what is paused is held though STOP stands",
    file: host("sandbox/watched.ts"),
    find: 'this.#facts.reason ? "SIGCONT" : "SIGSTOP"',
    replace: '"SIGSTOP"',
    test: limited("S11 is stopped by STOP though it was paused, at whatever moment of its start"),
  },
  {
    name: "a program that may run others is of no high risk",
    file: core("programs/shell-run.ts"),
    find: "if (!isPlainCommand(argv)) return",
    replace: "if (argv.length === 0) return",
    test: system(
      "program-approvals",
      "S18 neither a grant, trust nor a plan lets a program that may run others run unasked, and the request says so",
    ),
  },
  {
    name: "a plain program is plain with every option",
    file: core("programs/plain-programs.ts"),
    find: "plain.options.test(each)",
    replace: "plain.options !== undefined",
    test: system(
      "program-approvals",
      "S18 neither a grant, trust nor a plan lets a program that may run others run unasked, and the request says so",
    ),
  },
  {
    name: "a file that is named between signs is not held fast",
    file: core("programs/named-paths.ts"),
    find: "...value.split(signs).filter(isName)",
    replace: "",
    test: { file: core("programs/named-paths.test.ts"), name: 'S13 "a;x" names the file x' },
  },
];
