import { wireAddress } from "@mh/contract/values/mail-address.ts";
import type { Letter } from "../ports/mail.ts";
import type { MailAccount } from "./settings.ts";

interface LetterArgs {
  to: readonly string[];
  cc?: readonly string[] | undefined;
  bcc?: readonly string[] | undefined;
  subject: string;
  body: string;
  inReplyTo?: string | undefined;
  references?: readonly string[] | undefined;
}

/** The letter of a command. The same command makes the same Message-ID, so that a second try finds the first. */
export function letterOf(
  { to, cc = [], bcc = [], subject, body, inReplyTo, references }: LetterArgs,
  context: { commandId: string; config: { owner: string }; now: number },
  account: MailAccount,
): Letter {
  const address = wireAddress(account.address);
  const thread = references ?? (inReplyTo === undefined ? [] : [inReplyTo]);
  return {
    messageId: `<${context.commandId.replace(/[^\w.-]/g, "-")}${address.slice(address.lastIndexOf("@"))}>`,
    from: { name: context.config.owner.replace(/\p{Cc}/gu, " ").trim(), address },
    to: to.map(wireAddress),
    cc: cc.map(wireAddress),
    bcc: bcc.map(wireAddress),
    ...{ subject, body, inReplyTo },
    references: thread,
    at: context.now,
  };
}
