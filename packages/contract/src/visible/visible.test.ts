import { expect, test } from "vitest";
import { isNeutral, scriptsOf } from "./scripts.ts";
import { visible } from "./visible.ts";

const codePoints = Array.from({ length: 0x110000 }, (_, code) => code);
const nameOf = (code: number) => `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;

test("S10 every code point is printed as itself because it has ink, or by its name", () => {
  const wrong = codePoints.filter((code) => {
    const char = String.fromCodePoint(code);
    const hasInk = /[\p{L}\p{N}\p{P}\p{S}]/u.test(char) && !/[\p{DI}\p{White_Space}]/u.test(char);
    const shown = visible(`~${char}~`);
    const isNamed = shown === `~${nameOf(code)}~`;
    if (/\p{M}/u.test(char) && !/\p{DI}/u.test(char)) return !isNamed && shown !== `~${char}~`;
    if (!hasInk) return code !== 0x20 && !isNamed;
    // A word that is a number of another script says which; four more are drawn empty.
    return shown !== `~${char}~` && !/^~\P{C}+\[\P{C}+\]~$/u.test(shown) && !drawnEmpty.includes(code);
  });
  expect(wrong.map(nameOf)).toEqual([]);
});

const drawnEmpty = [0x2800, 0x13441, 0x13442, 0x1d159];

test("S10 every letter and mark has a script that is known", () => {
  const lost = codePoints.filter((code) => {
    const char = String.fromCodePoint(code);
    return /[\p{L}\p{M}\p{N}]/u.test(char) && !isNeutral(char) && scriptsOf(char).length === 0;
  });
  expect(lost.map(nameOf)).toEqual([]);
});

const named: [string, string][] = [
  ["Hi\ufe00 Bob\u{e0150}", "Hi[U+FE00] Bob[U+E0150]"],
  ["a\u034fb\u180bc", "a[U+034F]b[U+180B]c"],
  ["a\u2800b\u00a0c\u3000d\u2003e\tf", "a[U+2800]b[U+00A0]c[U+3000]d[U+2003]e[U+0009]f"],
  ["\u3164\u115f\u1160\uffa0", "[U+3164][U+115F][U+1160][U+FFA0]"],
  ["x\u{e0041}\u{e007f}", "x[U+E0041][U+E007F]"],
  ["so\u00adft \ud800 \u0378 \ue000 \uffff", "so[U+00AD]ft [U+D800] [U+0378] [U+E000] [U+FFFF]"],
  ["a  b    c", "a[U+0020 ×2]b[U+0020 ×4]c"],
  [" a ", "[U+0020]a[U+0020]"],
  ["\u202ered\u202c\u2066\u200e", "[U+202E]red[U+202C][U+2066][U+200E]"],
  [`a${"\u0301".repeat(40)}b`, `a${"\u0301".repeat(3)}[37 more marks]b`],
  ["\u0301 a", "[U+0301] a"],
  ["a\u0941", "a[U+0941]"],
  ["p\u0430ypal", "p[U+0430 Cyrillic]ypal"],
  ["Сбеpбанк", "Сбе[U+0070 Latin]банк"],
  ["p\u200b\u0430ypal", "p[U+200B][U+0430 Cyrillic]ypal"],
  ["1৪0", "1[U+09EA Bangla]0"],
  ["pay ৪৭ EUR", "pay ৪৭[Bangla] EUR"],
  ["аррӏе.com", "аррӏе[Cyrillic].com[xn--80ak6aa92e.com]"],
  ["https://аррӏе.com/x", "https://аррӏе[Cyrillic].com/x[xn--80ak6aa92e.com]"],
  ["раураl@аррӏе.рф", "раура[U+006C Latin][Cyrillic]@аррӏе[Cyrillic].рф[Cyrillic][xn--80ak6aa92e.xn--p1ai]"],
  ["ｂank.com", "ｂank.com[bank.com]"],
  ["👍\ufe0f \u2764\u200d", "👍[U+FE0F] ❤[U+200D]"],
];

test.for(named)("S10 %j is shown as %s", ([text, shown]) => {
  expect(visible(text)).toBe(shown);
});

const readable = [
  "👨‍👩‍👧 ❤️ 1️⃣ ©️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 🇩🇪 a❤️b",
  "naïve café, Größe, Ångström, žluťoučký kůň",
  "日本語とLatinカタカナ 한국어 漢字",
  "Привет мир, Ελλάδα, שלום, مرحبا, हिन्दी में, ไทย",
  "مرحبا ٢٠٢٤",
  "Tiếng Việt",
  "x² + ½ → ∞ “quoted” – 5 €",
];

test.for(readable)("S10 what people write stays as it is: %s", (text) => {
  for (const form of ["NFC", "NFD"]) expect(visible(text.normalize(form))).toBe(text.normalize(form));
});

test("S10 with several lines, what indents one stays, and nothing else moves text out of sight", () => {
  expect(visible("if x:\n    y\n\tz\u0020\u0020w", { multiline: true })).toBe("if x:\n    y\n\tz[U+0020 ×2]w");
  expect(visible(`a\n${" ".repeat(200)}b`, { multiline: true })).toBe("a\n[U+0020 ×200]b");
  expect(visible("a\r\nb\u2028c", { multiline: true })).toBe("a[U+000D]\nb[U+2028]c");
});

test("S10 every emoji that stands for itself, and keys, flags and families, stay whole", () => {
  const singly = /^\p{RGI_Emoji}$/v;
  const alone = codePoints
    .map((code) => String.fromCodePoint(code))
    .filter((char) => /\p{Emoji}/u.test(char) && singly.test(char));
  expect(alone.length).toBeGreaterThan(1_000);
  const composed = ["1️⃣", "#️⃣", "❤️", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👩‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "☝🏿"];
  for (const emoji of [...alone, ...composed]) expect(visible(`a${emoji}b`)).toBe(`a${emoji}b`);
});

const floods: Record<string, string> = {
  "numbers of another script": "৪৭ ",
  "one number of another script": "৪",
  "letters of another script": "привет ",
  "words of two scripts": "p\u0430ypal ",
  "addresses in another script": "аррӏе.com ",
  "an address of many words": "аррӏе.",
  "marks without a letter": "\u0301",
  "digits that are nearly emoji": "1\ufe0f",
  "nearly joined emoji": "👍\u200d",
  "flags without a country": "🏴\u{e0067}",
  "what has no ink": "\u200b",
};

test("S10 a text is shown at a cost in step with its length, whatever it is made of", () => {
  for (const [name, part] of Object.entries(floods)) {
    const before = process.cpuUsage();
    visible(part.repeat(Math.ceil(100_000 / part.length)));
    const { user, system } = process.cpuUsage(before);
    expect([name, (user + system) / 1000]).toEqual([name, expect.toSatisfy((ms: number) => ms < 2_000)]);
  }
});
