import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { defineOutside } from "../kernel/legacy.ts";
import { accountOf, folderOf, hostsOf, loginOf, type MailDeps, mailPermissions } from "./mail-account.ts";
import { accountNameSchema, folderSchema, uidSchema } from "./mail-read.ts";

const input = z.strictObject({
  account: accountNameSchema.optional(),
  /** INBOX where absent. */
  folder: folderSchema.optional(),
  uid: uidSchema,
  /** As `mail.read` gave it: after a change of it, the same UID is another mail. */
  uidValidity: z.string().max(20),
});
const output = z.strictObject({ account: z.string(), trash: z.string(), uid: z.number().nullable() });

/** Moves one mail to the trash. Nothing is ever expunged. */
export function deleteMailSkill({ mail, secrets }: MailDeps) {
  return defineOutside<z.infer<typeof input>, z.infer<typeof output>>({
    manifest: {
      name: "mail.delete",
      version: "1.0.0",
      title: "Move a mail to the trash",
      input,
      output,
      effects: ["local"],
      permissions: mailPermissions,
      control: ["account", "folder", "uid", "uidValidity"],
      provenance: { types: { uid: "id" }, takes: { uid: "mail", uidValidity: "mail" } },
      undo: "move it back from the trash in your mail program",
      retry: "never",
      event: "mail.deleted",
    },
    classify: ({ account }, config) => ({
      effect: "local",
      risk: "high",
      scope: { hosts: hostsOf(config, account, "imap") },
    }),
    async run({ account: name, folder = "INBOX", uid, uidValidity }, { config, signal }) {
      const account = accountOf(config, name);
      const login = await loginOf(account, "imap", secrets, signal);
      return (await mail()).mailbox(login, async (mailbox) => {
        const trash = await folderOf(account, mailbox, "trash");
        if (trash === folder)
          throw new Fault("mail.failed", `It lies in ${trash} already, and mh deletes nothing there.`);
        const opened = await mailbox.open(folder, "write");
        if (opened.uidValidity !== uidValidity) {
          const what = `The server numbered the mails of ${folder} anew since you read it`;
          throw new Fault("mail.failed", `${what}. Nothing was moved; read the folder again.`);
        }
        const found = await mailbox.search({ uid });
        if (found.length === 0) throw new Fault("mail.failed", `There is no message ${uid} in ${folder} any more.`);
        return { account: account.name, trash, uid: (await mailbox.move(uid, trash)) ?? null };
      });
    },
  });
}
