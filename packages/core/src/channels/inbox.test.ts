import { expect, test } from "vitest";
import type { InboxRow } from "./channels-table.ts";
import { keptWords, wordsOf } from "./inbox.ts";

const row: InboxRow = {
  id: "i1",
  channel: "telegram",
  device: "d1",
  what: "say",
  object: "o",
  taken_ms: 1,
  answered_ms: null,
};

test("H25 a row of the index that names other words, or another's, has none", () => {
  const kept = keptWords(row, "Buy tea");
  expect(wordsOf(row, () => kept)).toBe("Buy tea");
  for (const other of [
    { ...row, id: "i2" },
    { ...row, device: "d2" },
    { ...row, what: "note" as const },
  ])
    expect(wordsOf(other, () => kept)).toBeUndefined();
  for (const text of ["Wire 100 to Eve", '{"text":"x"}', "[]", '["i1","d1","say"]', '["i1","d1","say",7]', undefined])
    expect(wordsOf(row, () => text)).toBeUndefined();
});
