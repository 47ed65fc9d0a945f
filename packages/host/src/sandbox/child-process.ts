import type { ChildProcess } from "node:child_process";
import * as os from "node:os";
import type { Writable } from "node:stream";

/** bubblewrap may be gone, or not be there at all, before it has read it; what became of it, its exit says. */
export function tell({ stdio }: ChildProcess, descriptor: number, what: string | Buffer): void {
  (stdio[descriptor] as Writable).on("error", () => undefined).end(what);
}

/** When the process is gone and all that it said was read. A signal is told as the shell does. */
export function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, by) => resolve(code ?? 128 + (by === null ? 0 : os.constants.signals[by])));
  });
}

export function firstLineOf({ stderr }: ChildProcess): () => string {
  let text = "";
  stderr?.on("data", (chunk: Buffer) => {
    if (text.length < 1_000) text += chunk;
  });
  return () => text.split("\n", 1)[0] ?? "";
}

export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
