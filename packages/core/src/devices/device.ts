import {
  type DeviceView,
  deviceAdd,
  deviceKey,
  deviceList,
  deviceRevoke,
  deviceSubscribe,
  deviceUnsubscribe,
} from "@mh/contract/devices.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { defineAdmin, defineOutside, defineQuery, type OwnContext } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { toBase64Url, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type DeviceBody, type DeviceRow, devicePrincipal, deviceRows, liveDevices } from "./devices-table.ts";
import { endRunsOf, leftBehind, type RevokeDeps } from "./left-behind.ts";

export function addDeviceSkill({ crypto }: { crypto: Crypto }) {
  return defineAdmin(deviceAdd, {
    stored: "once",
    apply({ name, role }, context) {
      freeDeviceName(context.tx.db, name);
      const id = crypto.id();
      const token = `mhd_${toBase64Url(crypto.random(32))}`;
      append(context, id, { what: "added", name, tokenHash: crypto.sha256Hex(token), role });
      return { id, name, token, address: daemonAddress(context.config.daemon) };
    },
  });
}

/** Throws where a device that may come in, or the daemon, has the name. */
export function freeDeviceName(db: Database, name: string): void {
  if (name.toLowerCase() === "daemon") throw new Fault("args.invalid", "The daemon is called so. Take another name.");
  const same = liveDevices(db).find((row) => row.name.toLowerCase() === name.toLowerCase());
  if (!same) return;
  const next = `Take another name, or \`mh device revoke ${same.name}\``;
  throw new Fault("args.invalid", `There is a device ${same.name} already. ${next}.`);
}

export function revokeDeviceSkill({ registry, runs }: RevokeDeps) {
  return defineAdmin(deviceRevoke, {
    stored: "kept",
    apply({ device }, context) {
      const row = deviceNamed(context.tx.db, device);
      append(context, row.id, { what: "revoked" });
      if (row.push) context.tx.dropObject(row.push);
      if (row.chat) context.tx.dropObject(row.chat);
      const principal = devicePrincipal(row.name);
      endRunsOf(runs, principal, context.commandId);
      const left = leftBehind({ db: context.tx.db, registry }, principal, row.added_ms);
      return { id: row.id, name: row.name, left };
    },
  });
}

export function listDevicesSkill() {
  return defineQuery(deviceList, {
    run: ({ all }, { db }) => ({ devices: (all ? deviceRows(db) : liveDevices(db)).map(viewOf) }),
  });
}

export function subscribeDeviceSkill() {
  return defineAdmin(deviceSubscribe, {
    stored: "kept",
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
  return defineAdmin(deviceUnsubscribe, {
    stored: "kept",
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

export function pushKeySkill({ publicKey }: { publicKey: () => Promise<string> }) {
  return defineOutside(deviceKey, {
    stored: "kept",
    run: async () => ({ publicKey: await publicKey() }),
  });
}

export function append({ tx, commandId, principal }: OwnContext, ref: string, body: DeviceBody): void {
  tx.append({ phase: "device", id: commandId, ref, principal, body });
}

const devices: Named = {
  from: "(SELECT id FROM devices WHERE kind = 'device' AND revoked_ms IS NULL)",
  column: "id",
  code: "device.not-found",
  one: "device",
  many: "devices",
  list: "mh device list",
};

/** By its name, its id, or the beginning or end of that. */
function deviceNamed(db: Database, device: string): DeviceRow {
  const live = liveDevices(db);
  const named = live.find(({ name }) => name.toLowerCase() === device.toLowerCase());
  if (named) return named;
  const id = idNamed(db, devices, device);
  return live.find((each) => each.id === id) as DeviceRow;
}

function ownDevice({ tx, principal }: OwnContext, device: string): DeviceRow {
  const row = deviceNamed(tx.db, device);
  if (principal === owner || principal === devicePrincipal(row.name)) return row;
  throw new Fault("args.invalid", `A device speaks for itself only: ${principal} is not ${row.name}.`);
}

const viewOf = ({ id, name, added_ms, revoked_ms, push, role }: DeviceRow): DeviceView => ({
  id,
  name,
  addedAt: new Date(added_ms).toISOString(),
  revokedAt: revoked_ms === null ? null : new Date(revoked_ms).toISOString(),
  role,
  isSubscribed: push !== null,
});

/**
 * Where a device reaches the daemon: by the first name that the settings give it, else where it listens. A name without a
 * certificate is that of a proxy with TLS, which listens where https does.
 */
export function daemonAddress({ bind, port, hosts, tls }: Config["daemon"]): string {
  const [named] = hosts;
  if (named !== undefined) {
    const isWhole = !tls || /[^:]:\d+$|\]:\d+$/.test(named);
    return `https://${isWhole ? named : `${named}:${port}`}/`;
  }
  const host = ["0.0.0.0", "::"].includes(bind) ? "localhost" : bind;
  return `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}
