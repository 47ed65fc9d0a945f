import { isDamage } from "@mh/core/ports/database.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";

/** What the next one may know, and need not: what was done is done whether it can be written down or not. */
export function noteAtClosing(what: string, note: () => void): void {
  try {
    note();
  } catch (error) {
    if (isDamage(error)) throw error;
    process.emitWarning(`The ${what} of the home could not be noted: ${diskFault(error).message}`);
  }
}
