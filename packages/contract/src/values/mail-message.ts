import { z } from "zod";
import { once } from "../once.ts";

const mailboxSchema = once(() =>
  z.strictObject({
    name: z.string().describe("As the sender wrote it; may be empty, and may claim anything"),
    address: z.string().describe("As in sarah@example.org"),
  }),
);

/** A mail as it was read from outside: every word of it is a third party's, whoever it says it is from. */
export const mailMessageSchema = once(() =>
  z.strictObject({
    uid: z.number().int().positive().describe("Its number in the folder, while the folder's `uidValidity` is the same"),
    messageId: z.string().nullable().describe("Its Message-ID in angle brackets; null where it has none"),
    inReplyTo: z.string().nullable().describe("The Message-ID that it answers; null where it says none"),
    references: z.array(z.string()).describe("Message-IDs of its thread, the oldest first"),
    origin: z.string().describe("Where all of this came from, as provenance: `mail:<address>`"),
    from: mailboxSchema().nullable().describe("Who it says it is from; null where it names nobody"),
    to: z.array(mailboxSchema()).describe("Recipients"),
    cc: z.array(mailboxSchema()).describe("Recipients of copies"),
    subject: z.string().describe("Its subject, on one line"),
    date: z.string().nullable().describe("When it says that it was written, ISO 8601; null where that cannot be read"),
    receivedAt: z
      .string()
      .nullable()
      .describe("When the server took it in, ISO 8601; null where the server does not say"),
    seen: z.boolean().describe("Whether the mailbox counts it as read"),
    sizeBytes: z.number().describe("Size of the whole message on the server"),
    bulk: z
      .array(z.string())
      .describe("Headers that mark it as sent to many or by a machine, as in `List-Id` or `Precedence: bulk`"),
    isForged: z.boolean().describe("The owner's server found that the sender is not who it says (RFC 8601)"),
    signedBy: z
      .string()
      .optional()
      .describe("The sender's address, where the owner's server found that it is theirs, or the owner sent it"),
    repliesToYou: z.boolean().describe("It answers a mail that lies in the owner's folder of sent mails"),
    text: z.string().describe("Its text; of HTML the words"),
    isCut: z.boolean().describe("Only the beginning of the text was read"),
    attachments: z.array(z.string()).describe("Names of attachments; they are not fetched"),
    problem: z.string().nullable().describe("What of it could not be read; null where all could"),
  }),
);
export type MailMessage = z.infer<ReturnType<typeof mailMessageSchema>>;
