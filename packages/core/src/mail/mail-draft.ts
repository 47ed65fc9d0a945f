import { z } from "zod";
import { defineOutside } from "../kernel/legacy.ts";
import { accountOf, folderOf, hostsOf, loginOf, type MailDeps, mailPermissions } from "./mail-account.ts";
import { letterFacts, letterOf, letterShape, recipientsOf } from "./mail-letter.ts";

const input = z.strictObject(letterShape);
const output = z.strictObject({
  account: z.string(),
  folder: z.string(),
  uid: z.number().nullable(),
  messageId: z.string(),
});

/**
 * Lays a mail into the folder of drafts, for the owner to look at and send. It leaves the home and is one click from
 * being sent, so it is judged as what is sent.
 */
export function draftMailSkill({ mail, secrets }: MailDeps) {
  return defineOutside<z.infer<typeof input>, z.infer<typeof output>>({
    manifest: {
      name: "mail.draft",
      version: "1.0.0",
      title: "Write a draft into your mailbox",
      input,
      output,
      effects: ["send"],
      permissions: mailPermissions,
      control: ["account", "to", "cc"],
      provenance: letterFacts,
      undo: "delete the draft in your mail program",
      retry: "safe",
      event: "mail.drafted",
    },
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
