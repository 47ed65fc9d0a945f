import { secretStores } from "@mh/contract/values/secret-store.ts";
import { z } from "zod";
import { defineSettings } from "../settings/section.ts";

/** Where passwords and tokens lie (`mh secret store` moves them), and a file that holds the passphrase for a daemon. */
export const secretSettings = defineSettings(
  "secrets",
  z
    .looseObject({
      store: z.enum(secretStores).optional(),
      passphraseFile: z
        .string()
        .regex(/^(\/|[A-Za-z]:[\\/])/, "the passphrase's file is named by its whole path")
        .optional(),
    })
    .prefault({}),
);
export type SecretSettings = z.infer<typeof secretSettings.schema>;
