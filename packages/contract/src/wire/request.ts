import { z } from "zod";
import { once } from "../once.ts";

/** What is asked for, by whichever channel: the body of `POST /v1/command`, and what an `act` over the socket is made of. */
export const commandRequestSchema = once(() =>
  z.strictObject({
    id: z.uuid().optional().describe("Makes it happen once, however often it is sent; a new one without it"),
    skill: z.string().max(200).describe("As in `memory.capture`"),
    // Parsed by the contract of the skill, and only there.
    args: z.record(z.string(), z.unknown()).default({}).describe("As the contract of the skill says"),
    task: z.uuid().optional().describe("What this belongs to: it is undone together. The command's own id without it"),
    words: z.string().max(100_000).optional().describe("What the owner typed, for provenance"),
    detach: z
      .boolean()
      .optional()
      .describe("It goes on when its caller has gone. Without it, a connection that is closed cancels it"),
  }),
);

/** Names a follower of events, whose cursor is kept. */
export const followerSchema = once(() =>
  z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "a follower is named in lower case, with digits and dashes"),
);

/** Position of an event, or -1 for the time before all of them. */
export const cursorSchema = once(() => z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER));
