import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { parseLine } from "./ndjson.ts";

test("no line makes it throw", () => {
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.object().map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(line, (text) => void parseLine(text)),
    { seed: inject("seed") },
  );
});

test.each([
  ["nope", "The line is not JSON."],
  ["", "The line is not JSON."],
  ["[]", 'The line is not a record like {"content": "…"}.'],
  ["{}", '"content" is missing.'],
  ['{"content":5}', '"content" must be text.'],
  ['{"content":" \\n"}', '"content" is empty.'],
  ['{"content":"\\ud800"}', '"content" holds half a character or a NUL, which cannot be stored.'],
  ['{"content":"a\\u0000"}', '"content" holds half a character or a NUL, which cannot be stored.'],
  ['{"content":"x","contnet":1}', '"contnet" is not a field that a memory has.'],
  ['{"content":"x","__proto__":1}', '"__proto__" is not a field that a memory has.'],
  [
    '{"content":"x","at":"5/8/2024"}',
    '"at" is not a date that can mean one thing only; write it like 2024-05-08T13:56:00Z.',
  ],
  [
    '{"content":"x","at":"2024-02-31"}',
    '"at" is not a date that can mean one thing only; write it like 2024-05-08T13:56:00Z.',
  ],
  ['{"content":"x","tags":"a"}', '"tags" must be a list of words.'],
  ['{"content":"x","speaker":""}', '"speaker" is empty.'],
])("%s is refused with a reason", (line, reason) => {
  expect(parseLine(line)).toEqual({ ok: false, reason });
});

test("content beyond a million characters is refused, and the refusal names the record", () => {
  const line = JSON.stringify({ id: 7, content: "x".repeat(1_000_001) });
  expect(parseLine(line)).toEqual({
    ok: false,
    reason: '"content" is longer than 1,000,000 characters.',
    externalId: "7",
  });
});

test("a whole record comes through, with its time in UTC and its id as text", () => {
  const record = { content: "x", source: "diary", session: "s", speaker: "Sarah", tags: ["a"] };
  const line = `\uFEFF${JSON.stringify({ ...record, id: 5, at: "2024-05-08T13:56:00+02:00" })}`;
  expect(parseLine(line)).toEqual({ ok: true, item: { ...record, externalId: "5", at: "2024-05-08T11:56:00.000Z" } });
});

test.each([
  ["2024-05-08", "2024-05-08T00:00:00.000Z"],
  ["2024-05-08 10:00", "2024-05-08T10:00:00.000Z"],
  ["8 May 2024", "2024-05-08T00:00:00.000Z"],
  ["May 8th, 2024", "2024-05-08T00:00:00.000Z"],
  ["Wed, 08 May 2024 13:56:00 +0200", "2024-05-08T11:56:00.000Z"],
])("%s is a clear date", (at, expected) => {
  expect(parseLine(JSON.stringify({ content: "x", at }))).toMatchObject({ ok: true, item: { at: expected } });
});
