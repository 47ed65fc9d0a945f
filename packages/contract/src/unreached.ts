import { Fault } from "./values/fault.ts";

/** The request, or its answer, was lost on the way. */
export const unreached = (cause: unknown): Fault =>
  new Fault("daemon.refused", "The daemon cannot be reached. `mh up` starts it.", { cause });

/** Whether that is what happened; a daemon that refuses has answered. */
export const isUnreached = (error: unknown): boolean =>
  error instanceof Fault && error.code === "daemon.refused" && error.cause !== undefined;
