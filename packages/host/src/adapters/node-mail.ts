import { Fault } from "@mh/contract/values/fault.ts";
import { isLoopback } from "@mh/core/model/loopback.ts";
import type { Mail, MailLogin } from "@mh/core/ports/mail.ts";
import { composeLetter } from "./mail-composer.ts";
import { withMailbox } from "./mail-imap.ts";
import { submitMail } from "./mail-smtp.ts";
import { trustedWith } from "./trusted-certificates.ts";

export interface MailOptions {
  /** Certificates (PEM) that are trusted beside the public ones. */
  ca: () => string | undefined;
  /** For connecting, and for each pause of the server. */
  timeoutMs?: number;
}

/** IMAP by imapflow, SMTP and MIME by nodemailer. */
export function nodeMail({ ca, timeoutMs = 30_000 }: MailOptions): Mail {
  const wire = () => ({ timeoutMs, tls: { minVersion: "TLSv1.2", ...trustedWith(ca()) } as const });
  return {
    mailbox: async (login, work) => withMailbox(checked(login), wire(), work),
    compose: composeLetter,
    submit: async (login, envelope, message) => submitMail(checked(login), wire(), envelope, message),
  };
}

/** A password goes in the clear to this machine only. */
function checked(login: MailLogin): MailLogin {
  if (login.tls !== "none" || isLoopback(login.host)) return login;
  const what = `${login.account} would send its password to ${login.host} without encryption`;
  throw new Fault("mail.failed", `${what}. Set tls to implicit or starttls in config.yaml.`);
}
