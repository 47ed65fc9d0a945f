import { z } from "zod";
import type { Passkey } from "../ports/passkeys.ts";

/** A passkey as the index keeps it. */
export const passkeySchema: z.ZodType<Passkey> = z.object({
  id: z.string(),
  publicKey: z.string(),
  counter: z.number().int().nonnegative(),
  rpId: z.string(),
});
