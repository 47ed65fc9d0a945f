import type { MessengerName } from "@mh/contract/values/messenger.ts";
import type { Database } from "../ports/database.ts";
import { openCode } from "./channels-table.ts";
import { pairedWith } from "./paired.ts";

/** Whether anybody is to be heard by a channel: something is paired with it, or a code waits. */
export function isNeeded(
  parts: { reader: Database; readObject: (name: string) => string | undefined },
  channel: MessengerName,
  now: number,
): boolean {
  const { reader: db, readObject } = parts;
  return openCode(db, channel, now) !== undefined || pairedWith({ db, readObject }, channel).length > 0;
}
