import * as os from "node:os";
import type { RunEnd } from "@mh/core/ports/executor.ts";

/** Whether Node ended itself for want of memory, before its limit was reached. */
export function isOutOfMemory({ exitCode, usage }: RunEnd, memoryBytes: number): boolean {
  const { SIGABRT, SIGTRAP } = os.constants.signals;
  const isAborted = [SIGABRT, SIGTRAP].some((by) => exitCode === 128 + by);
  return isAborted && usage.rssBytesMax > memoryBytes / 2;
}
