import type { MailMessage } from "@mh/contract/values/mail-message.ts";
import PostalMime, { type Address, decodeWords, type Email } from "postal-mime";
import { oneLine, storable } from "../memory/import/bounded.ts";
import { idOf, mailboxes } from "../memory/import/mail.ts";
import { mailDate } from "../memory/import/mail-date.ts";
import { reflowed } from "../memory/import/mail-flowed.ts";
import { textOfHtml } from "../memory/import/mail-text.ts";
import { utf8 } from "../ports/bytes.ts";
import type { MailPart, MailSummary } from "../ports/mail.ts";

const nodesMax = 1_000;
const linesMax = 10_000;
const attachmentsMax = 50;
const peopleMax = 50;

/** What is to be fetched for the text of a message: its first plain part, else its first HTML part. */
export function textPartOf(structure: MailPart | undefined): MailPart | undefined {
  const texts = leavesOf(structure).filter((leaf) => !isAttachment(leaf));
  return texts.find(({ type }) => type === "text/plain") ?? texts.find(({ type }) => type === "text/html");
}

/** By what name a server knows the only part of a message that has no parts. */
export const numberOf = ({ part = "1" }: MailPart): string => part;

/** A message from its headers, its structure and the first bytes of its text. No bytes make it throw. */
export async function messageOf(
  summary: MailSummary,
  text: { part: MailPart; bytes: Uint8Array } | undefined,
  textMax: number,
  authServer?: string,
): Promise<MailMessage> {
  const { uid, seen, sizeBytes, receivedAt, structure } = summary;
  const headers = await parsed(summary.headers);
  const value = (name: string) => headers?.headers.find(({ key }) => key === name)?.value ?? "";
  const [from] = people([headers?.from ?? headers?.sender]);
  const body = await textOf(text, textMax);
  const isSigned = from !== undefined && isAuthentic(value("authentication-results"), from.address, authServer);
  return {
    uid,
    messageId: bracketed(headers?.messageId),
    inReplyTo: bracketed(headers?.inReplyTo),
    references: [
      ...value("references")
        .slice(0, 20_000)
        .matchAll(/<[^<>\s]{1,300}>/g),
    ]
      .slice(-20)
      .map(([id]) => id),
    origin: from ? `mail:${from.address.toLowerCase()}` : "mail:",
    from: from ?? null,
    to: people(headers?.to ?? []),
    cc: people(headers?.cc ?? []),
    subject: oneLine(headers?.subject ?? "", 500),
    date: mailDate(value("date")) ?? null,
    ...{ receivedAt, seen, sizeBytes },
    bulk: bulkOf(value),
    isForged: isForged(value("authentication-results")),
    ...(isSigned && { signedBy: from.address }),
    repliesToYou: false,
    ...body,
    attachments: leavesOf(structure).filter(isAttachment).slice(0, attachmentsMax).map(attachmentName),
    problem: headers ? (structure ? body.problem : "Its parts cannot be told apart.") : "Its headers cannot be read.",
  };
}

/** The mail's own tree, without what is inside of mails that it carries. */
function leavesOf(structure: MailPart | undefined): MailPart[] {
  const leaves: MailPart[] = [];
  const waiting = structure ? [structure] : [];
  for (let seen = 0; waiting.length > 0 && seen < nodesMax; seen += 1) {
    const node = waiting.shift() as MailPart;
    if (node.type.startsWith("multipart/")) waiting.unshift(...(node.childNodes ?? []).slice(0, nodesMax));
    else leaves.push(node);
  }
  return leaves;
}

function isAttachment({ type, disposition = "", dispositionParameters }: MailPart): boolean {
  if (!/^text\/(?:plain|html)$/.test(type)) return true;
  return /^attachment$/i.test(disposition) || dispositionParameters?.filename !== undefined;
}

function attachmentName({ type, parameters, dispositionParameters }: MailPart): string {
  const name = dispositionParameters?.filename ?? parameters?.name;
  return oneLine(name ? decodeWords(name.slice(0, 1_000)) : type, 200);
}

