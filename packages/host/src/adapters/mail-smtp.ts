import type * as tls from "node:tls";
import type { Delivery, MailLogin } from "@mh/core/ports/mail.ts";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { mailFault } from "./mail-fault.ts";

/** Sends one message over SMTP (RFC 5321) with STARTTLS or TLS and a login (RFC 8314). */
export async function submitMail(
  login: MailLogin,
  wire: { timeoutMs: number; tls: tls.ConnectionOptions },
  envelope: { from: string; to: readonly string[] },
  message: Uint8Array,
): Promise<Delivery> {
  const { host, port, signal, user, password } = login;
  const connection = new SMTPConnection({
    ...{ host, port, tls: wire.tls },
    secure: login.tls === "implicit",
    requireTLS: login.tls === "starttls",
    ignoreTLS: login.tls === "none",
    connectionTimeout: wire.timeoutMs,
    greetingTimeout: wire.timeoutMs,
    dnsTimeout: wire.timeoutMs,
    socketTimeout: 2 * wire.timeoutMs,
  });
  const end = () => connection.close();
  signal.addEventListener("abort", end, { once: true });
  let stage: "connecting" | "login" | "sending" = "connecting";
  try {
    signal.throwIfAborted();
    await step(connection, (done) => connection.connect((error) => done(error)));
    stage = "login";
    await step(connection, (done) =>
      connection.login({ credentials: { user, pass: password } }, (error) => done(error)),
    );
    stage = "sending";
    const sent = await step<Delivery>(connection, (done) =>
      connection.send({ from: envelope.from, to: [...envelope.to] }, Buffer.from(message), done),
    );
    connection.quit();
    return { accepted: [...sent.accepted], rejected: [...sent.rejected] };
  } catch (error) {
    connection.close();
    throw mailFault(error, login, stage);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** One step of the conversation. A connection that breaks says so by an event, not to whoever waits. */
function step<T = void>(
  connection: SMTPConnection,
  begin: (done: (error?: Error | null, value?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error("the connection was closed"));
    connection.once("error", reject);
    connection.once("end", ended);
    begin((error, value) => {
      connection.off("end", ended);
      // The listener for errors stays: one that comes late must not end the process.
      if (error) reject(error);
      else resolve(value as T);
    });
  });
}
