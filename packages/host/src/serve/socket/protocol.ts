import { principalSchema } from "@mh/contract/values/principal-schema.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Verdict } from "@mh/core/policy/judge.ts";
import { z } from "zod";

/** What a client asks over the socket: one JSON object a line, answered by one with the same `n`, in any order. */
export const requestSchema = z.strictObject({
  n: z.number().int(),
  do: z.enum(["act", "check", "wait"]),
  /** The command's; to wait for, the one whose end is asked for. */
  id: z.uuid(),
  skill: z.string().max(200).default(""),
  args: z.unknown(),
  /** The invocation that this belongs to: what it does is undone together. */
  task: z.uuid().optional(),
  /** What the owner typed, for provenance. */
  words: z.string().max(100_000).optional(),
  /** The owner's channel may speak for a lesser principal, never for another owner. */
  as: principalSchema
    .refine((name) => !name.startsWith("owner") && name !== "file", "only a lesser principal")
    .optional(),
});
export type Request = z.input<typeof requestSchema>;

export type Reply =
  | { n: number; outcome: Outcome }
  | { n: number; verdict: Verdict }
  | { n: number; fault: { code: string; message: string } };

/** A request line may hold a thousand memories of a million characters at worst; nothing sane comes near this. */
export const requestBytesMax = 256 * 2 ** 20;
