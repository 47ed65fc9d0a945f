import type { Letter } from "@mh/core/ports/mail.ts";
import MailComposer from "nodemailer/lib/mail-composer";

/** A plain-text message (RFC 5322, MIME). Nothing in a letter can name a file or a URL to be read. */
export async function composeLetter(letter: Letter, options: { withBcc?: boolean } = {}): Promise<Uint8Array> {
  const { from, to, cc, bcc, subject, body, inReplyTo, references, messageId, at } = letter;
  const address = (each: string) => ({ name: "", address: each });
  const composer = new MailComposer({
    messageId,
    from,
    to: to.map(address),
    ...(cc.length > 0 && { cc: cc.map(address) }),
    ...(bcc.length > 0 && options.withBcc && { bcc: bcc.map(address) }),
    subject,
    text: body,
    date: new Date(at),
    ...(inReplyTo !== undefined && { inReplyTo }),
    ...(references.length > 0 && { references: [...references] }),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const message = composer.compile();
  message.keepBcc = options.withBcc === true;
  return message.build();
}
