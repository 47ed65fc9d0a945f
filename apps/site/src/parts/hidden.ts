import { readable } from "@mh/contract/visible/visible.ts";

/** What `visible` of the contract writes, as in [U+202E] or [xn--…]; a quote of it in plain text looks the same and does no harm. */
const named = /\[U\+[0-9A-F]{4,6}(?: [^\]\n]{1,20})?\]|\[\d+ more marks\]|\[(?:xn--|no valid host)[^\]\s]*\]/g;
/** At these a line ends, and it is said that it does: a text cannot pretend to be the next line of a card. */
const breaks = new Set(["U+000A", "U+2028", "U+2029"]);

export interface Piece {
  text: string;
  /** It is the name of a character that cannot be seen. */
  isBoxed: boolean;
  endsLine: boolean;
}

/** A text in pieces: those to show as they are, and names of characters that would not show. `isNamed`: the daemon named them. */
export function piecesOf(text: string, isNamed: boolean): Piece[] {
  const pieces: Piece[] = [];
  const whole = isNamed ? text : readable(text);
  let from = 0;
  for (const { 0: found, index } of whole.matchAll(named)) {
    if (index > from) pieces.push(plain(whole.slice(from, index)));
    const name = found.slice(1, -1);
    pieces.push({ text: name, isBoxed: true, endsLine: breaks.has(name) });
    from = index + found.length;
  }
  if (from < whole.length) pieces.push(plain(whole.slice(from)));
  return pieces;
}

const plain = (text: string): Piece => ({ text, isBoxed: false, endsLine: false });
