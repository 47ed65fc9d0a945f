import { Fault } from "@mh/contract/values/fault.ts";
import { oneLine } from "../memory/import/bounded.ts";

/** What went wrong with a model's server, as `model.failed`. What the port for HTTP throws stays as it is. */
export function modelFault(error: unknown, what = "failed"): Fault {
  if (error instanceof Fault) return error;
  // Libraries wrap what the port threw.
  if (error instanceof Error && error.cause instanceof Fault) return error.cause;
  const message = `The model's server ${what}: ${whyOf(error).replace(/(?<!\.)\.+$/, "")}.`;
  return new Fault("model.failed", message, { cause: error });
}

const lettersMax = 300;

/** On one line: servers send objects for errors, and libraries lists of all that is amiss. */
function whyOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return oneLine(String(error), lettersMax);
  const { issues, error: inner, message } = error as { issues?: unknown; error?: unknown; message?: unknown };
  const [issue] = Array.isArray(issues) ? (issues as { path: PropertyKey[]; message: string }[]) : [];
  if (issue) return oneLine([issue.path.join("."), issue.message].filter(Boolean).join(": "), lettersMax);
  if (typeof message === "string") return oneLine(message.split("\n", 1)[0] ?? "", lettersMax);
  return inner === undefined ? oneLine(JSON.stringify(error), lettersMax) : whyOf(inner);
}
