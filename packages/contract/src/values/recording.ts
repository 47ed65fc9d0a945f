import { z } from "zod";
import { once } from "../once.ts";

/** Where a recording stands on its way to a text. */
export const recordingStatuses = ["waiting", "done", "failed"] as const;

const seconds = once(() => z.number().nonnegative());

/** A stretch of a recording and what is said in it; times in seconds from its beginning. */
const segmentSchema = once(() =>
  z.object({
    from: seconds().describe("When it begins, in seconds"),
    to: seconds().describe("When it ends, in seconds"),
    text: z.string().describe("What is said"),
  }),
);

/** What a memory knows of the sound file that it comes from. */
export const recordingSchema = once(() =>
  z.object({
    path: z.string().describe("Where the file lay when it was taken in"),
    sha256: z.string().describe("Hash of the file"),
    bytes: z.number().int().nonnegative().describe("Its size"),
    changedAt: z.string().optional().describe("When it was changed last, ISO 8601"),
    mediaType: z.string().describe("What kind of sound it is, as in audio/mpeg"),
    status: z.enum(recordingStatuses).describe("Waiting to be transcribed, done, or failed"),
    tries: z.number().int().nonnegative().describe("How often it was tried without success"),
    reason: z.string().optional().describe("Why it is not done, and the next step"),
    remark: z.string().optional().describe("What is amiss with what the server gave"),
    language: z.string().optional().describe("The language that was heard, as the server names it"),
    seconds: seconds().optional().describe("How long it is, as the server says"),
    server: z.string().optional().describe("Model and host that transcribed it"),
    segments: z.array(segmentSchema()).max(20_000).optional().describe("What is said when"),
  }),
);
export type Recording = z.infer<ReturnType<typeof recordingSchema>>;
