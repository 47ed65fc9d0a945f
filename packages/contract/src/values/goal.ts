import { z } from "zod";
import { once } from "../once.ts";
import { horizons } from "./horizons.ts";

export const goalStatuses = ["open", "done", "dropped"] as const;

/** A goal of the owner's, with how far its tasks and its parts have brought it. */
export const goalSchema = once(() =>
  z.strictObject({
    key: z.string().describe("Its name, by which tasks name it"),
    title: z.string(),
    horizon: z.enum(horizons),
    status: z.enum(goalStatuses),
    due: z.string().nullable().describe("By which day, as in 2026-05-31"),
    parent: z.string().nullable().describe("Name of the goal whose part it is"),
    line: z.number().int().describe("Its line in `persona/goals.md`"),
    progress: z
      .number()
      .nullable()
      .describe("How much of it is done, 0 to 1, by its tasks and its parts; null where it has none"),
    tasks: z
      .strictObject({
        done: z.number().int(),
        open: z.number().int().describe("Not begun or under way"),
      })
      .describe("Tasks that name it; what was dropped does not count"),
  }),
);
export type Goal = z.infer<ReturnType<typeof goalSchema>>;
