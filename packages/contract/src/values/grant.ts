import { z } from "zod";
import { once } from "../once.ts";
import { principalSchema } from "./principal-schema.ts";

/** That somebody may use a skill. Times are in milliseconds since 1970; `scope` is JSON. */
export const grantRowSchema = once(() =>
  z.strictObject({
    id: z.string(),
    principal: principalSchema,
    skill: z.string(),
    scope: z.string(),
    task: z.string().nullable(),
    expires_ms: z.number().int().nullable(),
    given_ms: z.number().int(),
    status: z.enum(["given", "revoked"]),
  }),
);
export type GrantRow = z.infer<ReturnType<typeof grantRowSchema>>;
