import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { canonicalAddress, mailAddressSchema } from "./values/mail-address.ts";
import { mailMessageSchema } from "./values/mail-message.ts";
import { instantSchema } from "./values/text.ts";

const account = () =>
  z.string().max(64).optional().describe("Name of a mail account in the settings; the first one where it is left out");
const folder = (use: string) =>
  z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}%*]+$/u, "a folder's name has no control characters, no % and no *")
    .optional()
    .describe(`${use}; INBOX where it is left out`);
const uid = () =>
  z
    .number()
    .int()
    .min(1)
    .max(2 ** 32 - 1);

/** The servers and the password of an account, as the settings name them. */
const permissions = { hosts: ["settings"], secrets: ["settings"] };

/**
 * Reads mails, the newest first. Attachments stay on the server, and nothing counts as read afterwards.
 *
 * Its answer is kept only where the owner had to approve it. Kept each time it would copy other people's letters into
 * the home again and again: with 50 mails a day the 288 reads of `email-monitor` give 54 different answers, which are
 * 5 MB a day and half a gigabyte in the 90 days of objects. The server has them still, and a new id reads them again.
 */
export const mailRead = defineContract({
  name: "mail.read",
  kind: "outside",
  title: "Read your mail",
  input: () =>
    z.strictObject({
      account: account(),
      folder: folder("Folder to read"),
      since: instantSchema
        .optional()
        .describe("Only mails that the server took in at or after it, ISO 8601; all where it is left out"),
      after: z
        .number()
        .int()
        .min(0)
        .optional()
        .describe("Only mails with a higher number, and of these the earliest; the newest where it is left out"),
      unseenOnly: z.boolean().optional().describe("Only mails that do not count as read; all where it is left out"),
      limit: z
        .number()
        .int()
        .min(1)
        .max(50)
        .optional()
        .describe("How many mails at most, 1 to 50; 20 where it is left out"),
      uid: uid().optional().describe("Number of one mail, to read it alone and more of its text"),
    }),
  output: () =>
    z.strictObject({
      account: z.string().describe("Name of the account that was read"),
      folder: z.string().describe("Folder that was read"),
      uidValidity: z.string().describe("UIDs mean something only together with this"),
      messages: z.array(mailMessageSchema()).describe("The newest first"),
      more: z.boolean().describe("There are more that match"),
      through: z.number().nullable().describe("The highest number that was looked at; null where none was"),
    }),
  examples: [
    { title: "The unread mails, five at most", args: { unseenOnly: true, limit: 5 } },
    { title: "One mail, with more of its text", args: { uid: 4711 } },
  ],
  effects: ["fetch"],
  permissions,
  control: ["account", "folder"],
  provenance: {
    types: { folder: "folder" },
    takes: { uid: "mail" },
    defaults: { folder: "INBOX" },
    ids: { uid: "mail" },
    fields: {
      ...{ uid: "record", receivedAt: "record", seen: "record", sizeBytes: "record" },
      ...{ signedBy: "party", "to.address": "label", "cc.address": "label" },
    },
    author: "signedBy",
    writers: "anyone",
    private: true,
  },
  retry: "safe",
  pointers: { folder: "it reads what is there when it runs" },
  event: "mail.read",
});

/** Who wrote a mail: on the owner's list of those who always matter, in the owner's memory, the owner, or anybody else. */
const mailSenders = ["vip", "contact", "yourself", "stranger"] as const;

/** How much a mail matters now, and why. */
export const triagedMailSchema = once(() =>
  z.strictObject({
    uid: z.number().describe("The mail's number, as it was given"),
    sender: z.enum(mailSenders).describe("Who wrote it, as far as the owner's data know"),
    urgency: z.enum(["high", "normal", "low"]).describe("What becomes of it"),
    score: z.number().min(0).max(1).describe("How much it matters, 0 to 1"),
    reasons: z.array(z.string()).describe("Why, each in a few words"),
  }),
);
export type TriagedMail = z.infer<ReturnType<typeof triagedMailSchema>>;

/** Says of each mail how much it matters now, and why. No model is asked. */
export const mailTriage = defineContract({
  name: "mail.triage",
  kind: "query",
  title: "Tell urgent mail from the rest",
  input: () =>
    z.strictObject({
      messages: z.array(mailMessageSchema()).max(50).describe("Mails as `mail.read` gave them, 50 at most"),
    }),
  output: () => z.strictObject({ messages: z.array(triagedMailSchema()).describe("In the order they were given") }),
  examples: [
    {
      title: "One mail from somebody unknown",
      args: {
        messages: [
          {
            ...{
              uid: 7,
              messageId: "<7@example.org>",
              inReplyTo: null,
              references: [],
              origin: "mail:tom@example.org",
            },
            from: { name: "Tom", address: "tom@example.org" },
            ...{ to: [], cc: [], subject: "Tea", date: null, receivedAt: "2026-05-08T13:56:00Z", seen: false },
            ...{ sizeBytes: 1200, bulk: [], isForged: false, repliesToYou: false, text: "Tea at four?", isCut: false },
            ...{ attachments: [], problem: null },
          },
        ],
      },
    },
  ],
});

