import * as fs from "node:fs";
import * as path from "node:path";
import { isInside } from "@mh/core/model/scope.ts";
import type { Job, Place, View } from "@mh/core/ports/executor.ts";
import { realOf } from "../places.ts";
import { entryFile } from "./entry-file.ts";
import { underProcesses } from "./rlimits.ts";

/** Node's path inside, for jobs of the base `node`. */
export const nodeInside = "/mh/node";

const scratchBytes = 256 * 2 ** 20;
const sharedMemoryBytes = 64 * 2 ** 20;

/** What a job is given of bubblewrap's, beside what it asks for. */
export interface Fittings {
  /** Whether a relay stands in front of it. */
  hasRelay: boolean;
  /** A folder that is made last of all, by whose presence the caller sees that everything stands. */
  marker: string;
}

/**
 * bubblewrap's arguments for a job: namespaces of its own, no capability, no network, an empty environment, and of the
 * disk what its view names. The filter is not among them.
 */
export function bubblewrapArgs(job: Job, { hasRelay, marker }: Fittings): string[] {
  const { view, environment = {} } = job;
  return [
    ...["--unshare-all", "--hostname", "sandbox", "--die-with-parent", "--new-session", "--clearenv"],
    ...["--cap-drop", "ALL"],
    ...(view.base === "node" ? nodeBase() : systemBase(view)),
    ...(hasRelay ? ["--ro-bind-try", "/etc/ssl", "/etc/ssl"] : []),
    ...placesOf(job, hasRelay).flatMap(bind),
    ...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--dir", marker, "--chdir", view.folder, "--remount-ro", "/"],
  ];
}

/** What a job is given of the disk beside its base: its own places, and Node where it needs it. */
export function placesOf({ view }: Job, hasRelay: boolean): Place[] {
  if (view.base === "node") {
    if (hasRelay) throw new Error("Jobs of the base `node` have no network.");
    return [{ ...thisNode, at: nodeInside }, ...view.places];
  }
  const node = isInside("/usr", process.execPath) ? [] : [thisNode];
  const relay = entryFile("relay-entry.ts");
  return [...(hasRelay ? [{ from: relay, at: relayInside(), judged: relay }, ...node] : []), ...view.places];
}

/** The very Node that runs here, by the name that Linux gives it, whatever lies at its path by now. */
export const thisNode: Place = { from: process.execPath, judged: "/proc/self/exe" };

/** What starts inside: the job's program, behind the relay where it has one. */
export function commandInside({ program, args, view, limits }: Job, hasRelay: boolean): string[] {
  const relay = hasRelay ? [process.execPath, "--disable-warning=ExperimentalWarning", relayInside()] : [];
  const command = [...relay, program, ...args];
  // A job that starts no process needs no shell inside, and is ended when it tries.
  return view.base === "system" ? underProcesses(limits, command) : command;
}

/** The path of a file inside, which Node must know by its ending. */
export const moduleInside = (name: string, file: string): string =>
  `/mh/${name}${path.extname(file) === ".ts" ? ".mts" : ".mjs"}`;

const relayInside = () => moduleInside("relay", entryFile("relay-entry.ts"));

const bind = ({ from, at = from, isWritable = false }: Place): string[] => [
  ...[isWritable ? "--bind" : "--ro-bind", from, at],
];

/** Nothing is to be written anywhere, shared memory included: what empty files cost, no limit would see. */
const nodeBase = (): string[] => [
  ...["--dev", "/dev", "--remount-ro", "/dev"],
  ...libraries().flatMap(([inside, outside]) => ["--ro-bind", outside, inside]),
];

/** What the kernel tells there of the machine and of its owner's sessions is hidden from a job. */
const ofTheMachine = [
  ...["keys", "key-users", "kcore", "kmsg", "kallsyms", "iomem", "ioports", "slabinfo", "vmallocinfo", "timer_list"],
  ...["sched_debug", "latency_stats", "interrupts", "diskstats", "partitions", "swaps", "consoles", "mtrr"],
  ...["kpagecount", "kpageflags", "kpagecgroup", "pagetypeinfo"],
].map((name) => `/proc/${name}`);

function systemBase({ hidden = [] }: View): string[] {
  const system = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"].filter((each) => fs.existsSync(each));
  const settings = ["/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime"];
  return [
    ...["--setenv", "PATH", "/usr/bin:/usr/sbin", "--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8"],
    ...["--ro-bind", "/usr", "/usr"],
    ...system.flatMap((each) =>
      fs.lstatSync(each).isSymbolicLink() ? ["--symlink", fs.readlinkSync(each), each] : ["--ro-bind", each, each],
    ),
    ...settings.flatMap((each) => ["--ro-bind-try", each, each]),
    // bubblewrap leaves the kernel's settings under /proc/sys to be written where mh runs as root.
    ...["--proc", "/proc", "--remount-ro", "/proc"],
    ...["--dev", "/dev", "--size", String(sharedMemoryBytes), "--tmpfs", "/dev/shm"],
    ...["--remount-ro", "/dev", "--size", String(scratchBytes), "--tmpfs", "/tmp"],
    ...ofTheMachine.filter((each) => fs.existsSync(each)).flatMap((each) => ["--ro-bind", "/dev/null", each]),
    ...hidden
      .map(realOf)
      .filter((each) => isInside("/usr", each))
      .flatMap((each) => ["--tmpfs", each, "--remount-ro", each]),
  ];
}

let libraryFiles: [string, string][] | undefined;

/** The shared objects that this Node runs with: exactly these are there inside, too. */
function libraries(): [string, string][] {
  if (!libraryFiles) {
    const report = process.report.getReport() as unknown as { sharedObjects: string[] };
    const objects = report.sharedObjects.filter((file) => path.isAbsolute(file) && fs.existsSync(file));
    const isNode = (file: string) => fs.realpathSync(file) === fs.realpathSync(process.execPath);
    libraryFiles = objects
      .filter((file) => !isNode(file) && !file.endsWith(".node"))
      .map((file) => [file, fs.realpathSync(file)]);
  }
  return libraryFiles;
}
