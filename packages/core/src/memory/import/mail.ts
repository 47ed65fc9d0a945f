import PostalMime, { type Address, type Attachment, decodeWords, type Email, type Mailbox } from "postal-mime";
import { utf8 } from "../../ports/bytes.ts";
import { bounded, oneLine, storable } from "./bounded.ts";
import type { CalendarContext } from "./calendar.ts";
import type { Found } from "./found.ts";
import { withCharset } from "./mail-charset.ts";
import { envelopeDate, mailDate, receivedDate } from "./mail-date.ts";
import { reflowed, unflowed } from "./mail-flowed.ts";
import { invitationsIn, isCalendar } from "./mail-invitations.ts";
import { textOfHtml } from "./mail-text.ts";

export interface MailContext extends CalendarContext {
  /** What to call it in the report, until its subject is known. */
  where: string;
  /** The mbox's `From ` line, for a mail without a date. */
  envelope?: string;
  /** What the mailbox says of it: its folder, its flags. */
  tags?: string[];
  /** The last of a file: what was written when the disk was full or the download stopped. */
  isLast?: boolean;
}

const headersMax = 1_000_000;
const linesMax = 1_000_000;
const partsMax = 50_000;

/**
 * One mail (RFC 5322, MIME) as a memory. It is known by its Message-ID, else by the hash of what it is, so that it is the
 * same mail in an mbox and in a Maildir. Attachments are named and not kept.
 */
export async function parseMail(bytes: Uint8Array, context: MailContext): Promise<Found[]> {
  const refused = (reason: string) => [{ refused: reason, externalId: null, where: context.where }];
  if (!hasWholeHeaders(bytes, context.isLast === true)) return refused("It is cut off: its headers never end.");
  const tooMuch = tooMuchIn(bytes);
  if (tooMuch !== undefined) return refused(tooMuch);
  const plain = withCharset(bytes);
  const mail = await read(plain.bytes);
  if (typeof mail === "string") return refused(mail);
  const id = idOf(mail.messageId) ?? `sha256:${context.sha256Hex(normalized(bytes)).slice(0, 32)}`;
  const where = mail.subject ? `${context.where} (${oneLine(mail.subject, 80)})` : context.where;
  if (!mail.headers.some(({ key }) => knownHeaders.has(key)))
    return [{ refused: "It has none of the headers that a mail has.", externalId: null, where }];
  const reason = unwanted(mail);
  if (reason !== undefined) return [{ note: reason, where }];
  if (context.isLast && !isClosed(mail, bytes))
    return [{ refused: "It is cut off: its last part never ends.", externalId: id, where }];
  const guessed = plain.note === undefined ? [] : [{ note: plain.note, where }];
  return [...(await memoryOf(mail, id, where, context)), ...guessed];
}

async function memoryOf(mail: Email, id: string, where: string, context: MailContext): Promise<Found[]> {
  const notes: Found[] = [];
  const at = dateOf(mail, context, notes, where);
  const [from] = mailboxes([mail.from ?? mail.sender]);
  const people = mailboxes([mail.from, ...(mail.to ?? []), ...(mail.cc ?? [])]).filter(
    ({ name, address }) => name !== "" && name !== address,
  );
  const found = bounded(
    {
      externalId: id,
      content: await contentOf(mail, notes, where),
      source: "mail",
      session: `mail:${threadOf(mail) ?? id}`,
      tags: ["mail", ...(context.tags ?? []), ...labelsOf(mail)],
      entities: people.map(({ name }) => ({ name, kind: "person" as const })),
      ...(at !== undefined && { at, datedBy: "header" as const }),
      ...(from && { speaker: from.name || from.address, origin: `mail:${from.address.toLowerCase()}` }),
    },
    where,
  );
  return [...found, ...invitationsIn(mail, { id, where, from: from?.address }, context), ...notes];
}

