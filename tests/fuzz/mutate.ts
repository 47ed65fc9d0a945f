import { type Dice, lengthFrom } from "./dice.ts";

/** Beyond this an input only costs the fuzzer time: the bounds of what reads it lie lower, or have tests of their own. */
const inputBytesMax = 2 ** 21;
/** What a part of a text comes to when it is repeated. */
export const repeatedMax = 2 ** 18;

/** Changes some bytes in ways that break parsers: by one to four of the ways below. */
export function mutatedBytes(
  dice: Dice,
  given: Buffer,
  others: readonly Buffer[],
  words: readonly string[] = [],
): Buffer {
  let bytes = given;
  for (let left = 1 + dice.below(4); left > 0; left -= 1) bytes = mutatedOnce(dice, bytes, others, words);
  return bytes.subarray(0, inputBytesMax);
}

function mutatedOnce(dice: Dice, bytes: Buffer, others: readonly Buffer[], words: readonly string[]): Buffer {
  const at = dice.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + lengthFrom(dice, bytes.length + 1));
  const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (dice.below(9)) {
    case 0: {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << dice.below(8));
      return copy;
    }
    case 1: {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at % copy.length] = dice.pick([0, 1, 9, 10, 13, 32, 0x7f, 0x80, 0xc0, 0xfe, 0xff]);
      return copy;
    }
    case 2:
      return Buffer.concat([before, after]);
    case 3:
      return before;
    case 4:
      return Buffer.concat([before, part, part, after]);
    case 5: {
      const times = Math.min(lengthFrom(dice), Math.floor(inputBytesMax / (part.length + 1)));
      return Buffer.concat([before, Buffer.alloc(part.length * times, part), after]);
    }
    case 6: {
      const other = dice.pick([bytes, ...others]);
      const from = dice.below(other.length + 1);
      return Buffer.concat([before, other.subarray(from, from + lengthFrom(dice, other.length + 1)), after]);
    }
    case 7:
      return Buffer.concat([before, Buffer.from(dice.pick([...oddities, ...words])), after]);
    default:
      return Buffer.concat([before, Buffer.from(oddText(dice)), after]);
  }
}

/** A text, changed as text: words of its language put in, taken out, repeated, and joined with another's. */
export function mutatedText(dice: Dice, texts: readonly string[], words: readonly string[]): string {
  const others = texts.map((text) => Buffer.from(text));
  let parts = dice.pick(texts).split(/(\s+)/);
  for (let left = 1 + dice.below(5); left > 0; left -= 1) {
    const at = dice.below(parts.length + 1);
    const way = dice.below(6);
    if (way === 0) parts = parts.toSpliced(at, 0, dice.pick(words), " ");
    else if (way === 1) parts = parts.toSpliced(at, 1 + dice.below(4));
    else if (way === 2) parts = parts.toSpliced(at, 1, dice.pick([...words, ...numbers]));
    else if (way === 3) parts = [...parts.slice(0, at), ...dice.pick(texts).split(/(\s+)/).slice(at)];
    else if (way === 4) parts = parts.toSpliced(at, 0, oddText(dice));
    else {
      const part = parts.slice(at, at + 12).join("");
      parts = [...parts, part.repeat(Math.min(lengthFrom(dice), Math.floor(repeatedMax / (part.length + 1))))];
    }
  }
  const text = parts.join("").slice(0, inputBytesMax);
  return dice.chance(0.3) ? mutatedBytes(dice, Buffer.from(text), others, words).toString("utf8") : text;
}

/** A long run of one thing, or brackets in brackets. */
export function oddText(dice: Dice): string {
  const unit = dice.pick([
    "a",
    "0",
    " ",
    "\t",
    "\n",
    "\r\n",
    ".",
    "-",
    "/",
    "\\",
    '"',
    "'",
    "(",
    "[",
    "{",
    '{"a":',
    "<",
    "&",
    "%",
    "*",
    "#",
    ":",
    ",",
    "|",
    "é",
    "e\u0301",
    "🙂",
    "\u200b",
    "\u202e",
    "\0",
    "- ",
    "a:\n ",
    "ａ",
    "ﷺ",
    "ß",
    "İ",
  ]);
  return unit.repeat(Math.min(lengthFrom(dice), Math.ceil(inputBytesMax / 4 / unit.length)));
}

export const numbers = [
  "0",
  "-1",
  "-0",
  "1",
  "255",
  "65536",
  "2147483648",
  "4294967295",
  "9007199254740993",
  "1e308",
  "1e999",
  "1e-400",
  "0.1",
  "NaN",
  "Infinity",
  "99999999999999999999999999",
];

const oddities = [
  ...[
    "\n",
    "\r\n",
    "\r",
    "\0",
    "\ufeff",
    "\u2028",
    "\u202e",
    "\u00ad",
    "\u{e0100}",
    "\ufffd",
    "🏳️‍🌈",
    "--",
    "---\n",
    "../",
    "__proto__",
    "constructor",
    "toString",
  ],
  ...numbers,
];
