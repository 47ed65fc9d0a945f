/** A program and what it is given. */
export interface ProgramRun {
  /** Absolute path. */
  program: string;
  args: readonly string[];
  /** The one folder outside that it sees and may write to; it begins there. */
  folder?: string;
  timeoutMs: number;
  /** Of either stream, that much is kept. */
  outputBytesMax: number;
  /** The owner runs it, so that STOP does not end it. */
  isOwners: boolean;
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
  run(run: ProgramRun): Promise<ProgramEnd>;
}
