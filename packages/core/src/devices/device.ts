import { Fault } from "@mh/contract/values/fault.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { type PushSubscription, subscriptionSchema } from "@mh/contract/values/push.ts";
import { z } from "zod";
import { defineAdmin } from "../kernel/define-admin.ts";
import { defineOutside, defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import { always, type OwnContext } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { toBase64Url, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type DeviceBody, type DeviceRow, devicePrincipal, deviceRows, liveDevices } from "./devices-table.ts";

const nameSchema = z.string().regex(/^[a-z0-9][\w.-]{0,63}$/i, "a device's name is letters, digits, dots and dashes");
const addInput = z.strictObject({ name: nameSchema });
const added = z.strictObject({ id: z.string(), name: z.string(), token: z.string(), address: z.string() });
export type DeviceAdded = z.infer<typeof added>;

/**
 * Lets a device in, as the owner by a channel of its own. The token is told this once: the log has its hash, and nothing
 * has the token. Asked again under the same id, it is not told.
 */
export function addDeviceSkill({ crypto }: { crypto: Crypto }) {
  return defineAdmin<z.infer<typeof addInput>, DeviceAdded>({
    name: "device.add",
    title: "Let one of your devices in",
    input: addInput,
    output: added,
    event: "device.added",
    undo: "mh device revoke",
    control: ["name"],
    apply({ name }, context) {
      const same = liveDevices(context.tx.db).find((row) => row.name.toLowerCase() === name.toLowerCase());
      if (same) {
        const next = `Take another name, or \`mh device revoke ${same.name}\``;
        throw new Fault("args.invalid", `There is a device ${same.name} already. ${next}.`);
      }
      const id = crypto.id();
      const token = `mhd_${toBase64Url(crypto.random(32))}`;
      append(context, id, { what: "added", name, tokenHash: crypto.sha256Hex(token) });
      return { id, name, token, address: addressOf(context.config) };
    },
  });
}

const which = z.strictObject({ device: z.string().min(1).max(64) });
const done = z.strictObject({ id: z.string(), name: z.string() });

/** Its token is worth nothing from here on, and nothing is sent to it any more. */
export function revokeDeviceSkill() {
  return defineAdmin<z.infer<typeof which>, z.infer<typeof done>>({
    name: "device.revoke",
    title: "Shut one of your devices out",
    input: which,
    output: done,
    event: "device.revoked",
    undo: "mh device add",
    control: ["device"],
    apply({ device }, context) {
      const row = deviceNamed(context.tx.db, device);
      append(context, row.id, { what: "revoked" });
      if (row.push) context.tx.dropObject(row.push);
      return { id: row.id, name: row.name };
    },
  });
}

const listInput = z.strictObject({ all: z.boolean().optional() });
const deviceView = z.strictObject({
  id: z.string(),
  name: z.string(),
  addedAt: z.string(),
  revokedAt: z.string().nullable(),
  /** Whether it gets notifications. */
  isSubscribed: z.boolean(),
});
export type DeviceView = z.infer<typeof deviceView>;

export function listDevicesSkill() {
  const output = z.strictObject({ devices: z.array(deviceView) });
  return defineQuery<z.infer<typeof listInput>, { devices: DeviceView[] }>({
    manifest: readManifest("device.list", "List your devices", listInput, output),
    classify: always("read"),
    run: ({ all }, { db }) => ({ devices: (all ? deviceRows(db) : liveDevices(db)).map(viewOf) }),
  });
}

const subscribeInput = z.strictObject({ device: z.string().min(1).max(64), subscription: subscriptionSchema });

/** From here on, notifications reach a device's browser. A device speaks for itself alone. */
export function subscribeDeviceSkill() {
  return defineAdmin<{ device: string; subscription: PushSubscription }, z.infer<typeof done>>({
    name: "device.subscribe",
    title: "Send notifications to one of your devices",
    input: subscribeInput,
    output: done,
    event: "device.subscribed",
    undo: "mh device revoke",
    control: ["device"],
    apply({ device, subscription }, context) {
      const row = ownDevice(context, device);
      const object = context.tx.object(utf8.encode(JSON.stringify(subscription)));
      if (row.push && row.push !== object) context.tx.dropObject(row.push);
      append(context, row.id, { what: "subscribed", object });
      return { id: row.id, name: row.name };
    },
  });
}

export function unsubscribeDeviceSkill() {
  return defineAdmin<z.infer<typeof which>, z.infer<typeof done>>({
    name: "device.unsubscribe",
    title: "Send no more notifications to one of your devices",
    input: which,
    output: done,
    event: "device.unsubscribed",
    undo: null,
    control: ["device"],
    apply({ device }, context) {
      const row = ownDevice(context, device);
      if (row.push) {
        context.tx.dropObject(row.push);
        append(context, row.id, { what: "unsubscribed" });
      }
      return { id: row.id, name: row.name };
    },
  });
}

const keyOutput = z.strictObject({ publicKey: z.string() });

/** Gives the public key that a browser subscribes with (`applicationServerKey`); the pair is made at first use. */
export function pushKeySkill({ publicKey }: { publicKey: () => Promise<string> }) {
  const input = z.strictObject({});
  return defineOutside<Record<string, never>, z.infer<typeof keyOutput>>({
    manifest: {
      name: "device.key",
      version: "1.0.0",
      title: "Give the key that a browser subscribes with",
      input,
      output: keyOutput,
      effects: ["admin"],
      permissions: { secrets: ["mh.vapid"] },
      control: [],
      undo: null,
      retry: "safe",
      event: "device.key-given",
    },
    classify: always("admin"),
    run: async () => ({ publicKey: await publicKey() }),
  });
}

function append({ tx, commandId, principal }: OwnContext, ref: string, body: DeviceBody): void {
  tx.append({ phase: "device", id: commandId, ref, principal, body });
}

/** By its name, its id, or the beginning or end of that. */
function deviceNamed(db: Database, device: string): DeviceRow {
  const live = liveDevices(db);
  const named = live.filter(({ name }) => name.toLowerCase() === device.toLowerCase());
  const [row, another] =
    named.length > 0 ? named : live.filter(({ id }) => id.startsWith(device) || id.endsWith(device));
  if (row && !another) return row;
  throw new Fault("device.not-found", `${device} names no single device. \`mh device list\` shows them.`);
}

function ownDevice({ tx, principal }: OwnContext, device: string): DeviceRow {
  const row = deviceNamed(tx.db, device);
  if (principal === owner || principal === devicePrincipal(row.name)) return row;
  throw new Fault("args.invalid", `A device speaks for itself only: ${principal} is not ${row.name}.`);
}

const viewOf = ({ id, name, added_ms, revoked_ms, push }: DeviceRow): DeviceView => ({
  id,
  name,
  addedAt: new Date(added_ms).toISOString(),
  revokedAt: revoked_ms === null ? null : new Date(revoked_ms).toISOString(),
  isSubscribed: push !== null,
});

/**
 * Where a device reaches the daemon: by the first name that the settings give it, else where it listens. A name without a
 * certificate is that of a proxy with TLS, which listens where https does.
 */
function addressOf({ daemon: { bind, port, hosts, tls } }: Config): string {
  const [named] = hosts;
  if (named !== undefined) {
    const isWhole = !tls || /[^:]:\d+$|\]:\d+$/.test(named);
    return `https://${isWhole ? named : `${named}:${port}`}/`;
  }
  const host = ["0.0.0.0", "::"].includes(bind) ? "localhost" : bind;
  return `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}
