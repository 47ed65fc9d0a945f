import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { MailLogin } from "@mh/core/ports/mail.ts";

type Stage = "connecting" | "login" | "working" | "sending";

/** What went wrong with a mail server, in a sentence with its next step. */
export function mailFault(error: unknown, login: MailLogin, stage: Stage): Fault {
  if (error instanceof Fault) return error;
  const { account, host, port, secret, signal } = login;
  const told = error as Told;
  const at = `${host}:${port}`;
  const fault = (message: string) => new Fault("mail.failed", message, { cause: withoutPassword(error, login) });
  if (signal.aborted) return fault(`The work with ${at} was ended: ${signal.reason}.`);
  if (told.authenticationFailed || told.code === "EAUTH") {
    const next = `\`mh secret set ${secret}\` asks for it anew; many providers want an app password`;
    return fault(`${at} refused the login of ${account}. Check user and password: ${next}.`);
  }
  if (isTls(told)) {
    const next = "If it is a server of your own, name its certificate in network.caFile of config.yaml";
    return fault(`${at} could not be reached safely (${reasonOf(told, login)}). ${next}.`);
  }
  if (stage === "sending" && told.responseCode === undefined) {
    const next = "Look whether it arrived before you send it again";
    return fault(`The connection to ${at} broke while the mail was sent (${reasonOf(told, login)}). ${next}.`);
  }
  if (stage === "sending") return fault(`${at} did not take the mail: ${reasonOf(told, login)}.`);
  if (stage === "working")
    return fault(`${at} ended the work on ${account}: ${reasonOf(told, login)}. Try again later.`);
  return fault(
    `${at} could not be reached: ${reasonOf(told, login)}. Check host and port of ${account} in config.yaml.`,
  );
}

interface Told {
  message?: string;
  code?: string;
  authenticationFailed?: boolean;
  responseText?: string;
  response?: string;
  responseCode?: number;
  tlsFailed?: boolean;
}

function isTls({ code = "", message = "", tlsFailed }: Told): boolean {
  if (tlsFailed || code === "ETLS" || /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code))
    return true;
  return /certificate|wrong version number|STARTTLS|altnames|SSL routines/i.test(message);
}

function reasonOf(told: Told, login: MailLogin): string {
  if (told.code === "ERR_SSL_WRONG_VERSION_NUMBER") return "it does not speak TLS on that port";
  const text = hidden(told.responseText ?? told.response ?? told.message ?? String(told), login);
  return visible(text.replace(/\s+/g, " ").trim().slice(0, 200)).replace(/[.:?]+$/, "");
}

/** A server may repeat whatever it was sent: the password as it is, in quotes, or as SASL packs it (RFC 4616). */
function hidden(text: string, { user, password }: MailLogin): string {
  const packed = [password, `\0${user}\0${password}`].map((each) => Buffer.from(each).toString("base64"));
  const forms = [
    password,
    password.replace(/["\\]/g, "\\$&"),
    ...packed.flatMap((each) => [each, each.replace(/=+$/, "")]),
  ];
  const longestFirst = forms.filter((form) => form !== "").sort((a, b) => b.length - a.length);
  return longestFirst.reduce((shown, form) => shown.replaceAll(form, "…"), text);
}

/** The libraries hang the conversation on their errors; of that, only the code is kept. */
function withoutPassword(error: unknown, login: MailLogin): Error {
  const { code, message = String(error) } = error as Told;
  return new Error(hidden(`${code ?? ""} ${message}`.trim(), login).slice(0, 500));
}
