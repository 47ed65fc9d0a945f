import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";

/**
 * What a text of rules may look at, by the letter: whoever names no attribute of the context sees none, and whoever takes
 * the context in any other way sees them all.
 */
export function seenBy(texts: readonly string[]): (attribute: string) => boolean {
  const text = texts.join("\n");
  const seesAll = /\bcontext\b(?!\s*\.\s*\w)/.test(text);
  const seen = new Map<string, boolean>();
  return (attribute) => {
    const known = seen.get(attribute) ?? (seesAll || text.includes(attribute));
    seen.set(attribute, known);
    return known;
  };
}

/** What of the context says nothing of a command's arguments: who asks, for what skill, when, how often. */
const standingAttributes: ReadonlySet<string> = new Set([
  ...["may", "granted", "stopped", "rateLeft", "role", "hour", "weekday", "minuteOfDay", "quietHours"],
]);

/** Whether a rule can tell two commands apart that differ in their arguments alone, or in an approval. */
export function seesArguments({ text }: PolicyRule): boolean {
  if (/\bcontext\b(?!\s*\.\s*\w)/.test(text)) return true;
  const named = [...text.matchAll(/\bcontext\s*\.\s*(\w+)/g)].map(([, name = ""]) => name);
  return named.some((name) => !standingAttributes.has(name));
}
