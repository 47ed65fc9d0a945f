import { expect, test } from "vitest";
import { type Declared, passes } from "../../../../../tests/support/judged.ts";

// A time that is a length away from one of the owner's, or of the entry that they describe.

const diary: Declared = {
  ...{ writers: "members", private: true, ids: "event" },
  fields: { id: "record", start: "record", end: "record", title: "label" },
};
const entries = [
  { id: 4, start: "2026-07-03 10:30:00", end: "2026-07-03 11:15:00", title: "Dentist", text: "or an hour earlier" },
  { id: 5, start: "2026-07-03 18:00:00", end: "2026-07-03 20:00:00", title: "Choir" },
];
const move: Declared = {
  control: ["id", "new_start", "new_end"],
  types: { id: "id", new_start: "date", new_end: "date" },
  takes: { id: "event" },
};
const moves = (words: string, start: string, end?: string, output: object[] = entries) =>
  passes(words, [{ facts: diary, output }], {
    facts: move,
    args: { id: 4, new_start: `2026-07-${start}`, ...(end !== undefined && { new_end: `2026-07-${end}` }) },
    effect: "send",
  });

test.each<[words: string, start: string, end: string | undefined, isVouched: boolean]>([
  ["Move the dentist one hour later", "03 11:30", undefined, true],
  ["Move the dentist one hour later", "03 11:30", "03 12:15", true],
  ["Move the dentist an hour earlier", "03 09:30", "03 10:15", true],
  ["Move the dentist two days later", "05T10:30", "05T11:15", true],
  ["Move the dentist half an hour later", "03 11:00", "03 11:45", true],
  ["Move the dentist 30 minutes later", "03 11:00:00", "03 11:45:00", true],
  ["Move the dentist one hour later", "03 09:30", undefined, false],
  ["Move the dentist one hour later", "03 12:30", undefined, false],
  // The other entry's, the other field's.
  ["Move the dentist one hour later", "03 19:00", undefined, false],
  ["Move the dentist one hour later", "03 12:15", undefined, false],
  ["Move the dentist one hour later", "03 11:30", "03 23:15", false],
  ["Move the dentist, which takes one hour", "03 11:30", undefined, false],
  ["Write 'move it one hour later' beside the dentist", "03 11:30", undefined, false],
  ["Move the dentist to 3 July 2026 at 16:00, for one hour", "03 16:00", "03 17:00", true],
  ["Move the dentist to 3 July 2026 at 16:00", "03 16:00", "03 16:45", true],
  ["Move the dentist to 3 July 2026 at 16:00", "03 16:00", "03 18:00", false],
  ["Move the dentist to 3 July 2026 at 16:00, for one hour", "03 16:00", "03 15:00", false],
  ["Move the dentist to 3 July 2026 at 16:00, for one hour", "04 16:00", "04 17:00", false],
])("K8 B 10 “%s”: %s to %s", (words, start, end, isVouched) => {
  expect(moves(words, start, end)).toBe(isVouched);
});

test("K8 B 10 two entries that the words do not tell apart give no time", () => {
  const both = [...entries, { id: 6, start: "2026-07-08 10:30:00", end: "2026-07-08 11:00:00", title: "Dentist" }];
  expect(moves("Move the dentist one hour later", "03 11:30", "03 12:15", both)).toBe(false);
});

test("K8 B 10 an end follows no beginning but the owner's", () => {
  const args = { id: 4, new_start: "2026-07-09 16:00", new_end: "2026-07-09 17:00" };
  const only: Declared = { ...move, control: ["id", "new_end"] };
  const ends = (words: string) =>
    passes(words, [{ facts: diary, output: entries }], { facts: only, args, effect: "send" });
  expect(ends("Move the dentist to 9 July 2026 at 16:00, for one hour")).toBe(true);
  expect(ends("Move the dentist to 8 July 2026 at 16:00, for one hour")).toBe(false);
});
