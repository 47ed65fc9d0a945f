import { asciiDomain, canonicalAddress, mailAddressSchema } from "@mh/contract/values/mail-address.ts";
import type { Condition } from "./sentence.ts";
import { standsAt } from "./tokens.ts";

type Read = [condition: Condition, end: number] | undefined;

const unknown = "unknown@example.net";
const friend = "friend@example.org";
const anyone = ["anyone", "anybody", "people", "everyone", "someone"];

/** To whom something goes: contacts, addresses, domains. */
export function readWhom(tokens: readonly string[], at: number): Read {
  const start = tokens[at] === "to" ? at + 1 : at;
  const who = anyone.includes(tokens[start] ?? "") ? start + 1 : start;
  for (const words of [
    ["outside", "contact"],
    ["who", "is", "not", "in", "contact"],
    ["not", "in", "contact"],
  ])
    if (standsAt(tokens, who, words)) return [unknownRecipients, who + words.length];
  for (const words of [["i", "do", "not", "know"], ["i", "don't", "know"], ["i", "dont", "know"], ["unknown"]])
    if (who > start && standsAt(tokens, who, words)) return [unknownRecipients, who + words.length];
  if (start === at) return undefined;
  if (standsAt(tokens, start, ["stranger"])) return [unknownRecipients, start + 1];
  if (standsAt(tokens, start, ["contact"])) return [contacts, start + 1];
  if (who > start && (tokens[who] === "but" || tokens[who] === "except")) {
    const [found, end] = listOf(tokens, who + 1, isAddress);
    return found.length > 0 ? [anyoneBut(found.map(canonicalAddress)), end] : undefined;
  }
  if (who > start && tokens[who] === "at") {
    const [found, end] = listOf(tokens, who + 1, isDomain);
    return found.length > 0 ? [anyoneAt(found.map(asciiDomain)), end] : undefined;
  }
  if (who > start && tokens[who] === "outside") {
    const [found, end] = listOf(tokens, who + 1, isDomain);
    return found.length > 0 ? [anyoneOutside(found.map(asciiDomain)), end] : undefined;
  }
  const [found, end] = listOf(tokens, start, isAddress);
  if (found.length > 0) return [toThese(found.map(canonicalAddress)), end];
  return who > start ? [toAnyone, who] : undefined;
}

/** Things one after the other, with commas, `and` or `or` between them. */
export function listOf(
  tokens: readonly string[],
  at: number,
  is: (token: string) => boolean,
): [found: string[], end: number] {
  const found: string[] = [];
  let end = at;
  for (let next = at; next < tokens.length; next += 1) {
    const token = tokens[next] as string;
    if (is(token)) {
      found.push(token);
      end = next + 1;
    } else if (![",", "and", "or"].includes(token)) break;
  }
  return [found, end];
}

export const isDomain = (token: string): boolean => /^([\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]{2,}$/u.test(token);
export const setOf = (values: readonly string[]): string => `[${values.map((v) => JSON.stringify(v)).join(", ")}]`;
export const orOf = (values: readonly string[]): string => values.join(" or ");

const isAddress = (token: string): boolean => mailAddressSchema.safeParse(token).success;

const unknownRecipients: Condition = {
  cedar: "!context.outsiders.isEmpty()",
  words: "to anyone outside your contacts",
  hit: { scope: { recipients: [unknown] }, outsiders: [unknown] },
  miss: { scope: { recipients: [friend] }, outsiders: [] },
};

const contacts: Condition = {
  cedar: "!context.recipients.isEmpty() && context.outsiders.isEmpty()",
  words: "to your contacts",
  hit: { scope: { recipients: [friend] }, outsiders: [] },
  miss: { scope: { recipients: [unknown] }, outsiders: [unknown] },
};

const toAnyone: Condition = {
  cedar: "!context.recipients.isEmpty()",
  words: "to anyone",
  hit: { scope: { recipients: [unknown] } },
  miss: { scope: { recipients: [] } },
};

const toThese = (addresses: readonly string[]): Condition => ({
  cedar: `context.recipients.containsAny(${setOf(addresses)})`,
  words: `to ${orOf(addresses)}`,
  hit: { scope: { recipients: [addresses[0] as string] } },
  miss: { scope: { recipients: [unknown] } },
});

const anyoneBut = (addresses: readonly string[]): Condition => ({
  cedar: `!${setOf(addresses)}.containsAll(context.recipients)`,
  words: `to anyone but ${orOf(addresses)}`,
  hit: { scope: { recipients: [unknown] } },
  miss: { scope: { recipients: [addresses[0] as string] } },
});

const anyoneAt = (domains: readonly string[]): Condition => ({
  cedar: `context.recipientDomains.containsAny(${setOf(domains)})`,
  words: `to anyone at ${orOf(domains)}`,
  hit: { scope: { recipients: [`somebody@${domains[0]}`] } },
  miss: { scope: { recipients: ["somebody@elsewhere.example"] } },
});

const anyoneOutside = (domains: readonly string[]): Condition => ({
  cedar: `!context.recipients.isEmpty() && !context.allInRecipientDomains.containsAny(${setOf(domains)})`,
  words: `to anyone outside ${orOf(domains)}`,
  hit: { scope: { recipients: [`somebody@${domains[0]}`, "somebody@elsewhere.example"] } },
  miss: { scope: { recipients: [`somebody@${domains[0]}`] } },
});
