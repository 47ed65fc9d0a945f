import {
  type DisplayName,
  displayNames,
  type MessengerName,
  type RefusalReason,
  refusalReasons,
  type TypedKind,
  typedKinds,
} from "@mh/contract/values/messenger.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { type DeviceRole, deviceRoles } from "@mh/contract/values/role.ts";
import { z } from "zod";
import { jumpOf } from "../journal/clock-watch.ts";
import { moveBack } from "../kernel/clock-jumps.ts";
import { skillName } from "../kernel/registry.ts";
import type { TableSet } from "../kernel/tables.ts";
import type { Database } from "../ports/database.ts";

const schema = `
CREATE TABLE channel_codes (
  id TEXT PRIMARY KEY, channel TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, code_hash TEXT NOT NULL,
  expires_ms INTEGER NOT NULL, used_ms INTEGER
);
CREATE TABLE channel_tries (code TEXT NOT NULL, sender TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (code, sender));
CREATE TABLE channel_inbox (
  id TEXT PRIMARY KEY, channel TEXT NOT NULL, device TEXT NOT NULL, what TEXT NOT NULL, object TEXT NOT NULL,
  taken_ms INTEGER NOT NULL, answered_ms INTEGER
);
CREATE INDEX channel_inbox_open ON channel_inbox (taken_ms) WHERE answered_ms IS NULL;
CREATE TABLE channel_cards (approval TEXT NOT NULL, device TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (approval, device));
CREATE TABLE channel_refusals (
  channel TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, last_ms INTEGER NOT NULL, PRIMARY KEY (channel, reason)
);
`;

export interface CodeRow {
  id: string;
  channel: MessengerName;
  /** What the device is called that sends it. */
  name: string;
  role: DeviceRole;
  /** HMAC of the code with the home's key. */
  code_hash: string;
  expires_ms: number;
  used_ms: number | null;
}

export interface InboxRow {
  id: string;
  channel: MessengerName;
  device: string;
  what: TypedKind;
  /** The object that keeps the words. */
  object: string;
  taken_ms: number;
  answered_ms: number | null;
}

/** An approval request that is shown on a device, and the message that has its buttons. */
export interface CardRow {
  approval: string;
  device: string;
  message: string;
}

const channel = z.enum(displayNames);
const bodySchema = z.discriminatedUnion("what", [
  z.object({
    ...{ what: z.literal("code"), channel, name: z.string(), role: z.enum(deviceRoles) },
    ...{ codeHash: z.string(), expiresMs: z.number() },
  }),
  z.object({ what: z.literal("tried"), sender: z.string() }),
  z.object({ what: z.literal("used") }),
  z.object({
    ...{ what: z.literal("taken"), channel, device: z.string(), object: z.string() },
    does: z.enum(typedKinds),
  }),
  z.object({
    ...{ what: z.literal("refused"), channel, reason: z.enum(refusalReasons), count: z.number() },
    sender: z.string().optional(),
  }),
]);
export type ChannelBody = z.infer<typeof bodySchema>;

/** What the outcome of `channel.send` says of it. */
const sentSchema = z.object({
  device: z.string(),
  answers: z.string().optional(),
  card: z.object({ approval: z.string(), message: z.string() }).optional(),
  closed: z.string().optional(),
});
export type Sent = z.infer<typeof sentSchema>;

/** Codes that wait, what was typed and is not answered yet, requests shown, and what was refused: from the journal. */
export const channelTables: TableSet = {
  name: "channels",
  version: 2,
  schema,
  gives: {
    channel_codes: "rights",
    channel_inbox: "rights",
    channel_tries: "nothing",
    channel_cards: "nothing",
    channel_refusals: "nothing",
  },
  folds: { channel: foldChannel, outcome: foldSent, recovered: foldJump },
};

