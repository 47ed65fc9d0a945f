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
import { owner, type Principal } from "@mh/contract/values/principal.ts";
import { grantDisplay } from "../channels/grant-display.ts";
import { channelPrincipal, pairedWith, pushHost } from "../channels/paired.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { defineAdmin, defineOutside, defineQuery, type OwnContext } from "../kernel/skill.ts";
import { liveGrants } from "../kernel/state.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { toBase64Url, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import {
  type DeviceBody,
  type DeviceRow,
  devicePrincipal,
  deviceRows,
  isDevice,
  liveDevices,
} from "./devices-table.ts";
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

export function revokeDeviceSkill({ registry, runs, readObject }: RevokeDeps) {
  return defineAdmin(deviceRevoke, {
    stored: "kept",
    apply({ device }, context) {
      const row = deviceNamed(context.tx.db, device);
      append(context, row.id, { what: "revoked" });
      if (row.push) {
        context.tx.dropObject(row.push);
        revokeUnused(context, readObject, row);
      }
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
    run: ({ all }, { db, principal }) => ({
      devices: (all ? deviceRows(db) : liveDevices(db)).map((row) => viewOf(row, principal)),
    }),
  });
}

export function subscribeDeviceSkill({ crypto }: { crypto: Crypto }) {
  return defineAdmin(deviceSubscribe, {
    stored: "kept",
    apply({ device, subscription, words }, context) {
      const row = ownDevice({ db: context.tx.db, principal: context.principal }, device);
      const text = JSON.stringify(subscription);
      const object = context.tx.object(utf8.encode(text));
      if (row.push && row.push !== object) context.tx.dropObject(row.push);
      append(context, row.id, { what: "subscribed", object, words });
      // What subscribing means: approval requests are shown there, by this push service and no other.
      grantDisplay(context, crypto, "webPush", { hosts: [pushHost(text)] });
      return { id: row.id, name: row.name };
    },
  });
}

export function unsubscribeDeviceSkill({ readObject }: { readObject: (name: string) => string | undefined }) {
  return defineAdmin(deviceUnsubscribe, {
    stored: "kept",
    apply({ device }, context) {
      const row = ownDevice({ db: context.tx.db, principal: context.principal }, device);
      if (row.push) {
        context.tx.dropObject(row.push);
        append(context, row.id, { what: "unsubscribed" });
        revokeUnused(context, readObject, row);
      }
      return { id: row.id, name: row.name };
    },
  });
}

/** The grant for a push service goes with the last browser that it reaches. */
function revokeUnused(
  context: OwnContext,
  readObject: (name: string) => string | undefined,
  { push }: Pick<DeviceRow, "push">,
): void {
  const { tx, now } = context;
  const text = push === null ? undefined : readObject(push);
  const host = text && pushHost(text);
  if (!host || pairedWith({ db: tx.db, readObject }, "webPush").some((paired) => paired.host === host)) return;
  const grants = liveGrants(tx.db, channelPrincipal("webPush"), "channel.send", undefined, now);
  for (const { id, scope } of grants)
    if (canonical(JSON.parse(scope)) === canonical({ hosts: [host] }))
      tx.append({ phase: "revoke", id: context.commandId, ref: id, principal: context.principal });
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
export function deviceNamed(db: Database, device: string): DeviceRow {
  const live = liveDevices(db);
  const named = live.find(({ name }) => name.toLowerCase() === device.toLowerCase());
  if (named) return named;
  const id = idNamed(db, devices, device);
  return live.find((each) => each.id === id) as DeviceRow;
}

/** A device speaks for itself alone; the owner at this machine for each. */
export function ownDevice({ db, principal }: { db: Database; principal: Principal }, device: string): DeviceRow {
  const row = deviceNamed(db, device);
  if (principal === owner || isDevice(row, principal)) return row;
  throw new Fault("args.invalid", `A device speaks for itself only: ${principal} is not ${row.name}.`);
}

const viewOf = (
  { id, name, added_ms, revoked_ms, push, role, push_words, passkey }: DeviceRow,
  asker: Principal,
): DeviceView => ({
  id,
  name,
  addedAt: new Date(added_ms).toISOString(),
  revokedAt: revoked_ms === null ? null : new Date(revoked_ms).toISOString(),
  role,
  isSubscribed: push !== null,
  saysWhat: push !== null && push_words === 1,
  hasPasskey: passkey !== null,
  isThis: revoked_ms === null && isDevice({ id, name }, asker),
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
