import { canonicalAddress } from "@mh/contract/values/mail-address.ts";
import type { MailMessage } from "@mh/contract/values/mail-message.ts";
import { keysOf } from "../facts/names-of.ts";
import { emailFacts } from "../memory/contacts.ts";
import type { LineMarks } from "../memory/hand-written.ts";
import { entityKey } from "../memory/project.ts";
import type { Database } from "../ports/database.ts";

export interface Person {
  name: string;
  address: string;
}

/**
 * Whose mail is meant by a name: who has an address by a fact of the owner's and bears the name, an alias of it, or a longer one. An
 * address stands for itself. What a mail says of its sender's name counts for nothing.
 */
export function peopleCalled(db: Database, marks: LineMarks, owner: string, who: string): Person[] {
  if (isDomain(who)) return [];
  if (who.includes("@")) return [{ name: who, address: canonicalAddress(who) }];
  const asked = keysOf(db, who, owner);
  const words = wordsIn(who);
  const sql = "SELECT DISTINCT subject_key AS key FROM facts WHERE predicate = 'email' AND status <> 'revoked'";
  const keys = (db.prepare(sql).all() as { key: string }[]).map(({ key }) => key);
  const meant = keys.filter((key) => asked.includes(key) || hasWords(key, words));
  const found = emailFacts(db, marks, "subject_key", meant);
  const people = found.map(({ subject, object }) => ({ name: subject, address: canonicalAddress(object) }));
  return [...new Map(people.map((each) => [each.address, each])).values()];
}

const isDomain = (who: string): boolean => /^@[^\s@]+$/.test(who);

/** Whether a mail is from one of them, as far as the owner's server did not find it forged. */
export function isFrom(mail: Pick<MailMessage, "from" | "isForged">, who: string, people: readonly Person[]): boolean {
  if (!mail.from || mail.isForged) return false;
  const address = canonicalAddress(mail.from.address);
  if (isDomain(who)) return address.endsWith(entityKey(who));
  return people.some((each) => each.address === address);
}

/** Whole words, in any order. */
export function hasWords(text: string, words: readonly string[]): boolean {
  const said = new Set(wordsIn(text));
  return words.length > 0 && words.every((word) => said.has(word));
}

export const wordsIn = (text: string): string[] => entityKey(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
