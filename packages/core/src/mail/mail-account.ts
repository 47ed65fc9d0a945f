import { Fault } from "@mh/contract/values/fault.ts";
import type { Config } from "../model/config.ts";
import type { Mail, Mailbox, MailLogin, MailPurpose } from "../ports/mail.ts";
import type { Secrets } from "../ports/secrets.ts";
import { type MailAccount, mailSettings } from "./settings.ts";

export interface MailDeps {
  /** Loads the libraries at first use. */
  mail: () => Promise<Mail>;
  secrets: Secrets;
}

type Protocol = "imap" | "smtp";

/** Hosts that a command on this account reaches, for its scope; none where there is no such account. */
export function hostsOf(config: Config, name: string | undefined, ...protocols: Protocol[]): string[] {
  const account = find(config, name);
  return [...new Set(protocols.flatMap((protocol) => account?.[protocol]?.host.toLowerCase() ?? []))];
}

/** The account of that name, the first where none is named. */
export function accountOf(config: Config, name: string | undefined): MailAccount {
  const account = find(config, name);
  if (account) return account;
  const names = mailSettings
    .of(config)
    .accounts.map((each) => each.name)
    .join(", ");
  const waiting = "One that was written into config.yaml by hand waits for `mh review`";
  if (names) throw new Fault("args.invalid", `There is no mail account ${name}. There is ${names}. ${waiting}.`);
  const next = "Add one to mail.accounts (`mh config edit`), and its password by `mh secret set`";
  throw new Fault("mail.failed", `No mail account is set up. ${next}. ${waiting}.`);
}

function find(config: Config, name: string | undefined): MailAccount | undefined {
  const { accounts } = mailSettings.of(config);
  return name === undefined ? accounts[0] : accounts.find((account) => account.name === name);
}

export async function loginOf(
  account: MailAccount,
  protocol: Protocol,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<MailLogin> {
  const server = account[protocol];
  if (!server) {
    const what = `The mail account ${account.name} has no ${protocol} server`;
    throw new Fault("mail.failed", `${what}. Add ${protocol}: { host, port } to it in config.yaml.`);
  }
  const { name, secret, user = account.address } = account;
  const { host, port, tls } = server;
  return { account: name, host, port, tls, user, password: await secrets.read(secret), secret, signal };
}

/** The folder that serves a purpose: as the settings say, else as the server marks it. */
export async function folderOf(account: MailAccount, mailbox: Mailbox, purpose: MailPurpose): Promise<string> {
  const folder = account.folders[purpose] ?? (await mailbox.folderFor(purpose));
  if (folder !== undefined) return folder;
  const next = `Make one, or name it as folders.${purpose} of the account in config.yaml`;
  throw new Fault("mail.failed", `${account.name} has no folder for ${purpose}. ${next}.`);
}
