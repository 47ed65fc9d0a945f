import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { mailBytesMax, messagesOf } from "./mbox.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");
const split = (text: string, size = 1 << 20) => {
  const whole = bytes(text);
  const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, n) =>
    whole.subarray(n * size, (n + 1) * size),
  );
  let junk = 0;
  const parts = [...messagesOf(chunks, (sizeBytes) => (junk += sizeBytes))];
  return { parts, texts: parts.map((part) => Buffer.from(part.bytes).toString("latin1")), junk };
};
const line = "From sarah@example.org Wed May  8 13:56:00 2024\n";

test("wherever the chunks are cut, the messages are the same", () => {
  const piece = fc.constantFrom(
    line,
    "\n",
    "Subject: x\n",
    "From there we went on.\n",
    ">From me\n",
    "\r\n",
    "From - \r\n",
    "text",
  );
  fc.assert(
    fc.property(fc.array(piece), fc.integer({ min: 1, max: 40 }), (pieces, size) => {
      const text = pieces.join("");
      expect(split(text, size)).toEqual({ ...split(text), parts: expect.anything() });
    }),
    { seed: inject("seed") },
  );
});

test("junk before the first message is passed over and counted", () => {
  expect(split(`garbage\nmore${line}`)).toMatchObject({ texts: [], junk: 60 });
  expect(split(`garbage\n${line}Subject: x\n\nhi\n`)).toMatchObject({ texts: ["Subject: x\n\nhi\n"], junk: 8 });
  expect(split("")).toMatchObject({ texts: [], junk: 0 });
});

test("prose that begins with From is no separator, a line without a date before headers is one", () => {
  expect(split(`${line}S: 1\n\na\n\nFrom there we went on.\n\nFrom you\nSubject: 2\n\nb\n`).texts).toEqual([
    "S: 1\n\na\n\nFrom there we went on.\n",
    "Subject: 2\n\nb\n",
  ]);
});

test("quoted From lines lose one mark; CRLF files are read alike", () => {
  const text = `${line}S: 1\n\n>From a\n>>From b\n> From c\n\n${line}S: 2\n\nb\n`;
  expect(split(text).texts).toEqual(["S: 1\n\nFrom a\n>From b\n> From c\n", "S: 2\n\nb\n"]);
  expect(split(text.replaceAll("\n", "\r\n")).texts).toEqual(
    ["S: 1\n\nFrom a\n>From b\n> From c\n", "S: 2\n\nb\n"].map((part) => part.replaceAll("\n", "\r\n")),
  );
});

test("a message beyond 50 MB is given by its beginning only, and its neighbours whole", () => {
  const big = `Subject: big\n\n${"x".repeat(70)}\n`.padEnd(mailBytesMax + 5_000_000, `${"x".repeat(79)}\n`);
  const { parts } = split(`${line}S: 1\n\na\n\n${line}${big}\n\n${line}S: 3\n\nc\n`);
  expect(parts.map(({ isTooLarge, bytes: { length } }) => [isTooLarge, length])).toEqual([
    [false, 8],
    [true, 8_192],
    [false, 8],
  ]);
});
