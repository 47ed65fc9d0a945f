import { kindOf, type Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { type DeviceRole, deviceRoles } from "@mh/contract/values/role.ts";
import { z } from "zod";
import type { TableSet } from "../kernel/tables.ts";
import { canonical } from "../model/canonical.ts";
import { isSameSecret } from "../model/same-secret.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Passkey } from "../ports/passkeys.ts";
import { passkeySchema } from "./passkey-schema.ts";

const schema = `
CREATE TABLE devices (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, token_hash TEXT NOT NULL, added_ms INTEGER NOT NULL,
  revoked_ms INTEGER, push TEXT, role TEXT NOT NULL, may TEXT NOT NULL, channel TEXT, chat TEXT, push_words INTEGER,
  passkey TEXT
);
`;

export interface DeviceRow {
  id: string;
  /** A device of the owner's, or a program of somebody's. */
  kind: "device" | "client";
  name: string;
  /** SHA-256 of its token, hex. The token itself is kept nowhere. */
  token_hash: string;
  added_ms: number;
  revoked_ms: number | null;
  /** The object that keeps its Web Push subscription. */
  push: string | null;
  /** What a device may do. One that was added before there were roles may do what its owner may. */
  role: DeviceRole;
  /** Skills that a client may ask for, as a list in JSON. */
  may: string;
  /** The messenger that it was paired by, and the object that says in which chat; null where it has a token. */
  channel: string | null;
  chat: string | null;
  /** 1 where notifications of approval requests say what is asked. */
  push_words: number | null;
  /** What a passkey of its browser is checked with, in JSON (`passkeySchema`). */
  passkey: string | null;
}

/** What a `device` record says; its `ref` is the device's id. */
export const deviceBodySchema = z.discriminatedUnion("what", [
  z.object({
    ...{ what: z.literal("added"), name: z.string(), tokenHash: z.string() },
    kind: z.enum(["device", "client"]).default("device"),
    role: z.enum(deviceRoles).default("admin"),
    may: z.array(z.string()).default([]),
    ...{ channel: z.string().optional(), chat: z.string().optional() },
  }),
  z.object({ what: z.literal("revoked") }),
  z.object({ what: z.literal("subscribed"), object: z.string(), words: z.boolean().default(false) }),
  z.object({ what: z.literal("unsubscribed") }),
  z.object({ what: z.literal("passkey"), passkey: passkeySchema.nullable() }),
]);
export type DeviceBody = z.input<typeof deviceBodySchema>;

/** The owner's other devices, each with a token of its own: folded from the journal. */
export const deviceTables: TableSet = {
  name: "devices",
  version: 5,
  schema,
  gives: { devices: "rights" },
  folds: { device: foldDevice, outcome: foldGone },
  objects: ["SELECT push FROM devices WHERE push IS NOT NULL", "SELECT chat FROM devices WHERE chat IS NOT NULL"],
};

function foldDevice(db: Database, { ref, body }: Entry, now: number): void {
  const told = deviceBodySchema.parse(body);
  if (told.what === "added") {
    const sql = "INSERT OR REPLACE INTO devices VALUES (?, ?, ?, ?, ?, NULL, NULL, ?, ?, ?, ?, NULL, NULL)";
    const { kind, name, tokenHash, role, may, channel = null, chat = null } = told;
    db.prepare(sql).run(ref, kind, name, tokenHash, now, role, canonical(may), channel, chat);
  } else if (told.what === "revoked") {
    const sql = "UPDATE devices SET revoked_ms = ?, push = NULL, chat = NULL, passkey = NULL WHERE id = ?";
    db.prepare(sql).run(now, ref);
  } else if (told.what === "passkey") {
    const passkey = told.passkey && canonical(told.passkey);
    db.prepare("UPDATE devices SET passkey = ? WHERE id = ?").run(passkey, ref);
  } else {
    const { object, words } = told.what === "subscribed" ? told : { object: null, words: false };
    db.prepare("UPDATE devices SET push = ?, push_words = ? WHERE id = ?").run(object, Number(words), ref);
  }
}

/** Subscriptions that a push service does not know any more, as the outcome of a notification reports them. */
function foldGone(db: Database, { body }: Entry): void {
  const gone = goneSchema.safeParse(body?.notify);
  for (const object of gone.data?.gone ?? []) db.prepare("UPDATE devices SET push = NULL WHERE push = ?").run(object);
}

const goneSchema = z.object({ gone: z.array(z.string()).default([]) });

const rowsOf = (db: Database, kind: DeviceRow["kind"]): DeviceRow[] =>
  db.prepare("SELECT * FROM devices WHERE kind = ? ORDER BY added_ms, id").all(kind) as DeviceRow[];

export const deviceRows = (db: Database): DeviceRow[] => rowsOf(db, "device");

const isLive = ({ revoked_ms }: DeviceRow): boolean => revoked_ms === null;

export const liveDevices = (db: Database): DeviceRow[] => deviceRows(db).filter(isLive);

export const liveClients = (db: Database): DeviceRow[] => rowsOf(db, "client").filter(isLive);

/** As whom a device acts: the owner, by a channel that can be taken back. */
export const devicePrincipal = (name: string): Principal => `owner/${name}`;

/** Whether somebody acts as that device. One without a name that fits acts by its id. */
export const isDevice = ({ id, name }: Pick<DeviceRow, "id" | "name">, principal: Principal): boolean =>
  [id, name].map(devicePrincipal).includes(principal);

export const clientPrincipal = (name: string): Principal => `client:${name}`;

/** What the device may do that the owner acts by; undefined for the owner at this machine, and for anybody else. */
export function roleOf(db: Database, principal: Principal): DeviceRole | undefined {
  if (!principal.startsWith("owner/")) return undefined;
  // The daemon itself is no device.
  return deviceRows(db).findLast((row) => isDevice(row, principal))?.role;
}

/** What a program was added to ask for; undefined where that is nothing, and for everybody else. */
export function clientMay(db: Database, principal: Principal): readonly string[] | undefined {
  if (kindOf(principal) !== "client") return undefined;
  const row = liveClients(db).find(({ name }) => clientPrincipal(name) === principal);
  const asks = row ? (JSON.parse(row.may) as string[]) : [];
  return asks.length === 0 ? undefined : asks;
}

/** Whose token it is; undefined for a wrong one and for one that was revoked. */
export function callerByToken(
  db: Database,
  crypto: Crypto,
  token: string,
): { kind: DeviceRow["kind"]; id: string; name: string } | undefined {
  const hash = crypto.sha256Hex(token);
  // Each is looked at, and each wholly: how long it takes says nothing of how near a token came.
  const [found] = [...liveDevices(db), ...liveClients(db)].filter(({ token_hash }) => isSameSecret(token_hash, hash));
  return found && { kind: found.kind, id: found.id, name: found.name };
}

export interface KnownDevice {
  id: string;
  name: string;
  /** Id of its passkey. */
  passkey?: string;
}

/** The device that somebody acts as, if it may come in. */
export const deviceOf = (db: Database, principal: Principal): KnownDevice | undefined =>
  known(liveDevices(db).find((row) => isDevice(row, principal)));

/** A device by its whole id, if it may come in. */
export const deviceById = (db: Database, id: string): KnownDevice | undefined =>
  known(liveDevices(db).find((row) => row.id === id));

function known(row: DeviceRow | undefined): KnownDevice | undefined {
  const passkey = row && passkeyOf(row);
  return row && { id: row.id, name: row.name, ...(passkey && { passkey: passkey.id }) };
}

/** What the passkey of a device is checked with; undefined where it has none. */
export const passkeyOf = ({ passkey }: DeviceRow): Passkey | undefined =>
  passkey === null ? undefined : passkeySchema.parse(JSON.parse(passkey));
