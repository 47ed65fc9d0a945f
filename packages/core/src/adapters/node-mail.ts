import * as tls from "node:tls";
import { Fault } from "../model/fault.ts";
import { isLoopback } from "../model/loopback.ts";
import type { Mail, MailLogin } from "../ports/mail.ts";
import { composeLetter } from "./mail-composer.ts";
import { withMailbox } from "./mail-imap.ts";
import { submitMail } from "./mail-smtp.ts";

export interface MailOptions {
  /** Certificates (PEM) that are trusted beside the public ones. */
  ca: () => string | undefined;
  /** For connecting, and for each pause of the server. */
  timeoutMs?: number;
}

/** IMAP by imapflow, SMTP and MIME by nodemailer. */
export function nodeMail({ ca, timeoutMs = 30_000 }: MailOptions): Mail {
  const wire = () => ({ timeoutMs, tls: tlsOf(ca()) });
  return {
    mailbox: async (login, work) => withMailbox(checked(login), wire(), work),
    compose: composeLetter,
    submit: async (login, envelope, message) => submitMail(checked(login), wire(), envelope, message),
  };
}

function tlsOf(ca: string | undefined): tls.ConnectionOptions {
  const beside = ca === undefined ? {} : { ca: [...tls.getCACertificates("default"), ca] };
  return { minVersion: "TLSv1.2", ...beside };
}

/** A password goes in the clear to this machine only. */
function checked(login: MailLogin): MailLogin {
  if (login.tls !== "none" || isLoopback(login.host)) return login;
  const what = `${login.account} would send its password to ${login.host} without encryption`;
  throw new Fault("mail.failed", `${what}. Set tls to implicit or starttls in config.yaml.`);
}
