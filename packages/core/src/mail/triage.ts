import type { TriagedMail } from "@mh/contract/mail.ts";
import { canonicalAddress } from "@mh/contract/values/mail-address.ts";
import type { MailMessage } from "@mh/contract/values/mail-message.ts";
import { daysToDeadline } from "./deadline.ts";

/** What the owner's own data say about people. Addresses are canonical. */
export interface MailKnowledge {
  /** The owner's own addresses. */
  own: ReadonlySet<string>;
  /** Addresses, or domains as `@example.org`, whose mail always matters. */
  vips: readonly string[];
  /** Names of people by their address. */
  contacts: ReadonlyMap<string, string>;
  /** Names of known people, in lower case. */
  names: ReadonlySet<string>;
  nowMs: number;
  timeZone: string;
}

interface Reason {
  /** Hundredths. */
  points: number;
  text: string;
}

const start = 30;
const highFrom = 70;
const lowBelow = 30;
/** What a mail can reach by its words alone. */
const unknownSenderMax = 55;

/**
 * How much a mail matters now, and why. What an unknown sender writes never makes a mail urgent: that takes somebody the owner
 * knows, or an answer to the owner. Pure.
 */
export function triageMail(message: MailMessage, known: MailKnowledge): TriagedMail {
  const words = wordsOf(message);
  const standing = standingOf(message, known);
  const orders = givesOrders(words.all);
  const reasons = [
    ...standing.reasons,
    ...addressing(message, known),
    ...urging(words, standing.isKnown),
    ...deadline(message, words.all, known, standing.isKnown),
    ...bulk(message),
    ...(orders ? [{ points: -40, text: "it speaks to an assistant and not to you" }] : []),
  ];
  const sum = reasons.reduce((points, reason) => points + reason.points, start);
  const most = orders ? (standing.isKnown ? highFrom - 1 : lowBelow - 1) : standing.isKnown ? 100 : unknownSenderMax;
  const score = Math.max(0, Math.min(most, sum));
  return {
    uid: message.uid,
    sender: standing.sender,
    urgency: score >= highFrom ? "high" : score < lowBelow ? "low" : "normal",
    score: score / 100,
    reasons: reasons.map(({ text }) => text),
  };
}

interface Standing {
  sender: TriagedMail["sender"];
  /** Somebody the owner knows, or has written to. */
  isKnown: boolean;
  reasons: Reason[];
}

function standingOf(message: MailMessage, known: MailKnowledge): Standing {
  const { from, isForged, repliesToYou } = message;
  if (!from) return { ...unknownSender, reasons: [{ points: -10, text: "it names no sender" }] };
  if (isForged) {
    const text = "your mail server found that the sender is not who it says";
    return { ...unknownSender, reasons: [{ points: -30, text }] };
  }
  const address = canonicalAddress(from.address);
  const name = from.name.toLowerCase();
  const isVip = known.vips.some((vip) => (vip.startsWith("@") ? address.endsWith(vip) : address === vip));
  const contact = known.contacts.get(address);
  const isOwn = known.own.has(address);
  const sender = isVip ? "vip" : isOwn ? "yourself" : contact === undefined ? "stranger" : "contact";
  const reasons: Reason[] = [];
  if (isVip) reasons.push({ points: 40, text: `${address} is on your list of important senders` });
  else if (isOwn) reasons.push({ points: 15, text: "it is from yourself" });
  else if (contact !== undefined) reasons.push({ points: 15, text: `${contact} is somebody you know` });
  if (repliesToYou) reasons.push({ points: 10, text: "it answers a mail of yours" });
  const isKnown = reasons.length > 0;
  if (!isKnown && (known.names.has(name) || claimsAnother(from))) {
    reasons.push({ points: -20, text: "the sender's name belongs to another address" });
  }
  return { sender, isKnown, reasons };
}

const unknownSender = { sender: "stranger", isKnown: false } as const;

/** A name that is itself an address, and not the one it comes from. */
function claimsAnother({ name, address }: { name: string; address: string }): boolean {
  const claimed = /[^\s<>"'@]{1,64}@[^\s<>"'@]{1,253}\.[^\s<>"'@]{1,64}/.exec(name)?.[0];
  return claimed !== undefined && canonicalAddress(claimed) !== canonicalAddress(address);
}

function addressing({ to, cc }: MailMessage, { own }: MailKnowledge): Reason[] {
  const names = (people: MailMessage["to"]) => people.some(({ address }) => own.has(canonicalAddress(address)));
  if (names(to) && to.length + cc.length === 1) return [{ points: 10, text: "it is to you alone" }];
  if (names(to)) return [{ points: 5, text: "it is to you among others" }];
  if (names(cc)) return [{ points: -5, text: "you have a copy of it" }];
  return [{ points: -10, text: "it does not name you" }];
}

