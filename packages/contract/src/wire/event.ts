import { z } from "zod";
import { once } from "../once.ts";

/** Something that happened and is in the journal. */
export const eventSchema = once(() =>
  z.strictObject({
    seq: z.number().int().describe("Position of its record in the journal; a subscription resumes after it"),
    name: z.string().describe("As in `memory.captured`, `command.failed`, `approval.asked`"),
    at: z.string().describe("When, ISO 8601"),
    command: z.string().describe("Id of the command that it belongs to"),
    principal: z.string().describe("Whose command"),
    skill: z.string().optional().describe("The skill of that command, where it has one"),
    subjects: z.array(z.string()).describe("What it is about, as `memory:<id>`; the row to look at again"),
    ref: z.string().optional().describe("The approval or grant that it answers, opens or closes"),
  }),
);
export type Event = z.infer<ReturnType<typeof eventSchema>>;
