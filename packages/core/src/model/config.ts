import { currencySchema } from "@mh/contract/values/currency.ts";
import { z } from "zod";
import { clockTimeSchema, portSchema } from "./settings-values.ts";

/**
 * The part of `config.yaml` that the kernel and the host read. Each feature adds a section of its own (`defineSettings`).
 * Keys we do not know are kept: people edit this file.
 */
export const coreSettingsSchema = z.looseObject({
  owner: z.string().default(""),
  /** The owner's own addresses and accounts beside those that mail is read from: what goes there goes to nobody else. */
  self: z.looseObject({ addresses: z.array(z.string().min(1).max(1000)).max(100).default([]) }).prefault({}),
  /** IANA name; the machine's own where it is absent. */
  timeZone: z.string().optional(),
  approvals: z
    .looseObject({
      expireAfterMinutes: z
        .number()
        .int()
        .positive()
        .default(24 * 60),
      /**
       * Approval requests of one agent, or of anybody else, that may wait at once. What would be one more is denied.
       */
      openPerPrincipal: z.number().int().positive().default(20),
    })
    .prefault({}),
  /** How much is done without the owner in an hour. Reads count, too; what the owner does counts nowhere. */
  rate: z
    .looseObject({
      /** Everyone together. */
      commandsPerHour: z.number().int().positive().default(1000),
      /** Each one alone. */
      commandsPerHourEach: z.number().int().positive().default(500),
      /** The same command with the same arguments, by the same one: that often in so many minutes, then it asks. */
      sameCommandMax: z.number().int().positive().default(10),
      sameCommandMinutes: z
        .number()
        .int()
        .positive()
        .max(24 * 60)
        .default(10),
    })
    .prefault({}),
  /** The allowance of everyone but the owner, in units of the currency. What pays in another currency is denied. */
  spend: z
    .looseObject({
      currency: currencySchema.default("EUR"),
      perDay: z.number().nonnegative().default(100),
      perWeek: z.number().nonnegative().default(300),
      /** Of each one alone. */
      perDayEach: z.number().nonnegative().default(50),
      /** Tokens of models, whether they cost anything or not. */
      tokensPerDay: z.number().int().nonnegative().default(2_000_000),
      tokensPerDayEach: z.number().int().nonnegative().default(500_000),
    })
    .prefault({}),
  /** How the daemon is reached over HTTP. Anything but loopback needs `tls`. */
  daemon: z
    .looseObject({
      bind: z.string().default("127.0.0.1"),
      port: portSchema.default(7717),
      /** Names by which a reverse proxy or a phone calls it, beside localhost. */
      hosts: z.array(z.string()).default([]),
      tls: z.looseObject({ cert: z.string(), key: z.string() }).optional(),
    })
    .prefault({}),
  /** Certificate authorities to trust beside the public ones, as a PEM file: for servers at home. */
  network: z.looseObject({ caFile: z.string().optional() }).prefault({}),
  /** No agent runs in these hours but those that say so, and nothing rings but what is urgent. */
  quietHours: z.looseObject({ from: clockTimeSchema, to: clockTimeSchema }).optional(),
});
/** The settings as they are in force. A feature reads its section by `section.of(config)`. */
export type Config = z.infer<typeof coreSettingsSchema>;
