import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { defineOutside } from "../kernel/legacy.ts";
import type { Letter, Mail } from "../ports/mail.ts";
import { accountOf, folderOf, hostsOf, loginOf, type MailDeps, mailPermissions } from "./mail-account.ts";
import { letterFacts, letterOf, letterShape, recipientsOf } from "./mail-letter.ts";
import type { MailAccount } from "./settings.ts";

const input = z
  .strictObject({ ...letterShape, bcc: letterShape.cc })
  .refine((args) => recipientsOf(args).length <= 50, "a mail goes to at most 50");

const output = z.strictObject({
  account: z.string(),
  messageId: z.string(),
  accepted: z.array(z.string()),
  /** Addresses that the server refused: they got nothing. */
  rejected: z.array(z.string()),
  /** The folder that keeps a copy; null where there is none, and `copyProblem` says why. */
  copy: z.string().nullable(),
  copyProblem: z.string().nullable(),
});

/** Sends a mail, and lays a copy into the folder of sent mails. */
export function sendMailSkill({ mail, secrets }: MailDeps) {
  return defineOutside<z.infer<typeof input>, z.infer<typeof output>>({
    manifest: {
      name: "mail.send",
      version: "1.0.0",
      title: "Send a mail",
      input,
      output,
      effects: ["send"],
      permissions: mailPermissions,
      control: ["account", "to", "cc", "bcc"],
      provenance: letterFacts,
      undo: null,
      retry: "never",
      event: "mail.sent",
    },
    classify: (args, config) => ({
      effect: "send",
      risk: "medium",
      scope: { hosts: hostsOf(config, args.account, "smtp", "imap"), recipients: recipientsOf(args) },
    }),
    async run(args, context) {
      const account = accountOf(context.config, args.account);
      const login = await loginOf(account, "smtp", secrets, context.signal);
      const letter = letterOf(args, context, account);
      const { from, to, cc, bcc, messageId } = letter;
      const port = await mail();
      const message = await port.compose(letter);
      const envelope = { from: from.address, to: [...new Set([...to, ...cc, ...bcc])] };
      const { accepted, rejected } = await port.submit(login, envelope, message);
      context.note({ accepted: accepted.length, rejected: rejected.length });
      const copy = await keepCopy(port, account, letter, () => loginOf(account, "imap", secrets, context.signal));
      return { account: account.name, messageId, accepted, rejected, ...copy };
    },
  });
}

/** What was sent stays sent, whatever becomes of its copy. Some servers have made one themselves by now. */
async function keepCopy(
  port: Mail,
  account: MailAccount,
  letter: Letter,
  login: () => ReturnType<typeof loginOf>,
): Promise<{ copy: string | null; copyProblem: string | null }> {
  try {
    return await port.mailbox(await login(), async (mailbox) => {
      const folder = await folderOf(account, mailbox, "sent");
      await mailbox.open(folder, "write");
      const [earlier] = await mailbox.search({ messageId: letter.messageId });
      if (earlier === undefined) {
        await mailbox.append(folder, await port.compose(letter, { withBcc: true }), ["\\Seen"], letter.at);
      }
      return { copy: folder, copyProblem: null };
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { copy: null, copyProblem: error.message };
  }
}
