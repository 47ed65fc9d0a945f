import { reasonOf } from "@mh/core/kernel/fault-of.ts";
import { isDamage } from "@mh/core/ports/database.ts";

/** What the next one may know, and need not: what was done is done whether it can be written down or not. */
export function noteAtClosing(what: string, note: () => void): void {
  try {
    note();
  } catch (error) {
    if (isDamage(error)) throw error;
    process.emitWarning(`The ${what} of the home could not be noted: ${reasonOf(error)}`);
  }
}
