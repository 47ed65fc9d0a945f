import { Fault } from "@mh/contract/values/fault.ts";

/** What it gives, or why it cannot. */
export function tried<T>(get: () => T): T | Fault {
  try {
    return get();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}
