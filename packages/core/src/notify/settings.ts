import { z } from "zod";
import { urlSchema } from "../model/settings-values.ts";
import { defineSettings } from "../settings/section.ts";

/** How the owner is reached. */
const schema = z.looseObject({
  desktop: z.boolean().default(true),
  ntfy: z.looseObject({ url: urlSchema, topic: z.string(), secret: z.string().optional() }).optional(),
  pushover: z.looseObject({ user: z.string(), secret: z.string(), url: urlSchema.optional() }).optional(),
  /** Signal through signal-cli's JSON-RPC over HTTP. */
  signal: z.looseObject({ url: urlSchema, from: z.string(), to: z.string() }).optional(),
  webPush: z
    .looseObject({
      /** Whom push services may write to about this sender (RFC 8292). Browsers are sent nothing without it. */
      contact: z
        .string()
        .regex(/^(mailto:\S+@\S+|https:\/\/\S+)$/, "a contact is mailto: and an address, or https://")
        .optional(),
      /** Push services on this network: elsewhere, devices may name only those of the open Internet. */
      hosts: z.array(z.string()).optional(),
    })
    .prefault({}),
});

export const notifySettings = defineSettings("notify", schema.prefault({}), {
  values: ["ntfy", "pushover", "signal", "webPush"],
});