/** The library holds every line and part as an object of its own: millions of them are an attack on memory. */
function tooMuchIn(bytes: Uint8Array): string | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let lines = 0;
  let parts = 0;
  for (let at = view.indexOf(0x0a); at !== -1; at = view.indexOf(0x0a, at + 1)) {
    lines += 1;
    if (view[at + 1] === 0x2d && view[at + 2] === 0x2d) parts += 1;
  }
  if (lines > linesMax) return "It has more than a million lines.";
  return parts > partsMax ? "It has more than 50,000 parts." : undefined;
}

async function read(bytes: Uint8Array): Promise<Email | string> {
  try {
    const { bytes: plain, isFlowed, isDelSp } = unflowed(bytes);
    const mail = await PostalMime.parse(plain, {
      ...{ maxHeadersSize: headersMax, maxNestingDepth: 50 },
      // The library would write a forwarded mail's date in this machine's zone.
      forceRfc822Attachments: true,
    });
    return isFlowed && mail.text !== undefined ? { ...mail, text: reflowed(mail.text, isDelSp) } : mail;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    if (reason.includes("header size")) return "Its headers are larger than 1 MB.";
    if (reason.includes("nesting")) return "Its parts are nested more than 50 deep.";
    return "It cannot be read as a mail.";
  }
}

/** An mbox's empty line before the next separator is none of the mail's: headers alone may end in one line feed there. */
function hasWholeHeaders(bytes: Uint8Array, isLast: boolean): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.includes("\n\n") || view.includes("\n\r\n") || (!isLast && view.at(-1) === 0x0a);
}

/** Whether the outermost multipart has its closing boundary (RFC 2046 §5.1.1). */
function isClosed(mail: Email, bytes: Uint8Array): boolean {
  const type = mail.headers.find(({ key }) => key === "content-type")?.value ?? "";
  const boundary = /^multipart\/.*\bboundary=(?:"([^"]+)"|([^\s;]+))/is.exec(type);
  if (!boundary) return true;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.includes(`--${boundary[1] ?? boundary[2]}--`);
}

/** Why it is no mail that anyone kept. */
function unwanted(mail: Email): string | undefined {
  const value = (name: string) => mail.headers.find(({ key }) => key === name)?.value ?? "";
  if (mail.subject === "DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA")
    return "It is the mailbox's own bookkeeping and was passed over.";
  // Mozilla keeps deleted mails in the file until the folder is compacted: 0x8 is "expunged".
  if ((Number.parseInt(value("x-mozilla-status"), 16) || 0) & 0x8 || /D/.test(value("x-status")))
    return "It was deleted and was passed over.";
  if (/T/.test(value("x-status"))) return "It is a draft and was passed over.";
  return gmailLabels(mail).some(isUnwantedFolder) ? "It lies in drafts, spam or trash and was passed over." : undefined;
}

/** Whether a folder or label of that name holds what was never sent, never wanted or thrown away. */
export function isUnwantedFolder(name: string): boolean {
  return /^(?:drafts?|spam|junk(?: e-?mail)?|trash|bin|deleted(?: items| messages)?|entwürfe|papierkorb|gelöscht.*|brouillons|corbeille|indésirables)$/i.test(
    name.trim(),
  );
}

const knownHeaders = new Set(["from", "to", "subject", "date", "message-id", "received", "sender", "return-path"]);

const forwardedMax = 20;
const depthMax = 5;

