import type { Principal } from "@mh/contract/values/principal.ts";
import { principalSchema } from "@mh/contract/values/principal-schema.ts";
import type { Task } from "@mh/contract/wire/command.ts";
import { z } from "zod";
import type { Classification, Skill } from "./skill.ts";

/** A command that was parsed, classified and pinned; what an approval keeps and continues. */
export interface Call {
  id: string;
  principal: Principal;
  onBehalfOf?: Principal;
  skill: Skill;
  pinned: string;
  args: Record<string, unknown>;
  argsHash: string;
  classification: Classification;
  task?: Task;
  cause?: string;
  prepared?: unknown;
  /** Its slow work was done, whatever that gave. */
  isPrepared?: true;
  /** What the question showed, where the owner was asked. */
  shown?: Parked["steered"];
}

/** What is kept of a parked command, whole, for the person who answers and for the run that follows. */
export const parkedSchema = z.strictObject({
  id: z.string(),
  principal: principalSchema,
  onBehalfOf: principalSchema.optional(),
  skill: z.string(),
  args: z.record(z.string(), z.unknown()),
  task: z.strictObject({ id: z.string(), words: z.string() }).optional(),
  cause: z.string().optional(),
  /** Values that steer it and do not come from the owner, with where they stand: what the question is about. */
  steered: z
    .array(
      z.strictObject({
        ...{
          path: z.string(),
          value: z.string(),
          origins: z.array(z.string()),
          beside: z.array(z.string()).default([]),
        },
        reason: z.string(),
      }),
    )
    .optional(),
});
export type Parked = z.infer<typeof parkedSchema>;
