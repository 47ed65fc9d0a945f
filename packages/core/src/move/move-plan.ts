import type { MoveItem } from "@mh/contract/move.ts";

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