async function contentOf(mail: Email, notes: Found[], where: string, depth = 0): Promise<string> {
  const subject = oneLine(mail.subject ?? "", 1_000);
  const isMail = ({ mimeType }: Attachment) => mimeType === "message/rfc822" && depth < depthMax;
  const mails = mail.attachments.filter(isMail).slice(0, forwardedMax);
  const forwarded = await Promise.all(mails.map((each) => forwardedText(each, notes, where, depth)));
  // Calendars are read of the mail itself, not of those within it.
  const isRead = (each: Attachment) => mails.includes(each) || (depth === 0 && isCalendar(each));
  const others = mail.attachments.filter((each) => !isRead(each));
  const attached = others.map(({ filename, mimeType }) => oneLine(filename ?? mimeType, 200)).slice(0, 100);
  return [
    subject,
    bodyOf(mail, notes, where),
    ...forwarded,
    attached.length > 0 && `Attachments (not kept): ${attached.join(", ")}`,
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** A mail within a mail, with its date as it was written. */
async function forwardedText(each: Attachment, notes: Found[], where: string, depth: number): Promise<string> {
  const { content } = each;
  const bytes = typeof content === "string" ? utf8.encode(content) : new Uint8Array(content);
  const mail = tooMuchIn(bytes) ?? (await read(bytes));
  if (typeof mail === "string") {
    notes.push({ note: `A mail within it was not read. ${mail}`, where });
    return "";
  }
  const written = mail.headers.find(({ key }) => key === "date")?.value;
  const names = (all: readonly (Address | undefined)[]) =>
    mailboxes(all)
      .slice(0, 20)
      .map(({ name, address }) => (name === "" || name === address ? address : `${name} <${address}>`))
      .join(", ");
  const [from, to] = [names([mail.from ?? mail.sender]), names(mail.to ?? [])];
  const head = [from && `From: ${from}`, to && `To: ${to}`, written && `Date: ${oneLine(written, 100)}`];
  const said = await contentOf(mail, notes, where, depth + 1);
  return `${["Forwarded mail", ...head.filter(Boolean)].join("\n")}\n\n${said}`;
}

function bodyOf({ text = "", html = "" }: Email, notes: Found[], where: string): string {
  if (storable(text) !== "" || html === "") return storable(text);
  try {
    const { text: read, isCut } = textOfHtml(html);
    if (isCut) notes.push({ note: "Only the first 500,000 characters of its HTML were read.", where });
    return storable(read);
  } catch {
    notes.push({ note: "Its HTML cannot be read; only its subject was taken.", where });
    return "";
  }
}

/** What the writer says, else the servers on its way, else the mailbox. Which of them it was is said. */
function dateOf(mail: Email, { envelope = "" }: MailContext, notes: Found[], where: string): string | undefined {
  const values = (name: string) => mail.headers.filter(({ key }) => key === name).map(({ value }) => value);
  const [date = ""] = values("date");
  const written = mailDate(date);
  if (written !== undefined) return written;
  const taken = receivedDate(values("received")) ?? envelopeDate(envelope);
  if (taken === undefined) notes.push({ note: "It has no date that can be read.", where });
  else if (date.trim() !== "") notes.push({ note: "Its date cannot be read; it has that of its arrival.", where });
  return taken;
}

function threadOf(mail: Email): string | undefined {
  return idOf(mail.references) ?? idOf(mail.inReplyTo);
}

/** The first id in a header, without its brackets. */
export function idOf(header: string | undefined): string | undefined {
  const written = header?.trim() ?? "";
  const id = /<([^<>]{1,998})>/.exec(written)?.[1] ?? /^\S{1,998}$/.exec(written)?.[0];
  return id?.replace(/\s+/g, "") || undefined;
}

export function mailboxes(addresses: readonly (Address | undefined)[]): Mailbox[] {
  return addresses
    .flatMap((address) => (address === undefined ? [] : address.address === undefined ? address.group : [address]))
    .map((mailbox) => ({ ...mailbox, name: oneLine(mailbox.name.replace(/^["']+|(?<!["'])["']+$/g, ""), 200) }))
    .filter(({ name, address }) => name !== "" || address !== "");
}

function labelsOf(mail: Email): string[] {
  const keywords = mail.headers
    .filter(({ key }) => key === "x-keywords" || key === "keywords")
    .flatMap(({ value }) => decodeWords(value).split(/[,;]|\s{2,}/));
  return [...gmailLabels(mail), ...keywords].map((label) => label.trim()).filter((label) => !mailStates.has(label));
}
const mailStates = new Set(["", "Inbox", "Unread", "Opened", "Archived", "Sent", "Important"]);

function gmailLabels(mail: Email): string[] {
  const header = mail.headers.find(({ key }) => key === "x-gmail-labels")?.value ?? "";
  return decodeWords(header)
    .split(",")
    .map((label) => label.trim().replace(/^"|"$/g, ""))
    .filter(Boolean);
}

/** Bytes that differ only in line ends are the same mail. */
function normalized(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString("latin1")
    .replaceAll("\r", "")
    .trimEnd();
}
