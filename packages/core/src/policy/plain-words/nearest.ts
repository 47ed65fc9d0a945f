import { stem, tokensOf } from "./tokens.ts";

/** Sentences that are understood: for who wants to see some, and for tests. */
export const examples = [
  "send mail to anyone outside my contacts",
  "send mail to eve@example.org",
  "send mail to anyone but sarah@example.org",
  "send mail to anyone outside example.org",
  "agents send anything between 22:00 and 7:00",
  "agents send mail on weekends",
  "nobody deletes anything",
  "agents delete mail",
  "agent organizer forgets memories",
  "spend more than 50 EUR",
  "spend money without asking",
  "nobody spends money at night",
  "write files outside /home/ada/documents",
  "agents read files in /home/ada/private",
  "agents run programs",
  "fetch anything from example.com",
  "agents fetch anything from anywhere but example.org",
  "notify me in quiet hours",
  "agents change my calendar on mondays and fridays",
  "clients do anything",
  "do anything at high risk",
  "use shell.run after 20:00",
] as const;

/** Those that share the most words with a text, best first. */
export function nearest(text: string, count = 3): string[] {
  const wanted = new Set(tokensOf(text).map(stem));
  const score = (sentence: string) => {
    const words = tokensOf(sentence).map(stem);
    return words.filter((word) => wanted.has(word)).length / Math.sqrt(words.length);
  };
  return [...examples].sort((a, b) => score(b) - score(a)).slice(0, count);
}

/** What was said, for saying it back on one line. */
export const understood = (text: string): string => text.replaceAll(/[\p{Cc}"]+/gu, " ").trim();
