import { expect, test } from "vitest";
import { asciiText } from "../../tools/ascii-text.ts";

const evaluated = (expression: string): unknown => new Function(`return ${expression}`)();

test("a program says the same in ASCII: in expressions, classes of them, texts, and behind backslashes", () => {
  const sources = ["/[–—]x/i", "/[äöü]+/u", "/\\–\\\\–/", "/[😀-😎]/u", "`a–b\\\\–`", "'\\–'", "/(?<wört>ü)/"];
  for (const source of sources) {
    const ascii = asciiText(source);
    expect(ascii).toMatch(/^[\0-\x7f]*$/);
    const [before, after] = [evaluated(source), evaluated(ascii)];
    if (before instanceof RegExp) {
      for (const text of ["–x", "—X", "ä", "\\–", "–\\–", "😃", "ü", "u2013"]) {
        expect([source, text, (after as RegExp).exec(text)]).toEqual([source, text, before.exec(text)]);
      }
    } else expect(after).toBe(before);
  }
});

test("a raw text stays the same to the letter", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what is put into a raw text is code.
  for (const source of ["String.raw`ä\\b–${'ü' + 1}…\\``", "String.raw`(?<!\\p{L})ö` + '–' + String.raw`ß`"]) {
    const ascii = asciiText(source);
    expect(ascii).toMatch(/^[\0-\x7f]*$/);
    expect(evaluated(ascii)).toBe(evaluated(source));
  }
  expect(() => asciiText("String.raw`\\–`")).toThrow("escapes a character");
});
