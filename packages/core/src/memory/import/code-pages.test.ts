import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeText } from "./decoded.ts";

/** The bytes of a text in a code page of one or two bytes a letter, by what its decoder makes of each. */
function encoded(text: string, label: string): Uint8Array {
  const decoder = new TextDecoder(label);
  const table = new Map<string, number[]>();
  const note = (bytes: number[]) => {
    const letter = decoder.decode(Uint8Array.from(bytes));
    if ([...letter].length === 1 && letter !== "\uFFFD" && !table.has(letter)) table.set(letter, bytes);
  };
  for (let a = 0; a < 256; a += 1) note([a]);
  if (!/windows|koi|mac|ibm/.test(label))
    for (let a = 0x81; a < 256; a += 1) for (let b = 0x40; b < 256; b += 1) note([a, b]);
  return Uint8Array.from([...text].flatMap((letter) => table.get(letter) ?? [0x3f]));
}

test.each([
  ["windows-1252", "Windows-1252", "Café “à la carte”, Grüße aus Köln – 5 €"],
  ["windows-1250", "Windows-1250", "Zażółć gęślą jaźń, příliš žluťoučký kůň"],
  ["macintosh", "Macintosh", "Grüße aus Köln, wir waren müde"],
  ["windows-1251", "Windows-1251", "Привет, мир! Сегодня мы были в Москве."],
  ["koi8-r", "KOI8-R", "Привет, мир! Сегодня мы были в Москве."],
  ["windows-1253", "Windows-1253", "Καλημέρα, σήμερα ήμασταν στην Αθήνα"],
  ["shift_jis", "Shift_JIS", "日本語のメモです。今日は天気がいい。"],
  ["euc-jp", "EUC-JP", "日本語のメモです。今日は天気がいい。"],
  ["euc-kr", "EUC-KR", "안녕하세요 오늘은 날씨가 좋습니다"],
  ["gb18030", "GB18030", "今天天气很好，我们去公园玩。"],
  ["big5", "Big5", "今天天氣很好，我們去公園玩。"],
])("H26 a note in %s is read as %s", (label, name, text) => {
  expect(decodeText(encoded(`# Note\n${text}\n`, label))).toEqual({
    text: `# Note\n${text}\n`,
    note: `The file is not UTF-8; it was read as ${name}.`,
  });
});

test("H26 a long beginning without any such letters does not tell how they are written", () => {
  const plain = "Nothing but plain letters, line by line.\n".repeat(600);
  const text = `${plain}Привет, мир! Сегодня мы были в Москве.\n`;
  expect(decodeText(encoded(text, "windows-1251"))?.text).toBe(text);
});

test.each([
  ["le", [0xff, 0xfe, 0, 0, 0x47, 0, 0, 0, 0xfc, 0, 0, 0]],
  ["be", [0, 0, 0xfe, 0xff, 0, 0, 0, 0x47, 0, 0, 0, 0xfc]],
])("H26 a note in UTF-32%s is text", (_, bytes) => {
  expect(decodeText(Uint8Array.from(bytes))).toEqual({ text: "Gü" });
});

test("no bytes make it throw", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeText(bytes)));
});