const urgent = anyOf([
  "urgent(?:ly)?|urgency|asap|a\\.s\\.a\\.p\\.?|immediate(?:ly)?|emergency|critical|time[- ]sensitive|right away",
  "as soon as possible|action required|needs? (?:your )?(?:attention|answer) (?:now|today)|call me (?:now|back)",
  "dringend(?:e[rsmn]?|st)?|dringlich|eilig(?:e[rsmn]?)?|eilt|sofort(?:ig(?:e[rsmn]?)?)?|umgehend|unverzüglich|notfall",
  "so schnell wie möglich|schnellstmöglich|schnellstens|zeitkritisch|baldmöglichst|ruf(?:e)? (?:mich|bitte) (?:an|zurück)",
]);
const calm = anyOf([
  "(?:not|isn't|nothing|no longer|hardly) (?:very |so |that |at all )?(?:urgent|critical|an emergency)|no (?:rush|hurry|urgency)",
  "whenever you (?:have time|can)|nicht (?:so |sehr |mehr )?(?:dringend|eilig|zeitkritisch)|keine eile|eilt nicht|hat zeit",
]);

function urging({ subject, all }: Words, isKnown: boolean): Reason[] {
  if (calm.test(all)) return [{ points: -5, text: "it says that there is no hurry" }];
  const inSubject = urgent.exec(subject)?.[0];
  const found = inSubject ?? urgent.exec(all)?.[0];
  if (found === undefined) return [];
  if (!isKnown) return [{ points: 5, text: `it says “${found}”, which counts little from somebody you do not know` }];
  return [{ points: inSubject === undefined ? 15 : 20, text: `it says “${found}”` }];
}

function deadline(message: MailMessage, text: string, known: MailKnowledge, isKnown: boolean): Reason[] {
  const { nowMs, timeZone } = known;
  const writtenMs = Date.parse(message.date ?? message.receivedAt ?? "");
  const days = daysToDeadline(text, { writtenMs: Number.isNaN(writtenMs) ? nowMs : writtenMs, nowMs, timeZone });
  if (days === undefined || days > 7) return [];
  const told = days === 0 ? "today" : days === 1 ? "tomorrow" : `in ${days} days`;
  return [{ points: days > 2 ? 5 : isKnown ? 15 : 5, text: `it names a date ${told}` }];
}

function bulk({ bulk: marks }: MailMessage): Reason[] {
  if (marks.length === 0) return [];
  const isForMany = marks.some((mark) => !mark.startsWith("Auto-Submitted"));
  const what = isForMany ? "it was sent to many" : "a machine wrote it";
  return [{ points: isForMany ? -30 : -20, text: `${what} (${marks.join(", ")})` }];
}

const orders = anyOf([
  "(?:ignore|disregard|forget|override|bypass) (?:\\p{L}+ ){0,3}(?:rules?|instructions?|guidelines?|prompts?|polic(?:y|ies)|safeguards?)",
  "(?:ignorier\\p{L}*|missacht\\p{L}*|vergiss|umgeh\\p{L}*) (?:\\p{L}+ ){0,3}(?:regeln?|anweisungen?|vorgaben?|richtlinien?)",
  "forward (?:me |us )?(?:everything|all (?:(?:of )?(?:your|the|his|her|these) )?(?:e-?mails?|mails?|messages?))",
  "leite (?:\\p{L}+ )?(?:alles|alle (?:\\p{L}+ )?(?:e-?mails?|mails?|nachrichten))",
  "(?:you are|as) (?:now )?an? (?:\\p{L}+ )?(?:ai|assistant|language model|agent|chatbot)|system prompt|developer mode",
  "du bist (?:jetzt )?(?:eine? )?(?:ki|assistent|sprachmodell|agent)",
  "(?:mark|classify|rate|score|triage) this (?:e-?mail|mail|message) (?:as )?(?:urgent|high|important)",
  "(?:do not|don't|never) (?:tell|inform|notify|ask) (?:the )?(?:user|owner|human)",
]);

const givesOrders = (text: string): boolean => orders.test(text);

function anyOf(patterns: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join("|")})(?![\\p{L}\\p{N}])`, "iu");
}

interface Words {
  subject: string;
  /** Subject and text, without what is quoted from an earlier mail. */
  all: string;
}

function wordsOf({ subject, text }: MailMessage): Words {
  const written = text
    .slice(0, 20_000)
    .split("\n")
    .filter((line) => !line.startsWith(">"))
    .join("\n");
  return { subject: plain(subject), all: plain(`${subject}\n${written}`) };
}

/** What a reader sees: no invisible characters between letters, one form of each, one space. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replaceAll("’", "'")
    .replace(/\s+/g, " ");
}
