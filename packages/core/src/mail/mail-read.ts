import type { ArgsOf } from "@mh/contract/contract.ts";
import { mailRead } from "@mh/contract/mail.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { canonicalAddress } from "@mh/contract/values/mail-address.ts";
import type { MailMessage } from "@mh/contract/values/mail-message.ts";
import { defineOutside } from "../kernel/skill.ts";
import type { Mailbox } from "../ports/mail.ts";
import { accountOf, hostsOf, loginOf, type MailDeps } from "./mail-account.ts";

const brief = { textMax: 8_000, bytesMax: 64_000 };
const whole = { textMax: 200_000, bytesMax: 1_000_000 };

export function readMailSkill({ mail, secrets }: MailDeps) {
  return defineOutside(mailRead, {
    stored: "approved",
    classify: ({ account }, config) => ({
      effect: "fetch",
      risk: "low",
      scope: { hosts: hostsOf(config, account, "imap") },
    }),
    async run({ account: name, folder = "INBOX", ...wanted }, { config, signal, note }) {
      const account = accountOf(config, name);
      const login = await loginOf(account, "imap", secrets, signal);
      return (await mail()).mailbox(login, async (mailbox) => {
        const { uidValidity } = await mailbox.open(folder);
        const { uids, more } = await chosen(mailbox, wanted);
        const messages = await read(mailbox, uids, wanted.uid === undefined ? brief : whole, account.authServer);
        const since = wanted.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(wanted.since);
        const fresh = messages.filter(({ receivedAt }) => receivedAt === null || Date.parse(receivedAt) >= since);
        const sent = account.folders.sent ?? (await mailbox.folderFor("sent"));
        const answers =
          sent === folder
            ? fresh.map((message) => ownMail(message, account.address))
            : await repliesAmong(mailbox, sent, fresh);
        note({ messages: fresh.length });
        const through = uids.length === 0 ? null : Math.max(...uids);
        return { account: account.name, folder, uidValidity, messages: answers, more, through };
      });
    },
  });
}

/** What lies among the sent mails, the owner's own programs put there. */
function ownMail(message: MailMessage, own: string): MailMessage {
  const address = message.from?.address;
  return address !== undefined && canonicalAddress(address) === canonicalAddress(own)
    ? { ...message, signedBy: address }
    : message;
}

async function chosen(
  mailbox: Mailbox,
  {
    since,
    unseenOnly = false,
    limit = 20,
    uid,
    after,
  }: Pick<ArgsOf<typeof mailRead>, "since" | "unseenOnly" | "limit" | "uid" | "after">,
): Promise<{ uids: number[]; more: boolean }> {
  if (uid !== undefined) {
    const uids = await mailbox.search({ uid });
    if (uids.length === 0) throw new Fault("mail.failed", `There is no message ${uid} there any more.`);
    return { uids, more: false };
  }
  const matching =
    since === undefined && !unseenOnly && after === undefined
      ? await mailbox.latest(limit + 1)
      : await mailbox.search({
          unseen: unseenOnly,
          ...(since !== undefined && { sinceDay: dayBefore(since) }),
          ...(after !== undefined && { after }),
        });
  const uids = after === undefined ? matching.slice(0, limit) : matching.slice(-limit);
  return { uids, more: matching.length > limit };
}

/** IMAP knows whole days, and each server its own time zone. */
const dayBefore = (since: string): Date => new Date(Date.parse(since) - 86_400_000);

async function read(
  mailbox: Mailbox,
  uids: readonly number[],
  { textMax, bytesMax }: { textMax: number; bytesMax: number },
  authServer: string | undefined,
): Promise<MailMessage[]> {
  // The parsers are loaded when there is mail.
  const { messageOf, numberOf, textPartOf } = await import("./mail-parse.ts");
  const summaries = await mailbox.summaries(uids);
  const parts = new Map(summaries.map(({ uid, structure }) => [uid, textPartOf(structure)]));
  const numbers = new Map<string, number[]>();
  for (const [uid, part] of parts) {
    if (part) numbers.set(numberOf(part), [...(numbers.get(numberOf(part)) ?? []), uid]);
  }
  const texts = new Map<number, Uint8Array>();
  for (const [number, of] of numbers) {
    for (const [uid, bytes] of await mailbox.parts(of, number, bytesMax)) texts.set(uid, bytes);
  }
  return Promise.all(
    summaries.map((summary) => {
      const part = parts.get(summary.uid);
      const bytes = texts.get(summary.uid);
      return messageOf(summary, part && bytes && { part, bytes }, textMax, authServer);
    }),
  );
}

/** Marks what answers a mail of the owner's: its Message-ID lies in the folder of sent mails. */
async function repliesAmong(
  mailbox: Mailbox,
  sent: string | undefined,
  messages: readonly MailMessage[],
): Promise<MailMessage[]> {
  const answeredBy = ({ inReplyTo, references }: MailMessage) => inReplyTo ?? references.at(-1);
  const asked = [...new Set(messages.flatMap((message) => answeredBy(message) ?? []))];
  if (sent === undefined || asked.length === 0) return [...messages];
  await mailbox.open(sent);
  const own = await mailbox.holds(asked);
  return messages.map((message) => ({ ...message, repliesToYou: own.has(answeredBy(message) ?? "") }));
}