async function textOf(
  text: { part: MailPart; bytes: Uint8Array } | undefined,
  textMax: number,
): Promise<Pick<MailMessage, "text" | "isCut" | "problem">> {
  if (!text) return { text: "", isCut: false, problem: null };
  const { part } = text;
  const bytes = firstLines(text.bytes);
  const isPart = bytes.length < Math.max(text.bytes.length, part.size ?? 0);
  try {
    const mail = await PostalMime.parse(joined(headersFor(part), bytes));
    const html = mail.html === undefined ? undefined : textOfHtml(mail.html);
    const whole = storable(html?.text ?? linesOf(mail.text ?? "", part));
    const isCut = isPart || html?.isCut === true || whole.length > textMax;
    return { text: whole.slice(0, textMax).toWellFormed(), isCut, problem: null };
  } catch {
    return { text: "", isCut: isPart, problem: "Its text cannot be read." };
  }
}

/** Lines that flow are joined here: the library would join quotes with what answers them. */
const linesOf = (text: string, { parameters = {} }: MailPart): string =>
  /^flowed$/i.test(parameters.format ?? "") ? reflowed(text, /^yes$/i.test(parameters.delsp ?? "")) : text;

/** The parser takes each line by itself, and empty ones cost as much as others. */
function firstLines(bytes: Uint8Array): Uint8Array {
  let at = -1;
  for (let lines = 0; lines < linesMax; lines += 1) {
    at = bytes.indexOf(0x0a, at + 1);
    if (at === -1) return bytes;
  }
  return bytes.subarray(0, at + 1);
}

/** The part as a mail of its own. What the structure says of it is untrusted, so only known forms pass. */
function headersFor({ type, parameters = {}, encoding = "" }: MailPart): string {
  const charset = isCharset(parameters.charset ?? "") ? parameters.charset : "utf-8";
  const known = /^(?:base64|quoted-printable|7bit|8bit|binary)$/i.test(encoding) ? encoding : "8bit";
  return `Content-Type: ${type}; charset="${charset}"\r\nContent-Transfer-Encoding: ${known}\r\n\r\n`;
}

function isCharset(label: string): boolean {
  try {
    return /^[\w.:+-]{1,40}$/.test(label) && new TextDecoder(label).encoding !== "replacement";
  } catch {
    return false;
  }
}

async function parsed(headers: Uint8Array): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(joined("", headers, "\r\n\r\n"));
  } catch {
    return undefined;
  }
}

function joined(before: string, bytes: Uint8Array, after = ""): Uint8Array {
  const parts = [utf8.encode(before), bytes, utf8.encode(after)];
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function people(addresses: readonly (Address | undefined)[]): { name: string; address: string }[] {
  return mailboxes(addresses.slice(0, 2 * peopleMax))
    .slice(0, peopleMax)
    .map(({ name, address }) => ({ name, address: oneLine(address ?? "", 320) }));
}

function bracketed(header: string | undefined): string | null {
  const id = idOf(header);
  return id === undefined || id.length > 300 ? null : `<${id}>`;
}

function bulkOf(value: (name: string) => string): string[] {
  const precedence = /\b(?:bulk|list|junk|auto_reply)\b/i.exec(value("precedence"))?.[0].toLowerCase();
  const automatic = /^\s*auto-[a-z]+/i.exec(value("auto-submitted"))?.[0].trim().toLowerCase();
  return [
    ...(value("list-id") ? ["List-Id"] : []),
    ...(value("list-unsubscribe") ? ["List-Unsubscribe"] : []),
    ...(precedence ? [`Precedence: ${precedence}`] : []),
    ...(automatic ? [`Auto-Submitted: ${automatic}`] : []),
  ];
}

/** Only the topmost such header counts: the owner's server puts its own above what came along. */
function isForged(results: string): boolean {
  return /\bdmarc\s*=\s*fail\b/i.test(results.slice(0, 5_000));
}

/** The named server says that the domain of the sender stands for the mail: its own line, and of that domain. */
function isAuthentic(results: string, address: string, authServer: string | undefined): boolean {
  // Comments and quoted words are what others made them. Where one is nested, escaped or left open, nothing is known.
  const plain = results.slice(0, 5_000).replaceAll(/"[^"]*"|\([^()]*\)/g, " ");
  if (/["()\\]/.test(plain)) return false;
  const [server = "", ...found] = plain.split(";");
  const [name = ""] = server.trim().split(/\s/);
  if (authServer === undefined || name.toLowerCase() !== authServer.toLowerCase()) return false;
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return found.some((each) => {
    const [, from = ""] = /\bheader\.from\s*=\s*([^\s;]+)/i.exec(each) ?? [];
    return /^\s*dmarc\s*=\s*pass\b/i.test(each) && from.slice(from.lastIndexOf("@") + 1).toLowerCase() === domain;
  });
}
