import type { Fault } from "@mh/contract/values/fault.ts";

// The one way in which code that is not the kernel's own runs: agents, scripts of packages, programs, MCP servers.

/** What a job sees of the disk. What is not named here is not there. */
export interface View {
  /**
   * `node`: Node and its libraries, and nowhere to write. `system`: the system's programs and libraries to read, a /proc
   * of its own, and scratch space in /tmp that is gone afterwards.
   */
  base: "node" | "system";
  places: readonly Place[];
  /** Folders that are hidden where they lie among what the base shows, and are not given as places. */
  hidden?: readonly string[];
  /** Where the job begins, by its path inside. */
  folder: string;
}

/**
 * A file or folder of this machine, to be read. It is held open from before the job's sandbox is made, and the job does not
 * begin where it would see something else in its place. What lies behind a link, is or holds what is hidden, or has a
 * socket in it, is refused.
 */
export interface Place {
  /** An absolute path, without links. */
  from: string;
  /** Its path inside, where that is another one. */
  at?: string;
  isWritable?: boolean;
  /** Another name of the very thing, which the caller that made the job answers for. */
  judged?: string;
}

export interface Limits {
  /** How long it runs, without the time that it is paused. */
  timeMs?: number;
  /** Of the processor, it and all that it starts; with `cpuPerMs`, within each such span. */
  cpuMs?: number;
  cpuPerMs?: number;
  /** Of memory, it and all that it starts: its own, and what the kernel and scratch space hold for it. */
  memoryBytes: number;
  /** With 1 it starts no process at all: an attempt is its end. */
  processesMax: number;
  /** Of each folder outside that it may write to: what it may add, in bytes and in files. No one file is larger. */
  disk?: { bytesMax: number; filesMax: number };
  /** Of either standard stream; with `perMs`, within each such span. What is more is dropped, or ends the job. */
  output: { bytesMax: number; perMs?: number; beyond: "drop" | "end" };
}

export interface ProgramCall {
  /** Absolute path, inside. */
  program: string;
  args: readonly string[];
}

export interface Job extends ProgramCall {
  view: View;
  /** All of its environment, beside what the base sets (`system`: PATH, HOME and LANG). */
  environment?: Readonly<Record<string, string>>;
  /** The hosts that it may reach, through the relay and no other way. */
  hosts?: readonly string[];
  /** It is given descriptor 3, a stream in both directions. */
  hasChannel?: boolean;
  /** Its standard input is written to. */
  hasInput?: boolean;
  limits: Limits;
  /**
   * Called before the job begins, with a name of its root, where the sandbox can be looked into once it stands (on macOS just
   * before it is made); a throw keeps it from beginning.
   */
  whenUp?(root: string): Promise<void>;
  signal?: AbortSignal;
  /** The owner started it for nobody else: STOP does not end it. */
  isOwners?: boolean;
  /** How it starts on a machine without a sandbox, for what came with mh; for all else, the sentence that refuses it. */
  unsandboxed: ProgramCall | string;
}

/** What comes from a job, in the order it came. What nobody listens to is dropped. */
export interface Source {
  listen(onChunk: (chunk: Uint8Array) => void, onEnd?: () => void): void;
}

/** What goes to a job. */
export interface Sink {
  write(data: string | Uint8Array): void;
  /** What was written and not read yet, in bytes. */
  readonly unreadBytes: number;
  /** Whether it can still be written to. */
  readonly isOpen: boolean;
}

export type RunReason =
  | "time"
  | "cpu"
  | "memory"
  | "processes"
  | "disk"
  | "output"
  | "stopped"
  | "changed"
  | "sandbox.missing";

export interface RunEnd {
  /** `refused`: it did not begin. */
  status: "exited" | "killed" | "refused";
  /** 128 and the signal's number where a signal ended it; null where it did not begin. */
  exitCode: number | null;
  /** Of what was killed or refused. */
  reason?: RunReason;
  /** Of what was refused for one of its places. */
  fault?: Fault;
  /** A sentence. */
  message: string;
  usage: { ms: number; cpuMs: number; rssBytesMax: number };
  /** It said more than its limits keep. */
  isCut: boolean;
}

/** A job that runs, or is being started: everything here works from the first moment. */
export interface Run {
  readonly input: Sink;
  readonly output: Source;
  readonly errors: Source;
  /** Descriptor 3 of a job that has one. */
  readonly channel: Sink & Source & { close(): void };
  /** Settles when nothing of it is left. Never rejects. */
  readonly end: Promise<RunEnd>;
  pause(): void;
  resume(): void;
  /** Ends it and all that it started, at once. */
  kill(message: string, reason?: RunReason): void;
  /** Asks it to end (SIGTERM), and kills what is left after that time. */
  stop(message: string, withinMs: number): Promise<RunEnd>;
}

/** Something that stays up: what it is when it runs, when it is well, and what happens when it ends. */
export interface ServiceSpec<T> {
  /** What the next start runs. A throw is the answer of that start, and no crash. */
  job(): Job | Promise<Job>;
  /** Settles when it is up, with what others use it by. A throw ends it, and counts as a crash. */
  ready(run: Run): Promise<T>;
  /** Why it ended by itself, in its own words. */
  explain?(end: RunEnd): string;
  health?: {
    /** A throw, or no answer in time, is a failure. */
    check(value: T): Promise<void>;
    everyMs: number;
    timeoutMs: number;
    /** So many in a row end it. */
    failuresMax: number;
  };
  /** `on-demand`: when somebody uses it next. */
  restart: "always" | "on-failure" | "on-demand";
  /** The start after a first crash is at once, the next after `firstMs`, then twice that, up to `maxMs`. */
  backOff: { firstMs: number; maxMs: number };
  /** After so many crashes within that time it is not started again. */
  crashLoop: { crashes: number; withinMs: number };
  /** Until it is killed, once it was asked to end; 5 s at most. */
  stopWithinMs: number;
}

export type ServiceState = "idle" | "starting" | "up" | "waiting" | "failed" | "stopped";

export interface Service<T> extends AsyncDisposable {
  readonly state: ServiceState;
  /** What `ready` gave, starting the service where it is not up. Throws when it cannot be started, saying why. */
  use(): Promise<T>;
  /** Ends what runs without counting that as a crash; the next use starts it anew. */
  renew(message: string): void;
  /** Ends it for good. Nothing of it is left when this settles. */
  stop(message: string): Promise<void>;
}

/** What keeps jobs apart from this machine. */
export interface Sandbox {
  kind: "bubblewrap" | "seatbelt" | "none";
  /** Why there is none, or why what is there does not hold. */
  reason?: string;
  /** What was tried and held. */
  tried: readonly string[];
  /** What is limited, each tried, and by what that holds. */
  caps: readonly Cap[];
}

export interface Cap {
  what: string;
  /**
   * `cgroup`: by the system, for all that came of a job. `rlimit`: by the system, for each process. `mount`: by the system, for
   * a folder. `watched`: by a thread that looks every 25 to 100 ms (500 on macOS), so that between two looks more is used. `profile`: the
   * sandbox lets nobody start a second one.
   */
  by: readonly ("cgroup" | "rlimit" | "mount" | "profile" | "watched")[];
}

export interface Executor {
  run(job: Job): Run;
  serve<T>(service: ServiceSpec<T>): Service<T>;
  /** Tried once, by really standing inside. */
  sandbox(): Promise<Sandbox>;
  /** STOP stands: nothing runs but what is the owner's. */
  isStopped(): boolean;
}
