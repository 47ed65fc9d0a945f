import { once } from "@mh/contract/once.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { z } from "zod";
import { jumpOf } from "../journal/clock-watch.ts";
import { moveBack } from "../kernel/clock-jumps.ts";
import { skillName } from "../kernel/registry.ts";
import type { TableSet } from "../kernel/tables.ts";
import type { Database } from "../ports/database.ts";

const schema = `
CREATE TABLE held_notifications (id TEXT PRIMARY KEY, object TEXT NOT NULL, held_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL);
`;

export interface HeldNotificationRow {
  /** The command that gave it. */
  id: string;
  /** The object that keeps what it says. */
  object: string;
  held_ms: number;
  until_ms: number;
}

/** What the outcome of a command that notifies says of it; never what the notification said. */
export const notifiedSchema = once(() =>
  z.object({
    held: z.object({ object: z.string(), until: z.string() }).optional(),
    /** Commands whose held notifications wait no longer. */
    released: z.array(z.string()).optional(),
    /** Objects of subscriptions that their push service does not know any more. */
    gone: z.array(z.string()).optional(),
    channels: z.array(z.object({ channel: z.string(), how: z.string() })).optional(),
  }),
);
export type Notified = z.infer<ReturnType<typeof notifiedSchema>>;

/** Notifications that wait for the end of quiet hours: folded from the journal. */
export const notificationTables: TableSet = {
  name: "notifications",
  version: 3,
  schema,
  gives: { held_notifications: "nothing" },
  folds: { outcome: foldNotified, recovered: foldJump },
  objects: ["SELECT object FROM held_notifications"],
};

function foldNotified(db: Database, entry: Entry, now: number): void {
  if (!/^notify\./.test(skillName(entry.skill ?? ""))) return;
  const told = notifiedSchema().safeParse(entry.body?.notify);
  if (!told.success) return;
  const { held, released = [] } = told.data;
  if (held) {
    const sql = "INSERT OR REPLACE INTO held_notifications VALUES (?, ?, ?, ?)";
    db.prepare(sql).run(entry.id, held.object, now, Date.parse(held.until));
  }
  for (const id of released) db.prepare("DELETE FROM held_notifications WHERE id = ?").run(id);
}

function foldJump(db: Database, entry: Entry): void {
  const jump = jumpOf(entry);
  for (const column of ["held_ms", "until_ms"]) if (jump) moveBack(db, jump, "held_notifications", column);
}

/** The longest waiting first. */
export const heldNotifications = (db: Database): HeldNotificationRow[] =>
  db.prepare("SELECT * FROM held_notifications ORDER BY held_ms, id").all() as HeldNotificationRow[];
