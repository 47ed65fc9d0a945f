import { mailSend, recipientsOf } from "@mh/contract/mail.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { defineOutside } from "../kernel/skill.ts";
import type { Letter, Mail } from "../ports/mail.ts";
import { accountOf, folderOf, hostsOf, loginOf, type MailDeps } from "./mail-account.ts";
import { letterOf } from "./mail-letter.ts";
import type { MailAccount } from "./settings.ts";

export function sendMailSkill({ mail, secrets }: MailDeps) {
  return defineOutside(mailSend, {
    stored: "kept",
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
