import { channelRefuse, channelTake } from "@mh/contract/channels.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { liveDevices } from "../devices/devices-table.ts";
import { defineAdmin } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import { utf8 } from "../ports/bytes.ts";
import type { InboxRow } from "./channels-table.ts";
import { append, type CodeDeps, senderHash } from "./codes.ts";

/** Keeps what the owner typed until it is answered. */
export function takeSkill() {
  return defineAdmin(channelTake, {
    stored: "kept",
    apply({ channel, device, what, text }, context) {
      const { tx, commandId, principal } = context;
      if (!liveDevices(tx.db).some((row) => row.id === device && row.channel === channel))
        throw new Fault(
          "device.not-found",
          `No device ${device} is paired by ${channel}. \`mh channel list\` shows them.`,
        );
      const object = tx.object(utf8.encode(keptWords({ id: commandId, device, what }, text)));
      const body = { what: "taken", channel, device, object, does: what };
      tx.append({ phase: "channel", id: commandId, ref: commandId, principal, objects: [object], body });
      return { id: commandId };
    },
  });
}

export function refuseSkill(deps: CodeDeps) {
  return defineAdmin(channelRefuse, {
    stored: "kept",
    apply({ channel, reason, sender, count }, context) {
      const who = sender === undefined ? {} : { sender: senderHash(deps, channel, sender) };
      append(context, context.commandId, { what: "refused", channel, reason, count, ...who });
      return { reason };
    },
  });
}

type Bound = Pick<InboxRow, "id" | "device" | "what">;

/** The words together with what they are: a row of the index that names other words is no row of this home's. */
export const keptWords = ({ id, device, what }: Bound, text: string): string => canonical([id, device, what, text]);

/** The words of a row; undefined where they were deleted, or are not its own. */
export function wordsOf(row: InboxRow, readObject: (name: string) => string | undefined): string | undefined {
  const kept = readObject(row.object);
  const beginning = keptWords(row, "").slice(0, -3);
  if (!kept?.startsWith(`${beginning}"`)) return undefined;
  return JSON.parse(kept.slice(beginning.length, -1)) as string;
}
