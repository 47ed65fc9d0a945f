import { isReading } from "@mh/contract/values/effect.ts";
import type { Database } from "../ports/database.ts";
import { changesHomeOnly } from "./home-only.ts";
import type { Skill } from "./skill.ts";
import { type CommandRow, commandRow } from "./state.ts";

/** What may be left of a command that was cut off: nothing of a read, nothing of what changes the home alone, for it was taken back. */
export type Reach = "read" | "home" | "outside";

/** A decision is no read: it stands in the log, and a second attempt goes by it. */
export function reachOf(skill: Skill | undefined): Reach {
  if (changesHomeOnly(skill)) return "home";
  return (skill?.contract.effects.every(isReading) ?? true) ? "read" : "outside";
}

/**
 * The id under which something is done that may have been tried before: what an earlier attempt did answers from the log and is
 * not done again; where it came to nothing, or only read, the next `round` has another id.
 */
export function attemptId(
  reader: Database,
  reach: Reach,
  idOf: (round: number) => string,
): { id: string; isKnown: boolean } {
  for (let round = 0; ; round += 1) {
    const id = idOf(round);
    const row = commandRow(reader, id);
    if (!row || !isSpent(row, reach)) return { id, isKnown: row !== undefined };
  }
}

/** Whether an id is used up by an outcome that says nothing for another attempt. */
function isSpent({ status }: CommandRow, reach: Reach): boolean {
  if (status === "interrupted") return reach !== "outside";
  return status === "failed" || status === "denied" || (status === "done" && reach === "read");
}
