import type { Pin } from "@mh/contract/values/approval.ts";

/** A place in the folder of a command that one of its arguments may name. */
export interface NamedPath {
  /** Path of the argument, as in `argv[1]`. */
  argument: string;
  /** Absolute, in one spelling. */
  path: string;
}

/** What lies under such names; what is too much to be held fast is said in a sentence each. */
export interface PinnedFiles {
  pins: Pin[];
  unpinned: string[];
}

/** A program and what it is given. */
export interface ProgramRun {
  /** Absolute path. */
  program: string;
  args: readonly string[];
  /** The one folder outside that it sees and may write to; it begins there. */
  folder?: string;
  /** What the owner approved to lie in the folder: compared as the program will see it, before it begins. */
  approved?: { named: readonly NamedPath[]; pins: readonly Pin[]; holdsFirst: boolean };
  timeoutMs: number;
  /** Of either stream, that much is kept. */
  outputBytesMax: number;
  /** The owner runs it, so that STOP does not end it. */
  isOwners?: boolean;
  signal: AbortSignal;
}

export interface ProgramEnd {
  /** 128 and the signal's number where a signal ended it. */
  exitCode: number;
  stdout: string;
  stderr: string;
  /** It wrote more than was kept. */
  isCut: boolean;
}

/**
 * Programs of this machine, run in a sandbox: no network, an environment of its own, the system's files to read, and one
 * folder to write to. Throws `sandbox.missing` where there is no sandbox that holds, `shell.failed` where there is no such
 * program or it took too long, and `args.invalid` for a folder that it must not have.
 */
export interface Programs {
  /** What of the disk no program is given. */
  readonly closed: readonly string[];
  /** The file that a program's path leads to in the end. */
  realPath(program: string): Promise<string>;
  /** Hashes what lies under these names in a folder that a program would be given. */
  pin(folder: string, named: readonly NamedPath[]): Promise<PinnedFiles>;
  run(run: ProgramRun): Promise<ProgramEnd>;
}
