import type { MessengerName } from "@mh/contract/values/messenger.ts";
import { z } from "zod";
import { decodeLossy, utf8 } from "../ports/bytes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Files } from "../ports/files.ts";

/** Up to where updates of a bot were taken in. */
export interface Cursor {
  of(bot: string): number | undefined;
  move(bot: string, to: number): void;
}

const fileSchema = z.record(z.string(), z.object({ id: z.int(), atMs: z.number() }));

/** Telegram numbers anew, and anyhow, after a week without updates: an older cursor could skip what is new. */
const goodMs = 5 * 24 * 3_600_000;

/**
 * Kept in a file, by bot. It only saves the messenger from sending again what was taken: what comes twice is the same
 * command, and done once.
 */
export function cursorIn({ files, clock }: { files: Files; clock: Clock }, channel: MessengerName): Cursor {
  const file = `run/channel-${channel}.json`;
  const read = () => {
    try {
      return fileSchema.parse(JSON.parse(decodeLossy(files.read(file) ?? utf8.encode("{}"))));
    } catch {
      // A cache: without it, what is not confirmed comes again.
      return {};
    }
  };
  const of = (bot: string) => {
    const known = read()[bot];
    return known && Math.abs(clock.now() - known.atMs) < goodMs ? known.id : undefined;
  };
  return {
    of,
    move(bot, id) {
      if ((of(bot) ?? -1) >= id) return;
      files.replace(file, utf8.encode(JSON.stringify({ [bot]: { id, atMs: clock.now() } })));
    },
  };
}
