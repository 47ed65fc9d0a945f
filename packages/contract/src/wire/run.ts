import { z } from "zod";
import { once } from "../once.ts";
import { outcomeSchema } from "./outcome.ts";
import { progressSchema } from "./progress.ts";

/** A command that is under way. */
export const runSchema = once(() =>
  z.strictObject({
    run: z.string().describe("Id of the command that runs"),
    skill: z.string().describe("Its skill"),
    principal: z.string().describe("Who runs it"),
    beganAt: z.string().describe("ISO 8601"),
    progress: progressSchema()
      .nullable()
      .describe("The last that it said of how far it is; null where it said nothing yet"),
  }),
);
export type RunView = z.output<ReturnType<typeof runSchema>>;

/** A run as `GET /v1/runs/:id` shows it. */
export const runStateSchema = once(() =>
  z.discriminatedUnion("state", [
    z.strictObject({ state: z.literal("running"), ...runSchema().shape }),
    z.strictObject({
      state: z.literal("over"),
      run: z.string().describe("Id of the command that ran"),
      outcome: outcomeSchema().describe("How it ended"),
    }),
  ]),
);

/** What `POST /v1/command` answers at once with `Prefer: respond-async`. */
export const begunSchema = once(() =>
  z.strictObject({
    run: z.string().describe("Id of the run; `/v1/runs/<id>` shows it"),
    isNew: z.boolean().describe("False where a command of this id was under way already"),
  }),
);
