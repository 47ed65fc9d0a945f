import type { Outcome } from "@mh/contract/wire/command.ts";
import { keyFolder } from "@mh/host/places.ts";
import { secretFiles } from "@mh/host/secrets/secret-files.ts";
import type { TestHost } from "@mh/testing";
import { test } from "vitest";
import { type Dovecot, hasDovecot } from "./dovecot.ts";

const skipped = !hasDovecot && process.env.CI !== "true";
if (skipped) process.emitWarning("No mail is tested: dovecot is not installed (apt-get install dovecot-imapd).");
/** A test that needs a mail server; where there is none it is said, and in CI it fails. */
export const mailTest: ReturnType<typeof test.skipIf> = test.skipIf(skipped);

export const hello = `From: Sarah <sarah@example.org>
To: Ada <ada@home.example>
Subject: Hello
Date: Mon, 02 Mar 2026 09:00:00 +0100
Message-ID: <hello@example.org>

Are you there?
`;

export interface Servers {
  imap?: { port: number; tls?: string; host?: string };
  smtp?: { port: number; tls?: string; host?: string };
  secret?: string;
}

/** A home whose settings name a mail account, and the password that goes with it. */
export async function withAccount(
  home: TestHost,
  { caFile, user, password, imaps }: Dovecot,
  { imap = { port: imaps }, smtp, secret = password }: Servers = {},
): Promise<void> {
  const server = (at: { port: number }) => JSON.stringify({ host: "localhost", ...at });
  const account = [
    `{ name: home, address: ada@home.example, user: ${user}, secret: mail`,
    `imap: ${server(imap)}`,
    ...(smtp ? [`smtp: ${server(smtp)}`] : []),
  ].join(", ");
  await home.own("config.write", {
    text: `owner: Ada\nnetwork: { caFile: ${JSON.stringify(caFile)} }\nmail:\n  accounts:\n    - ${account} }\n`,
  });
  secretFiles(keyFolder(home.host.home.id, home.environment)).write("mail", secret);
}

/** What a fault says, or how it ended otherwise. */
export const message = (outcome: Outcome) =>
  outcome.status === "failed" ? outcome.fault.message : JSON.stringify(outcome);
export const letter = { to: ["sarah@example.org"], subject: "Lunch", body: "At noon?\n" };
