import type { Condition, Match, Standing } from "@mh/contract/standing.ts";
import { commandRow } from "../kernel/state.ts";
import type { LineMarks } from "../memory/hand-written.ts";
import { idOfHash } from "../model/hashed-id.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type Kept, onlyTime } from "./notes.ts";
import { peopleCalled } from "./people.ts";
import { hasMatched, type MatchRow, matchCount, matchesOf, onlyKey } from "./standing-table.ts";

export interface ViewDeps extends LineMarks {
  config: () => { owner: string };
  timeZone: () => string;
}

export function viewOf(db: Database, deps: ViewDeps, kept: Kept): Standing {
  const { createdMs, sinceMs, status, ...rest } = kept;
  const [last] = matchesOf(db, kept.id, 1);
  const people = peopleOf(db, deps, kept.condition);
  const { condition } = kept;
  const isOver =
    status === "on" &&
    condition?.type === "time" &&
    (hasMatched(db, kept.id, onlyKey(condition)) || (onlyTime(condition, deps.timeZone()) ?? 0) <= sinceMs);
  return {
    ...rest,
    status: isOver ? "over" : status,
    created: new Date(createdMs).toISOString(),
    people,
    matches: matchCount(db, kept.id),
    last: last ? matchView(db, deps, kept, last) : null,
    note: noteOf(kept, people),
  };
}

export const peopleOf = (db: Database, deps: ViewDeps, condition: Condition | null) =>
  condition?.type === "mail" ? peopleCalled(db, deps, deps.config().owner, condition.who) : [];

function noteOf({ status, condition, id }: Kept, people: readonly unknown[]): string | null {
  if (status === "waits")
    return `Not only commands of yours wrote it. \`mh when resume ${id.slice(-8)}\` takes it as it stands.`;
  if (status === "unclear") return "It says nothing that can be read. `mh help reminders` shows what can.";
  if (condition?.type === "mail" && people.length === 0 && !condition.who.startsWith("@"))
    return `No address of ${condition.who} is on record, so no mail counts. \`mh memory fact "${condition.who}" email ADDRESS\` says whose mail it is; a name in a mail proves nothing.`;
  return null;
}

export const matchView = (db: Database, deps: { crypto: Crypto }, kept: Kept, row: MatchRow): Match => ({
  at: new Date(row.ms).toISOString(),
  why: whyOf(kept.condition, row.type),
  subject: row.subject,
  told: kept.action?.type === "task" ? "task" : toldOf(db, deps, row),
});

/** In the owner's words alone: what came may be anybody's. */
export function whyOf(condition: Condition | null, type: MatchRow["type"]): string {
  switch (condition?.type === type ? condition.type : undefined) {
    case "mail":
      return `A mail from ${(condition as { who: string }).who} came`;
    case "memory":
      return `You noted something about ${(condition as { about: string }).about}`;
    case "event":
      return `An event with ${(condition as { who: string }).who} begins soon`;
    case "task":
      return `${(condition as { title: string }).title} is done`;
    default:
      return type === "time" || type === "times"
        ? "Its time came"
        : "Something came that it waited for, before it was changed";
  }
}

/** How often it is tried to tell the owner: at once, then 5, 10, 20 … minutes after it matched, for a day. */
export const triesMax = 10;
export const tryAfterMs = (nth: number): number => (nth === 0 ? 0 : 5 * 60_000 * 2 ** (nth - 1));

/** The command that tells the owner what one look matched: always the same, so that nothing is told twice. */
export const toldId = (crypto: Crypto, { standing, look }: Pick<MatchRow, "standing" | "look">, nth: number): string =>
  idOfHash(crypto, ["standing tells", standing, look, nth]);

function toldOf(db: Database, { crypto }: { crypto: Crypto }, row: MatchRow): Match["told"] {
  for (let nth = triesMax - 1; nth >= 0; nth -= 1) {
    const status = commandRow(db, toldId(crypto, row, nth))?.status;
    if (status === "done") return isHeld(db, toldId(crypto, row, nth)) ? "held" : "sent";
    if (status !== undefined) return ends[status] ?? "failed";
  }
  return "not yet";
}

const isHeld = (db: Database, id: string): boolean =>
  db.prepare("SELECT 1 FROM held_notifications WHERE id = ?").get(id) !== undefined;

const ends: Readonly<Record<string, Match["told"]>> = { interrupted: "cut off", begun: "not yet" };
