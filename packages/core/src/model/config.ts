import { z } from "zod";

/** `config.yaml`. Keys we do not know are kept: people edit this file. */
export const configSchema = z.looseObject({
  owner: z.string().default(""),
  /** IANA name; the machine's own where it is absent. */
  timeZone: z.string().optional(),
  approvals: z
    .looseObject({
      expireAfterMinutes: z
        .number()
        .int()
        .positive()
        .default(24 * 60),
    })
    .prefault({}),
  /** Commands that everyone but the owner may run together in an hour, reads not counted. */
  rate: z.looseObject({ commandsPerHour: z.number().int().positive().default(1000) }).prefault({}),
});
export type Config = z.infer<typeof configSchema>;