function foldChannel(db: Database, { ref, body }: Entry, now: number): void {
  const given = bodySchema.parse(body);
  switch (given.what) {
    case "code": {
      // The latest code is the one that counts.
      db.prepare("UPDATE channel_codes SET used_ms = ? WHERE channel = ? AND used_ms IS NULL").run(now, given.channel);
      const { channel, name, role, codeHash, expiresMs } = given;
      const sql = "INSERT OR REPLACE INTO channel_codes VALUES (?, ?, ?, ?, ?, ?, NULL)";
      return void db.prepare(sql).run(ref, channel, name, role, codeHash, expiresMs);
    }
    case "tried": {
      const sql = "INSERT INTO channel_tries VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1";
      return void db.prepare(sql).run(ref, given.sender);
    }
    case "used":
      return void db.prepare("UPDATE channel_codes SET used_ms = ? WHERE id = ?").run(now, ref);
    case "taken": {
      const sql = "INSERT OR REPLACE INTO channel_inbox VALUES (?, ?, ?, ?, ?, ?, NULL)";
      return void db.prepare(sql).run(ref, given.channel, given.device, given.does, given.object, now);
    }
    case "refused": {
      const sql = `INSERT INTO channel_refusals VALUES (:channel, :reason, :count, :now)
        ON CONFLICT DO UPDATE SET count = count + :count, last_ms = :now`;
      const { channel, reason, count } = given;
      return void db.prepare(sql).run({ channel, reason, count, now });
    }
  }
}

function foldJump(db: Database, entry: Entry): void {
  const jump = jumpOf(entry);
  if (!jump) return;
  moveBack(db, jump, "channel_codes", "expires_ms");
  moveBack(db, jump, "channel_inbox", "taken_ms");
}

function foldSent(db: Database, { skill = "", body }: Entry, now: number): void {
  if (skillName(skill) !== "channel.send") return;
  const given = sentSchema.safeParse(body?.channel);
  if (!given.success) return;
  const { device, answers, card, closed } = given.data;
  if (answers) db.prepare("UPDATE channel_inbox SET answered_ms = ? WHERE id = ?").run(now, answers);
  if (card) {
    const sql = "INSERT OR REPLACE INTO channel_cards VALUES (?, ?, ?)";
    db.prepare(sql).run(card.approval, device, card.message);
  }
  if (closed) db.prepare("DELETE FROM channel_cards WHERE approval = ? AND device = ?").run(closed, device);
}

/** The code of a channel that may still be sent. */
export function openCode(db: Database, channel: DisplayName, now: number): CodeRow | undefined {
  const sql = "SELECT * FROM channel_codes WHERE channel = ? AND used_ms IS NULL AND expires_ms > ?";
  return db.prepare(sql).get(channel, now) as CodeRow | undefined;
}

/** How often a code was tried in vain: by one, and by all. */
export function triesOf(db: Database, code: string, sender: string): { own: number; all: number } {
  const sql = `SELECT coalesce(sum(count), 0) AS "all", coalesce(sum(count) FILTER (WHERE sender = ?), 0) AS own
    FROM channel_tries WHERE code = ?`;
  return db.prepare(sql).get(sender, code) as { own: number; all: number };
}

const answerWithinMs = 24 * 3_600_000;

/** What the owner typed that has no answer yet, the earliest first. What is older than a day is let be. */
export const unanswered = (db: Database, now: number): InboxRow[] =>
  db
    .prepare("SELECT * FROM channel_inbox WHERE answered_ms IS NULL AND taken_ms > ? ORDER BY taken_ms, rowid")
    .all(now - answerWithinMs) as InboxRow[];

/** The last time that a device began a new chat. */
export function lastNew(db: Database, device: string, upTo: InboxRow): string | undefined {
  const sql = `SELECT id FROM channel_inbox WHERE device = ? AND what = 'new'
    AND rowid <= (SELECT rowid FROM channel_inbox WHERE id = ?) ORDER BY rowid DESC LIMIT 1`;
  return (db.prepare(sql).get(device, upTo.id) as { id: string } | undefined)?.id;
}

export const cardsShown = (db: Database): CardRow[] => db.prepare("SELECT * FROM channel_cards").all() as CardRow[];

export interface RefusalRow {
  channel: DisplayName;
  reason: RefusalReason;
  count: number;
  last_ms: number;
}

export const refusalRows = (db: Database): RefusalRow[] =>
  db.prepare("SELECT * FROM channel_refusals ORDER BY last_ms DESC").all() as RefusalRow[];
