import { z } from "zod";
import type { Effect } from "./effect.ts";

/** Who can put something where a skill reads it. */
const writerKinds = ["self", "members", "anyone"] as const;
/**
 * What stands in a field of an output: `record` is assigned by the system, `party` an identity that the system
 * authenticated, `label` a short name that others may choose. Anything else is text that others wrote.
 */
export const fieldRoles = ["record", "party", "label", "text"] as const;
export type FieldRole = (typeof fieldRoles)[number];

/** One value of an argument that chooses among a few. */
const choiceSchema = z.object({
  value: z.union([z.string(), z.number(), z.boolean()]),
  words: z.array(z.string()).default([]),
});

/** What the rules of provenance need to know of a skill; its manifest declares it. */
export const toolFactsSchema = z.object({
  /** Arguments that control the effect, and those that are its content. */
  control: z.array(z.string()).default([]),
  content: z.array(z.string()).default([]),
  /** It may take arguments that are declared as neither: they control it, too. */
  open: z.boolean().default(false),
  /** What each argument is: `email`, `iban`, `url`, `path`, `amount`, `date`, `id`, `secret`; anything else is a name. */
  types: z.record(z.string(), z.string()).default({}),
  /** Which kind of id an argument takes, and which kind the output hands out. */
  takes: z.record(z.string(), z.string()).default({}),
  /** By field, where a row bears several kinds: the row's own id first, then those of other things. */
  ids: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  /** Whether what it answers can be relied on as the owner's own data. */
  output: z.enum(["trusted", "untrusted"]).default("untrusted"),
  fields: z.record(z.string(), z.enum(fieldRoles).catch("text")).default({}),
  /** The field that says who wrote a row's text. */
  author: z.string().optional(),
  writers: z.enum(writerKinds).default("anyone"),
  /** The field that lists where a row came from, by row: one that names only the owner is the owner's. */
  origins: z.string().optional(),
  /** Words for what it does: without one of their kind in the owner's words, what cannot be undone is not theirs. */
  verbs: z.array(z.string()).default([]),
  /** What an argument is where nothing is said: to spell that out chooses nothing. */
  defaults: z.record(z.string(), z.unknown()).default({}),
  /** The values that an argument chooses among, what gives least first, with the words that people have for each. */
  values: z.record(z.string(), z.array(choiceSchema)).default({}),
  /** The field that lists who has what a row is about. */
  sharedWith: z.string().optional(),
  /** Arguments that are a code which completes an earlier call of the task: of one of these skills. */
  confirms: z.record(z.string(), z.array(z.string())).default({}),
  /** What it answers is the owner's business alone. */
  private: z.boolean().default(false),
});
export type ToolFacts = z.infer<typeof toolFactsSchema>;

/** A call that was made in a task, or is about to be. */
export interface Call {
  /** Names it in origins. */
  id: string;
  /** Name of the skill or tool. */
  skill?: string;
  facts: ToolFacts;
  effect: Effect;
  args: Readonly<Record<string, unknown>>;
}

/** A call that has ended, with its answer: structured, as the skill gave it. */
export interface Step extends Call {
  output: unknown;
  /** Name, version and hash of its contract, where it has one. */
  pinned?: string;
  /** It only looks, though its effect is not that of a read. */
  looks?: boolean;
  /** It leaves nothing of the agent's own making: it reads, or an approved plan names each of its arguments. */
  isPlanned?: boolean;
  /** How many commands that no plan wholly names had acted before it ended: what they did may stand in the answer. */
  acts?: number;
}
