import { taskStatuses } from "@mh/contract/tasks.ts";
import { z } from "zod";

/** A day, or a day and a time, on the owner's wall: `2026-11-27`, `2026-11-27T15:00`. */
const whenSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/, "a time is a day like 2026-11-27, perhaps with T15:00")
  .refine((text) => !Number.isNaN(Date.parse(text)), "there is no such day");

const words = z.array(z.string().min(1).max(100)).max(100);
const listed = z.union([words, z.string().transform((text) => text.split(",").map((each) => each.trim()))]);

/** Front matter of a task's file. Everything may be left out in one made by hand. */
export const taskFrontSchema = z.looseObject({
  id: z.string().min(6).max(100).optional(),
  title: z.coerce.string().min(1).max(500).optional(),
  status: z.enum(taskStatuses).default("open"),
  project: z.coerce.string().min(1).max(200).nullish(),
  /** Name of the goal that it serves, as `persona/goals.md` has it. */
  goal: z.coerce.string().min(1).max(200).nullish(),
  due: whenSchema.nullish(),
  /** Not before then. */
  start: whenSchema.nullish(),
  /** Ids of tasks that must be over first. */
  after: listed.nullish(),
  tags: listed.nullish(),
  created: z.string().nullish(),
  closed: z.string().nullish(),
  /** Who wrote what it says, where not the owner alone. */
  by: listed.nullish(),
});
