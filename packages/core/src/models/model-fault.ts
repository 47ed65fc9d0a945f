import { Fault } from "@mh/contract/values/fault.ts";

/** What went wrong with a model's server, as `model.failed`. What the port for HTTP throws stays as it is. */
export function modelFault(error: unknown, what = "failed"): Fault {
  if (error instanceof Fault) return error;
  // Libraries wrap what the port threw.
  if (error instanceof Error && error.cause instanceof Fault) return error.cause;
  const why = error instanceof Error ? error.message : String(error);
  const message = `The model's server ${what}: ${why.slice(0, 300).replace(/(?<!\.)\.+$/, "")}.`;
  return new Fault("model.failed", message, { cause: error });
}
