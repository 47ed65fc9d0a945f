import { mailDraft, recipientsOf } from "@mh/contract/mail.ts";
import { defineOutside } from "../kernel/skill.ts";
import { accountOf, folderOf, hostsOf, loginOf, type MailDeps } from "./mail-account.ts";
import { letterOf } from "./mail-letter.ts";

export function draftMailSkill({ mail, secrets }: MailDeps) {
  return defineOutside(mailDraft, {
    stored: "kept",
    classify: (args, config) => ({
      effect: "send",
      risk: "low",
      scope: { hosts: hostsOf(config, args.account, "imap"), recipients: recipientsOf(args) },
    }),
    async run(args, context) {
      const account = accountOf(context.config, args.account);
      const login = await loginOf(account, "imap", secrets, context.signal);
      const letter = letterOf(args, context, account);
      const { messageId } = letter;
      const port = await mail();
      return port.mailbox(login, async (mailbox) => {
        const folder = await folderOf(account, mailbox, "drafts");
        await mailbox.open(folder, "write");
        const [earlier] = await mailbox.search({ messageId });
        const uid =
          earlier ?? (await mailbox.append(folder, await port.compose(letter), ["\\Draft", "\\Seen"], letter.at));
        return { account: account.name, folder, uid: uid ?? null, messageId };
      });
    },
  });
}
