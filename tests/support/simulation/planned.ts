import type { Task } from "@mh/contract/wire/command.ts";
import type { Dice } from "../../fuzz/dice.ts";
import type { Model } from "./model.ts";

/** One command, and what it does to what the home says if it is done. */
export interface Planned {
  skill: string;
  principal?: `agent:${string}`;
  task?: Task;
  args: unknown;
  /** It waits for an approval, even where the owner asks. */
  isAsked?: true;
  /** What was asked for before and runs by this. */
  approves?: string;
  /** What was asked for before and never runs after this. */
  denies?: string;
  /** An agent whose first use of a skill this is: an approval grants it. */
  asks?: string;
  /** A line that it writes outside. */
  line?: string;
  /** Id of a rule that forbids something from then on. */
  rule?: string;
  /** `value` is what it answered, or what it answers when it is asked again. */
  does(model: Model, cmd: string, value: unknown): unknown;
  /** What later commands may be about, where its caller was told that it is done. */
  tells?(known: Known, value: unknown): unknown;
}

/** What a command may be about: what was acknowledged. */
export interface Known {
  /** Memories that are lines, and may be archived. */
  memories: string[];
  /** Memories that are files of their own. */
  notes: string[];
  /** Memories that say what their fields say. */
  fixed: string[];
  tasks: string[];
  snapshots: string[];
  grants: { id: string; key: string }[];
  plans: { task: Task; title: string }[];
  parked: { id: string; hash: string; asks?: string }[];
}

export const nothingKnown = (): Known => ({
  ...{ memories: [], notes: [], fixed: [], tasks: [], snapshots: [], grants: [], plans: [], parked: [] },
});

/** Makes a command about what is known; nothing where there is nothing that it could be about. */
export type Make = (dice: Dice, n: string, known: Known) => Planned | undefined;

/** So often among the others. */
export type Weighted = readonly [weight: number, make: Make];

export const idOf = (value: unknown): string => String((value as { id?: unknown } | undefined)?.id);
