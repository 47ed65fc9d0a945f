import type { MoveItem } from "@mh/contract/move.ts";
import { toBase64 } from "../ports/bytes.ts";

/** A command of mh's that takes a thing in. */
export interface TakingCommand {
  skill: string;
  args: Record<string, unknown>;
}

/** One thing of another program, and how it is taken in; nothing where it is not. No program is known from here on. */
export interface Planned extends MoveItem {
  does?: TakingCommand[];
  /** A server is written into the settings with all others. */
  server?: { name: string; server: Record<string, unknown> };
  /** A rule stands in one file with all others. */
  cedar?: string;
}

/** What one folder comes to. */
export type MovePlan = Planned[];

/** As the owner is shown it. */
export const shown = ({ does: _does, server: _server, cedar: _cedar, ...item }: Planned): MoveItem => item;

export const left = (
  kind: MoveItem["kind"],
  from: string,
  title: string,
  why: string,
  notes: string[] = [],
): Planned => ({
  ...{ kind, from, title, state: "left", why, notes },
});

/** Files of this home, in one command. What gives rights waits where it lies until the owner allows it. */
export const takeFiles = (files: readonly { path: string; bytes: Uint8Array }[]) => ({
  skill: "self.take",
  // As if it had been written in the year dot: what is here is never older.
  args: {
    files: files.map(({ path, bytes }) => ({ path, data: toBase64(bytes), changedAt: "1970-01-01T00:00:00.000Z" })),
  },
});
