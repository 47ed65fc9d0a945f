import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import { isDamage } from "../ports/database.ts";

/** What a caller is told of whatever was thrown. */
export function faultOf(error: unknown): { code: FaultCode; message: string } {
  const code = sqliteCode(error);
  if (code === "SQLITE_FULL")
    return { code: "disk.full", message: "The disk is full. Nothing was written; make room and try again." };
  if (isDamage(error)) {
    const reason = error instanceof Error ? error.message : error;
    return { code: "index.damaged", message: `The index is damaged (${reason}); it is being made anew.` };
  }
  if (error instanceof Fault) return { code: error.code, message: error.message };
  const message = `Something went wrong inside: ${error instanceof Error ? error.message : error}`;
  return { code: "skill.failed", message };
}

function sqliteCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}
