import type { MessengerName } from "@mh/contract/values/messenger.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import { z } from "zod";
import { type DeviceRow, devicePrincipal, liveDevices } from "../devices/devices-table.ts";
import type { Database } from "../ports/database.ts";

/** Where a paired device is: the private chat of one person with one bot. */
export const placeSchema = z.strictObject({ bot: z.string(), chat: z.string(), sender: z.string() });
export type Place = z.infer<typeof placeSchema>;

export interface Paired {
  device: DeviceRow;
  place: Place;
  /** As whom it acts. */
  principal: Principal;
}

/** As whom a messenger's texts are sent: its rights are grants that pairing gives. */
export const channelPrincipal = (channel: MessengerName): Principal => `module:${channel}`;

/** What the daemon takes in by a messenger, it takes in as the owner's. */
export const daemonPrincipal: Principal = "owner/daemon";

/** Devices that were paired by a messenger and may come in. */
export function pairedWith(
  { db, readObject }: { db: Database; readObject: (name: string) => string | undefined },
  channel: MessengerName,
): Paired[] {
  return liveDevices(db).flatMap((device) => {
    const text = device.channel === channel && device.chat !== null ? readObject(device.chat) : undefined;
    if (text === undefined) return [];
    return [{ device, place: placeSchema.parse(JSON.parse(text)), principal: devicePrincipal(device.name) }];
  });
}
