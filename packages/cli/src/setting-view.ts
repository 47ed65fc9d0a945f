import type { PendingSetting } from "@mh/contract/settings.ts";
import { visible } from "@mh/contract/visible/visible.ts";

/** A setting's value on one line; what has parts, as JSON. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "(not set)";
  return visible(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** What waits for `mh review`: the value in force, and the one that the file has. */
export const pendingLine = ({ name, inForce, wanted }: PendingSetting): string =>
  `${visible(name)} is ${valueText(inForce)}, the file says ${valueText(wanted)}`;
