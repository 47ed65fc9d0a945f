import type { Candidate } from "../candidates.ts";
import type { Term } from "../terms.ts";
import { each, type Signal } from "./signal.ts";

/** News is told first, what follows comments on it. */
export const order: Signal = {
  scale: "absolute",
  of: each(({ position }) => 1 / (1 + position)),
  say: () => "it opens a conversation",
};

/** How much its words tell, each counted once: "Wow, thanks!" says next to nothing. */
export const informative: Signal = {
  scale: "relative",
  of: each(told),
};

/** Who asks tells little: how much of a text is no question. */
export const stated: Signal = {
  scale: "absolute",
  of: each(({ content }) => {
    const read = content.slice(0, 2_000);
    const asked = read.includes("?") || read.includes("？") ? charactersAsked(read) : 0;
    return read.length === 0 ? 0 : 1 - asked / read.length;
  }),
};

/** How many characters are of sentences that end with a question mark. */
function charactersAsked(text: string): number {
  return (text.match(/(?<![^.!?。！？\n])[^.!?。！？\n]*[?？]+/gu) ?? []).reduce(
    (total, { length }) => total + length,
    0,
  );
}

const enough = 40;

export const short: Signal = {
  scale: "absolute",
  of: each((candidate) => Math.max(0, 1 - told(candidate) / enough)),
};

const totals = new WeakMap<readonly Term[], number>();

/** In nats: what rare words tell beyond common ones, each counted once. */
function told({ text }: Candidate): number {
  const known = totals.get(text);
  if (known !== undefined) return known;
  let total = 0;
  for (const { tells } of new Set(text)) total += tells;
  totals.set(text, total);
  return total;
}
