import { z } from "zod";
import { haveNamesOfTheirOwn, nameSchema, portSchema } from "../model/settings-values.ts";
import { defineSettings } from "../settings/section.ts";

/** How a mail server is reached. `tls: none` is for a server on this machine only. */
const mailServerSchema = z.looseObject({
  host: z.string(),
  port: portSchema,
  tls: z.enum(["implicit", "starttls", "none"]).default("implicit"),
});

/** A password is never written here: `secret` names one that `mh secret set` keeps outside the home. */
const mailAccountSchema = z.looseObject({
  name: nameSchema,
  address: z.email(),
  user: z.string().optional(),
  secret: z.string(),
  imap: mailServerSchema.optional(),
  smtp: mailServerSchema.optional(),
  /**
   * By what name the server signs what it found out of senders, as in `Authentication-Results: mx.example.org; …`
   * (RFC 8601). Where it is left out, no sender counts as who they say they are: anybody may write such a line.
   */
  authServer: z.string().min(1).optional(),
  /** Where the server does not mark its folders itself. */
  folders: z
    .looseObject({ drafts: z.string().optional(), sent: z.string().optional(), trash: z.string().optional() })
    .prefault({}),
});
export type MailAccount = z.infer<typeof mailAccountSchema>;

/** The accounts that mail is read from and sent by. */
export const mailSettings = defineSettings(
  "mail",
  z
    .looseObject({
      accounts: z
        .array(mailAccountSchema)
        .refine(haveNamesOfTheirOwn, { error: "two mail accounts have the same name" })
        .default([]),
    })
    .prefault({}),
  { named: ["accounts"] },
);
