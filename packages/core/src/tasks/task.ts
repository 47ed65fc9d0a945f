import { taskStatuses } from "@mh/contract/tasks.ts";
import { dayOrTimeSchema } from "@mh/contract/values/text.ts";
import { z } from "zod";

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
  due: dayOrTimeSchema.nullish(),
  /** Not before then. */
  start: dayOrTimeSchema.nullish(),
  /** Ids of tasks that must be over first. */
  after: listed.nullish(),
  tags: listed.nullish(),
  created: z.string().nullish(),
  closed: z.string().nullish(),
  /** Who wrote what it says, where not the owner alone. */
  by: listed.nullish(),
});
