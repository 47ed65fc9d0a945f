import type { DisplayName } from "@mh/contract/values/messenger.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import { subscriptionSchema } from "@mh/contract/values/push.ts";
import { z } from "zod";
import { type DeviceRow, devicePrincipal, liveDevices } from "../devices/devices-table.ts";
import type { Database } from "../ports/database.ts";

/** Where a paired device is: the private chat of one person with one bot; of a browser, its subscription. */
export const placeSchema = z.strictObject({ bot: z.string(), chat: z.string(), sender: z.string() });
export type Place = z.infer<typeof placeSchema>;

export interface Paired {
  channel: DisplayName;
  device: DeviceRow;
  place: Place;
  /** As whom it acts. */
  principal: Principal;
  /** Of a browser: its push service. */
  host?: string;
}

/** As whom a messenger's texts are sent: its rights are grants that pairing gives. */
export const channelPrincipal = (channel: DisplayName): Principal => `module:${channel}`;

/** What the daemon takes in by a messenger, it takes in as the owner's. */
export const daemonPrincipal: Principal = "owner/daemon";

/** Devices that were paired by a messenger, or whose browsers subscribed, and that may come in. */
export function pairedWith(
  { db, readObject }: { db: Database; readObject: (name: string) => string | undefined },
  channel: DisplayName,
): Paired[] {
  return liveDevices(db).flatMap((device): Paired[] => {
    const at = channel === "webPush" ? device.push : device.channel === channel ? device.chat : null;
    const text = at === null ? undefined : readObject(at);
    if (at === null || text === undefined) return [];
    const paired = { channel, device, principal: devicePrincipal(device.name) };
    if (channel !== "webPush") return [{ ...paired, place: placeSchema.parse(JSON.parse(text)) }];
    // What a button answers is bound to the very subscription that showed it.
    return [{ ...paired, place: { bot: channel, chat: device.id, sender: at }, host: pushHost(text) }];
  });
}

/** The browser of a device that subscribed, and that may come in. */
export const browserOf = (deps: Parameters<typeof pairedWith>[0], device: string): Paired | undefined =>
  pairedWith(deps, "webPush").find(({ device: { id } }) => id === device);

/** The push service of a subscription, as it is kept. */
export const pushHost = (subscription: string): string =>
  new URL(subscriptionSchema().parse(JSON.parse(subscription)).endpoint).hostname.toLowerCase();
