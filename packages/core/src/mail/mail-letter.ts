import type { ProvenanceFacts } from "@mh/contract/contract.ts";
import { canonicalAddress, mailAddressSchema, wireAddress } from "@mh/contract/values/mail-address.ts";
import { z } from "zod";
import type { Letter } from "../ports/mail.ts";
import { accountNameSchema } from "./mail-read.ts";
import type { MailAccount } from "./settings.ts";

const messageIdSchema = z
  .string()
  .max(300)
  .regex(/^<[^<>\s\p{Cc}]+>$/u, "a Message-ID is written as <1@example.org>");
const recipientsSchema = z.array(mailAddressSchema).max(50);

/** What a draft and a mail that is sent have in common. Nothing in it can begin a header of its own. */
export const letterShape = {
  account: accountNameSchema.optional(),
  to: recipientsSchema.min(1, "a mail has somebody to go to"),
  cc: recipientsSchema.optional(),
  subject: z
    .string()
    .max(500)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, "a subject is one line, without control characters"),
  body: z.string().max(200_000),
  inReplyTo: messageIdSchema.optional(),
  references: z.array(messageIdSchema).max(50).optional(),
};

/** What of a letter steers it, and what it says. */
export const letterFacts: ProvenanceFacts = {
  types: { to: "email", cc: "email", bcc: "email", inReplyTo: "id" },
  content: ["subject", "body"],
};

interface LetterArgs {
  to: readonly string[];
  cc?: readonly string[] | undefined;
  bcc?: readonly string[] | undefined;
  subject: string;
  body: string;
  inReplyTo?: string | undefined;
  references?: readonly string[] | undefined;
}

/** Everybody it goes to, each once, for the scope. */
export function recipientsOf({ to, cc = [], bcc = [] }: Pick<LetterArgs, "to" | "cc" | "bcc">): string[] {
  return [...new Set([...to, ...cc, ...bcc].map(canonicalAddress))];
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
