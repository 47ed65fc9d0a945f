import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import { isDamage } from "../ports/database.ts";
import { diskFault, isDiskError } from "../ports/disk-fault.ts";

/**
 * Why, in one sentence: for a warning about what is noted beside a command. That a command was refused, and what to do then,
 * would be no word of it.
 */
export function reasonOf(error: unknown): string {
  const [what = ""] = faultOf(error).message.split(/(?<=\.) /);
  return what;
}

/** What a caller is told of whatever was thrown. */
export function faultOf(error: unknown): { code: FaultCode; message: string } {
  if (isDamage(error)) {
    const reason = error instanceof Error ? error.message : error;
    return { code: "index.damaged", message: `The index is damaged (${reason}); it is being made anew.` };
  }
  const fault = isDiskError(error) ? diskFault(error) : error;
  if (fault instanceof Fault) return { code: fault.code, message: fault.message };
  const message = `Something went wrong inside: ${error instanceof Error ? error.message : error}`;
  return { code: "skill.failed", message };
}

const passing: ReadonlySet<FaultCode> = new Set(["index.damaged", "home.lost", "home.read-only"]);
const isOfSqlite = (error: unknown): boolean =>
  error instanceof Error && String((error as { code?: unknown }).code).startsWith("SQLITE_");

/** Whether something failed for the disk or the index as they are now, and says nothing of the command. */
export function isOfMachine(error: unknown): boolean {
  const { code } = faultOf(error);
  return code.startsWith("disk.") || passing.has(code) || isOfSqlite(error);
}
