import { z } from "zod";

const mailboxSchema = z.strictObject({ name: z.string(), address: z.string() });

/** A mail as it was read from outside: every word of it is a stranger's, whoever it says it is from. */
export const mailMessageSchema = z.strictObject({
  uid: z.number().int().positive(),
  messageId: z.string().nullable(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  /** Where all of this came from, as provenance: `mail:<address>`. */
  origin: z.string(),
  from: mailboxSchema.nullable(),
  to: z.array(mailboxSchema),
  cc: z.array(mailboxSchema),
  subject: z.string(),
  /** When it says that it was written, ISO 8601. */
  date: z.string().nullable(),
  /** When the server took it in, ISO 8601. */
  receivedAt: z.string().nullable(),
  seen: z.boolean(),
  sizeBytes: z.number(),
  /** Headers that mark it as sent to many or by a machine: `List-Id`, `Precedence: bulk`. */
  bulk: z.array(z.string()),
  /** The owner's server found that the sender is not who it says (RFC 8601). */
  isForged: z.boolean(),
  /** It answers a mail that lies in the owner's folder of sent mails. */
  repliesToYou: z.boolean(),
  text: z.string(),
  /** Only the beginning of the text was read. */
  isCut: z.boolean(),
  /** Names; they were not fetched. */
  attachments: z.array(z.string()),
  /** What could not be read of it. */
  problem: z.string().nullable(),
});
export type MailMessage = z.infer<typeof mailMessageSchema>;
