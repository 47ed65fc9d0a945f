import { z } from "zod";
import { once } from "../once.ts";

const lengthMax = 20_000;

/** What `PublicKeyCredential.toJSON()` gives (WebAuthn Level 3). What stands in it is looked at by who checks it. */
export const credentialSchema = once(() =>
  z
    .record(z.string().max(64), z.json())
    .refine((credential) => JSON.stringify(credential).length <= lengthMax, "a credential is not that long"),
);
