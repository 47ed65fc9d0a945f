import { hostInPunycode, isAddressLike } from "./address-like.ts";
import { latePattern } from "./late-pattern.ts";
import { isNeutral, scriptName, scriptsOf, sharesScript, wordScript } from "./scripts.ts";

/**
 * Text that cannot play tricks on a screen: a character is printed as itself where it has ink, and by its code point
 * where it has none. Runs of blanks and floods of combining marks are counted, letters of a second script within a word
 * are named, and an address in another script is followed by what is looked up. With `multiline`, newlines and what
 * indents a line stay as they are. Emoji of the Unicode data (RGI) stay whole.
 */
export function visible(text: string, { multiline = false }: { multiline?: boolean } = {}): string {
  if (plain.test(text)) return text;
  const whole = { text, letters: undefined };
  if (!multiline) return visibleLine(text, whole);
  return text
    .split("\n")
    .map((line) => {
      const [indent = ""] = indentation.exec(line) ?? [];
      return indent + visibleLine(line.slice(indent.length), whole, indent === "" ? "text" : "indented");
    })
    .join("\n");
}

/**
 * The same for texts that are read and not acted upon, as memories are: only what shows nothing at all is named. Lines,
 * blanks and letters of any script stay.
 */
export function readable(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(emojiOrHidden(), (found) => (emojiAlone().test(found) ? found : named(found)));
}

/** Printable ASCII, with single blanks between: what nearly every text is. */
const plain = /^[!-~]+(?: [!-~]+)*$/;
/** More than this would move a text out of sight. */
const indentation = /^[ \t]{0,40}(?![ \t])/;
const marksMax = 3;

/**
 * No ink: control, format, surrogate, private-use and unassigned characters, separators, and what Unicode calls
 * ignorable or a blank. Five more are assigned as symbols, letters or marks and drawn empty, which no property says.
 */
const noInkSet = String.raw`\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800\u{13441}\u{13442}\u{16fe4}\u{1d159}`;
const noInk = latePattern(`[${noInkSet}]`, "u");
const mark = /\p{M}/u;
/** Of these the blanks do show: as room. */
const emojiOrHidden = latePattern(String.raw`\p{RGI_Emoji}|[[${noInkSet}]--[\n\t\p{Zs}]]`, "gv");
const emojiAlone = latePattern(String.raw`^\p{RGI_Emoji}$`, "v");
const emoji = latePattern(String.raw`\p{RGI_Emoji}`, "gv");
/** Each emoji has one of these; U+20E3 makes a key of a digit. */
const partOfEmoji = /\p{Emoji_Presentation}|\p{Extended_Pictographic}|\u20e3/u;

/** A text, and the scripts of its letters once somebody asked for them. */
interface Whole {
  text: string;
  letters: ReadonlySet<string> | undefined;
}

interface Address {
  hasLatin: boolean;
}

function lettersOf(whole: Whole): ReadonlySet<string> {
  whole.letters ??= new Set(Array.from(whole.text).flatMap((char) => (/\p{L}/u.test(char) ? scriptsOf(char) : [])));
  return whole.letters;
}

type Edges = "text" | "indented";

function visibleLine(line: string, whole: Whole, edges: Edges = "text"): string {
  const pieces = line.match(/ +|[^ ]+/gu) ?? [];
  return pieces
    .map((piece, n) => {
      if (!piece.startsWith(" ")) return visibleToken(piece, whole);
      const isBetween = n > 0 && n < pieces.length - 1;
      return piece === " " && (isBetween || edges === "indented") ? piece : counted(piece);
    })
    .join("");
}

const counted = (blanks: string): string => (blanks.length === 1 ? "[U+0020]" : `[U+0020 ×${blanks.length}]`);

/** What stands between two blanks. */
function visibleToken(token: string, whole: Whole): string {
  const address = isAddressLike(token) ? { hasLatin: /[a-z]/i.test(token) } : undefined;
  const host = address === undefined ? undefined : hostInPunycode(token);
  let shown = "";
  let from = 0;
  for (const { 0: each, index } of partOfEmoji.test(token) ? token.matchAll(emoji()) : []) {
    shown += visibleWords(token.slice(from, index), whole, address) + each;
    from = index + each.length;
  }
  return shown + visibleWords(token.slice(from), whole, address) + (host === undefined ? "" : `[${host}]`);
}

/** Words are letters, digits and their marks; invisible characters do not end one. */
const wordEnd = latePattern(String.raw`((?:(?![\p{C}\p{Default_Ignorable_Code_Point}])[^\p{L}\p{M}\p{N}])+)`, "u");

function visibleWords(text: string, whole: Whole, address: Address | undefined): string {
  const words = text.split(wordEnd()).map((word) => {
    const script = wordScript(word);
    const shown = visibleLetters(word, script);
    return isForeign(script, word, whole, address) ? `${shown}[${scriptName(script)}]` : shown;
  });
  return words.join("");
}

/** A whole word in a script that the rest gives no reason to expect: part of an address, or a number. */
function isForeign(script: string | undefined, word: string, whole: Whole, address: Address | undefined) {
  if (script === undefined || script === "Latn") return false;
  if (address !== undefined) return address.hasLatin;
  const isNumber = /^\p{Nd}+$/u.test(word);
  return isNumber && !lettersOf(whole).has(script);
}

function visibleLetters(text: string, script: string | undefined): string {
  let shown = "";
  let base: string | undefined;
  let marks = 0;
  const flood = () => (marks > marksMax ? `[${marks - marksMax} more marks]` : "");
  for (const char of text) {
    if (mark.test(char) && !noInk().test(char)) {
      marks += 1;
      if (marks <= marksMax) shown += base !== undefined && sharesScript(char, base) ? char : named(char);
      continue;
    }
    shown += flood();
    marks = 0;
    const hasInk = !noInk().test(char);
    base = hasInk ? char : undefined;
    if (!hasInk) shown += named(char);
    else if (script === undefined || isNeutral(char) || scriptsOf(char).includes(script)) shown += char;
    else shown += named(char, scriptName(scriptsOf(char)[0]));
  }
  return shown + flood();
}

function named(char: string, script?: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `[U+${code}${script === undefined ? "" : ` ${script}`}]`;
}
