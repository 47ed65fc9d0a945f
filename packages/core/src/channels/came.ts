import type { DisplayName } from "@mh/contract/values/messenger.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { Run } from "../kernel/run.ts";
import type { Config } from "../model/config.ts";
import { idOfHash } from "../model/hashed-id.ts";
import type { Clock } from "../ports/clock.ts";
import type { Database } from "../ports/database.ts";
import type { MessengerUpdate } from "../ports/messenger.ts";
import type { ButtonDeps } from "./buttons.ts";
import type { Paired } from "./paired.ts";

export interface DeskDeps extends ButtonDeps {
  reader: Database;
  readObject: (name: string) => string | undefined;
  clock: Clock;
  config: () => Config;
  /** The gate. */
  act: (command: Command) => Promise<Outcome>;
  begin: (command: Command) => Run;
  isStopped: () => boolean;
  /** Makes STOP stand, at once and without the gate: the one declared exception. */
  raiseStop: () => void;
  /** An approval request is to be shown anew on a device. */
  showAgain: (approval: string, device: string) => void;
}

/** Something that came, and by what. */
export interface Came {
  channel: DisplayName;
  bot: string;
  update: MessengerUpdate;
}

/** The id of what is done about an update: the same for the same one, whenever it comes. */
export const idOfUpdate = (
  { crypto }: Pick<DeskDeps, "crypto">,
  { channel, bot, update }: Came,
  what: string,
): string => idOfHash(crypto, ["channel", channel, bot, update.id, what]);

/** STOP waits for nobody: the file stands before the command has its turn. */
export async function stopFor(deps: DeskDeps, came: Came, { principal }: Paired): Promise<void> {
  deps.raiseStop();
  await deps.act({ id: idOfUpdate(deps, came, "stop"), principal, skill: "kernel.stop", args: {} });
}
