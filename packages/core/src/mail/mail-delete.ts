import { mailDelete } from "@mh/contract/mail.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { defineOutside } from "../kernel/skill.ts";
import { accountOf, folderOf, hostsOf, loginOf, type MailDeps } from "./mail-account.ts";

export function deleteMailSkill({ mail, secrets }: MailDeps) {
  return defineOutside(mailDelete, {
    stored: "kept",
    classify: ({ account }, config) => ({
      effect: "local",
      risk: "high",
      scope: { hosts: hostsOf(config, account, "imap") },
    }),
    // A number and its validity name one message that never changes (RFC 3501 §2.3.1.1): what is pinned is what is shown.
    async pin({ account: name, folder = "INBOX", uid, uidValidity }, { config, signal }) {
      const login = await loginOf(accountOf(config, name), "imap", secrets, signal);
      return (await mail()).mailbox(login, async (mailbox) => {
        const what = `mail ${uid} in ${folder}`;
        const [summary] =
          (await mailbox.open(folder)).uidValidity === uidValidity ? await mailbox.summaries([uid]) : [];
        if (!summary) return { pins: [{ argument: "uid", what, hash: "none" }] };
        const { from, subject, date } = await (await import("./mail-parse.ts")).messageOf(summary, undefined, 0);
        const shows = `from: ${from?.address ?? "nobody"}\nsubject: ${subject}\ndate: ${date ?? "none"}`;
        return { pins: [{ argument: "uid", what, hash: `${uidValidity}/${uid}`, shows }] };
      });
    },
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
