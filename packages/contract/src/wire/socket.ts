import { z } from "zod";
import { principalSchema } from "../values/principal-schema.ts";
import type { Outcome } from "./command.ts";
import type { Event } from "./event.ts";
import type { RunProgress } from "./progress.ts";
import { commandRequestSchema, cursorSchema, followerSchema } from "./request.ts";
import type { CheckedVerdict } from "./verdict.ts";

const command = commandRequestSchema().shape;

const actShape = {
  /** The command's. */
  id: z.uuid(),
  skill: command.skill,
  // The kernel parses them by the skill's contract, and says what is wrong with them.
  args: z.unknown(),
  task: command.task,
  words: command.words,
  /** The owner's channel may speak for a lesser principal, never for another owner. */
  as: principalSchema
    .refine((name) => !name.startsWith("owner") && name !== "file", "only a lesser principal")
    .optional(),
};

/** Correlates answers: each frame and the reply carry it. */
const n = z.int();

/**
 * What a client asks over the socket: one JSON object a line, answered by one reply with the same `n`, in any order.
 * Where `progress` or events are asked for, frames with that `n` come before the reply.
 */
export const socketRequestSchema = z.discriminatedUnion("do", [
  z.strictObject({
    ...{ n, do: z.literal("act"), ...actShape },
    /** Frames say how far it is. */
    progress: z.boolean().optional(),
    detach: command.detach,
    /** Where it repeats a call that waited, or waits, for an approval, it is that command, and `id` counts for nothing. */
    repeats: z.boolean().optional(),
  }),
  z.strictObject({ n, do: z.literal("check"), ...actShape }),
  /** How a run ends or ended that something else began. */
  z.strictObject({ n, do: z.literal("wait"), id: z.uuid(), progress: z.boolean().optional() }),
  /** Ends a run, if it can still be ended; whoever waits for it gets the outcome. `reason` is a clause for people. */
  z.strictObject({ n, do: z.literal("cancel"), id: z.uuid(), reason: z.string().min(1).max(200).optional() }),
  /** Frames of events, and of the progress of all runs, until `unfollow` or the connection's end. */
  z.strictObject({
    ...{ n, do: z.literal("follow") },
    /** By which it is unfollowed. */
    key: z.uuid(),
    /** Events whose names fit, as `memory.*` or `**`; none without it. */
    events: z.string().max(200).optional(),
    /** The last event seen. */
    after: cursorSchema().optional(),
    /** Resumes after what was acknowledged under this name. `after` stands before it, and sets it anew. */
    follower: followerSchema().optional(),
    progress: z.boolean().optional(),
  }),
  z.strictObject({ n, do: z.literal("unfollow"), key: z.uuid() }),
  /** What a follower has seen to: it is never sent again to that name. */
  z.strictObject({ n, do: z.literal("acknowledge"), follower: followerSchema(), after: cursorSchema() }),
]);
export type SocketRequest = z.input<typeof socketRequestSchema>;

/** 32 random bytes, or a proof of them (HMAC-SHA-256), in hex. */
const word = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What comes before all requests: each side proves to the other that it can read the home's socket key, which lies beside
 * the home's keys. `hello` is answered by the server's nonce and proof, `prove` by `proven`; then requests are taken.
 * Both lines are short, and a connection has one try. What the client reads is in `handshake.ts`.
 */
export const socketHelloSchema = z.strictObject({ n, do: z.literal("hello"), nonce: word });
export const socketProofSchema = z.strictObject({ n, do: z.literal("prove"), proof: word });

/** Why following ended: `behind` means that it read too slowly, and may go on after the last event that it got. */
export type FollowEnd = "unfollowed" | "closing" | "behind";

export type SocketFrame = { n: number; progress: RunProgress } | { n: number; event: Event };

export type SocketReply =
  | { n: number; outcome: Outcome }
  | { n: number; verdict: CheckedVerdict }
  /** Whether it was under way. */
  | { n: number; cancelled: boolean }
  | { n: number; ended: FollowEnd }
  | { n: number; acknowledged: number }
  | { n: number; fault: { code: string; message: string } };

/** A request line may hold a thousand memories of a million characters at worst; nothing sane comes near this. */
export const socketLineBytesMax = 256 * 2 ** 20;
