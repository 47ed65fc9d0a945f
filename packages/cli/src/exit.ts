import type { Fault } from "@mh/contract/values/fault.ts";
import { LastingNotKnown } from "@mh/core/ports/disk-fault.ts";

/** Exit codes of DESIGN §11. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  denied: 3,
  waiting: 4,
  stopped: 5,
  locked: 6,
  busy: 7,
  interrupted: 130,
} as const;

/** A command that ends with a code of its own, having said why. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super();
    this.code = code;
  }
}

/** The code that a fault ends the program with. */
export function faultExitCode(fault: Fault): number {
  if (fault.code === "usage" || fault.code === "args.invalid") return exitCodes.usage;
  if (fault.code === "home.busy") return exitCodes.busy;
  if (fault.code === "secret.locked" || fault.code === "home.locked") return exitCodes.locked;
  if (fault.code === "socket.refused") return exitCodes.denied;
  if (fault instanceof LastingNotKnown) return exitCodes.interrupted;
  if (fault.code === "stopped") return exitCodes.stopped;
  return exitCodes.failed;
}