const messageId = once(() =>
  z
    .string()
    .max(300)
    .regex(/^<[^<>\s\p{Cc}]+>$/u, "a Message-ID is written as <1@example.org>"),
);
const recipients = once(() => z.array(mailAddressSchema).max(50));

/** What a draft and a mail that is sent have in common. Nothing in it can begin a header of its own. */
const letterShape = () => ({
  account: account(),
  to: recipients()
    .min(1, "a mail has somebody to go to")
    .describe("Addresses it goes to, 1 to 50, as sarah@example.org"),
  cc: recipients().optional().describe("Addresses that get a copy, seen by all; nobody where it is left out"),
  subject: z
    .string()
    .max(500)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, "a subject is one line, without control characters")
    .describe("Its subject, on one line"),
  body: z.string().max(200_000).describe("What it says, as plain text"),
  inReplyTo: messageId().optional().describe("Message-ID of the mail it answers, in angle brackets"),
  references: z
    .array(messageId())
    .max(50)
    .optional()
    .describe("Message-IDs of the thread, the oldest first; the one it answers where it is left out"),
});

/** What of a letter controls it, and what it says. */
const letterFacts = {
  types: { to: "email", cc: "email", bcc: "email", inReplyTo: "id" },
  content: ["subject", "body"],
};

const placed = once(() => ({
  account: z.string().describe("Name of the account"),
  messageId: z.string().describe("Message-ID of the mail, in angle brackets"),
}));

/**
 * Lays a mail into the folder of drafts, for the owner to look at and send. It leaves the home and is one click from
 * being sent, so it is judged as what is sent.
 */
export const mailDraft = defineContract({
  name: "mail.draft",
  kind: "outside",
  title: "Write a draft into your mailbox",
  input: () => z.strictObject(letterShape()),
  output: () =>
    z.strictObject({
      ...placed(),
      folder: z.string().describe("The folder of drafts"),
      uid: z.number().nullable().describe("Its number there; null where the server does not say"),
    }),
  examples: [{ title: "A draft to one person", args: { to: ["sarah@example.org"], subject: "Tea", body: "At four?" } }],
  effects: ["send"],
  permissions,
  control: ["account", "to", "cc"],
  provenance: letterFacts,
  undo: "delete the draft in your mail program",
  retry: "safe",
  event: "mail.drafted",
});

/** Sends a mail, and lays a copy into the folder of sent mails. */
export const mailSend = defineContract({
  name: "mail.send",
  kind: "outside",
  title: "Send a mail",
  input: () =>
    z
      .strictObject({
        ...letterShape(),
        bcc: recipients().optional().describe("Addresses that get a copy, seen by nobody; nobody where it is left out"),
      })
      .refine((args) => recipientsOf(args).length <= 50, "a mail goes to at most 50"),
  output: () =>
    z.strictObject({
      ...placed(),
      accepted: z.array(z.string()).describe("Addresses that the server takes it for"),
      rejected: z.array(z.string()).describe("Addresses that the server refused: they got nothing"),
      copy: z.string().nullable().describe("The folder that keeps a copy; null where there is none"),
      copyProblem: z.string().nullable().describe("Why there is no copy; null where there is one"),
    }),
  examples: [
    { title: "A mail to one person", args: { to: ["sarah@example.org"], subject: "Tea", body: "At four?" } },
    {
      title: "A mail with copies",
      args: { to: ["sarah@example.org"], cc: ["tom@example.org"], subject: "Tea", body: "At four, all of us?" },
    },
  ],
  effects: ["send"],
  permissions,
  control: ["account", "to", "cc", "bcc"],
  provenance: letterFacts,
  event: "mail.sent",
});

/** Moves one mail to the trash. Nothing is ever expunged. */
export const mailDelete = defineContract({
  name: "mail.delete",
  kind: "outside",
  title: "Move a mail to the trash",
  input: () =>
    z.strictObject({
      account: account(),
      folder: folder("Folder that it lies in"),
      uid: uid().describe("Its number in the folder, as `mail.read` gave it"),
      uidValidity: z
        .string()
        .max(20)
        .describe(
          "As `mail.read` gave it: after a change of it, the same number is another mail, and nothing is moved",
        ),
    }),
  output: () =>
    z.strictObject({
      account: z.string().describe("Name of the account"),
      trash: z.string().describe("The folder that it lies in now"),
      uid: z.number().nullable().describe("Its number there; null where the server does not say"),
    }),
  examples: [{ title: "A mail of the inbox", args: { uid: 4711, uidValidity: "1" } }],
  effects: ["local"],
  permissions,
  // uidValidity chooses nothing: with another one nothing is moved.
  control: ["account", "folder", "uid"],
  provenance: { types: { uid: "id", folder: "folder" }, takes: { uid: "mail" }, defaults: { folder: "INBOX" } },
  undo: "move it back from the trash in your mail program",
  pointers: { uid: "pinned" },
  event: "mail.deleted",
});

/** Everybody a mail goes to, each once, in canonical form. */
export function recipientsOf(letter: {
  to: readonly string[];
  cc?: readonly string[] | undefined;
  bcc?: readonly string[] | undefined;
}): string[] {
  const { to, cc = [], bcc = [] } = letter;
  return [...new Set([...to, ...cc, ...bcc].map(canonicalAddress))];
}
