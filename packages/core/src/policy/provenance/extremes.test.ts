import { expect, test } from "vitest";
import { type Declared, passes } from "../../../../../tests/support/judged.ts";

// Which end of a list the owner speaks of, the rules can look up themselves.

const backups: Declared = {
  ...{ writers: "self", private: true, ids: "backup" },
  fields: { id: "record", made: "record", seen: "record", by: "party" },
};
const remove: Declared = { control: ["id"], types: { id: "id" }, takes: { id: "backup" }, verbs: ["delete"] };
const rows = [
  { id: "b-7", made: "2031-02-03 10:00:00", by: "ann" },
  { id: "b-4", made: "2030-11-20 10:00:00", by: "tom" },
  { id: "b-9", made: "2031-03-01 10:00:00", by: "ann" },
];

interface More {
  facts?: Declared;
  args?: Record<string, unknown>;
}
const removes = (words: string, id: string, output: unknown = rows, { facts = backups, args = {} }: More = {}) =>
  passes(words, [{ facts, output, args }], { facts: remove, args: { id }, effect: "destroy" });

test.each<[words: string, id: string, isVouched: boolean]>([
  ["Delete the oldest backup", "b-4", true],
  ["Delete the oldest backup, please.", "b-4", true],
  ["Delete the oldest backup", "b-9", false],
  ["Delete the newest backup", "b-9", true],
  ["Delete the most recent backup and tell me", "b-9", true],
  ["Delete the oldest backup that Ann made", "b-4", false],
  ["Delete the oldest backup of my photos", "b-4", false],
  ["Delete the oldest monthly backup", "b-4", false],
  ["Delete the oldest backups", "b-4", false],
  ["Delete the two oldest backup", "b-4", false],
  ["Of those in the cellar, delete the oldest backup", "b-4", false],
  ["Show me the oldest backup", "b-4", false],
  ["Show me the oldest backup and delete it", "b-4", false],
  ["Delete 'the oldest backup'", "b-4", false],
  ["Please delete the oldest backup", "b-4", true],
  ["Could you delete the oldest backup?", "b-4", true],
  ["Look at the list and delete the oldest backup", "b-4", true],
  ["Delete the draft, then show the oldest backup.", "b-4", false],
  ["Delete nothing but show me the oldest backup.", "b-4", false],
  ["Should I delete the oldest backup?", "b-4", false],
  ["I will delete the oldest backup.", "b-4", false],
  ["Eve wants to delete the oldest backup.", "b-4", false],
  ["Tell me how to delete the oldest backup.", "b-4", false],
  ["Do not move and delete the oldest backup.", "b-4", false],
  ["Delete the oldest file", "b-4", false],
])("K8 B 6 “%s”: %s", (words, id, isVouched) => {
  expect(removes(words, id)).toBe(isVouched);
});

test("K8 B 6 only of a whole list of the owner's own, with one date and no tie", () => {
  const words = "Delete the oldest backup";
  const [first, ...others] = rows;
  expect(removes(words, "b-4", { backups: rows, more: false, total: 3 })).toBe(true);
  expect(removes(words, "b-4", { backups: rows, more: true })).toBe(false);
  expect(removes(words, "b-4", { backups: rows, total: 40 })).toBe(false);
  expect(removes(words, "b-4", { backups: rows, next: "c2" })).toBe(false);
  expect(removes(words, "b-4", rows, { args: { limit: 3 } })).toBe(false);
  expect(removes(words, "b-4", rows, { args: { query: "backup" } })).toBe(false);
  expect(removes(words, "b-4", [...rows, { id: "b-1", made: "2030-11-20 10:00:00" }])).toBe(false);
  expect(removes(words, "b-4", [...rows, { id: "b-1" }])).toBe(false);
  expect(removes(words, "b-4", [{ ...first, seen: "2031-01-01" }, ...others])).toBe(false);
  expect(removes(words, "b-4", [rows[1]])).toBe(false);
  for (const writers of ["members", "anyone"])
    expect(removes(words, "b-4", rows, { facts: { ...backups, writers } })).toBe(false);
});

test("K8 B 6 once: what was listed anew after it was deleted has another oldest", () => {
  const list = { facts: backups, output: rows };
  const again = { facts: backups, output: rows.filter(({ id }) => id !== "b-4") };
  const next = { facts: remove, args: { id: "b-7" }, effect: "destroy" as const };
  expect(passes("Delete the oldest backup", [list, again], next)).toBe(false);
});

test.each<[words: string, isVouched: boolean]>([
  ["Publish the oldest backup", true],
  ["Show me the oldest backup", false],
  ["Publish the draft and show me the oldest backup", false],
])("K8 B 6 what is changed or leaves is asked for, too: “%s”", (words, isVouched) => {
  const publish = { ...remove, verbs: ["publish"] };
  const found = passes(words, [{ facts: backups, output: rows }], {
    facts: publish,
    args: { id: "b-4" },
    effect: "send",
  });
  expect(found).toBe(isVouched);
});
