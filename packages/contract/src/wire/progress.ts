import { z } from "zod";
import { once } from "../once.ts";

/** How far a run is. Ephemeral: announced on the bus as `run.progress`, never in the journal. */
export const progressSchema = once(() =>
  z.strictObject({
    done: z.number().nonnegative().describe("How much is done, in `unit`"),
    total: z.number().nonnegative().nullable().default(null).describe("How much there is; null where nobody knows yet"),
    unit: z.string().max(50).default("").describe("What is counted, as in `memories` or `bytes`"),
    note: z.string().max(500).default("").describe("What it is at, in a few words"),
    text: z
      .string()
      .max(200_000)
      .optional()
      .describe(
        "All that an answer holds so far, for those who began the run or wait for it; left out, it writes none",
      ),
  }),
);
export type Progress = z.output<ReturnType<typeof progressSchema>>;
export type ProgressUpdate = z.input<ReturnType<typeof progressSchema>>;

/** Without what was written so far: a watcher of other runs reads none of it. */
export function withoutText<P extends { text?: string | undefined }>({ text: _written, ...rest }: P): Omit<P, "text"> {
  return rest;
}

/** What whoever watches is sent. */
export const runProgressSchema = once(() =>
  z.strictObject({
    run: z.string().describe("Id of the command that runs"),
    skill: z.string().describe("Its skill"),
    principal: z.string().describe("Who runs it"),
    ...progressSchema().shape,
  }),
);
export type RunProgress = z.infer<ReturnType<typeof runProgressSchema>>;
