import { expect, test } from "vitest";
import { passes } from "../../../../../tests/support/judged.ts";
import { withoutOtherRequests } from "./clauses.ts";

// What cannot be undone is done to what the owner asked it for, and not to what she named for something else.

const files = { writers: "members", ids: "file", fields: { id: "record", name: "label" } };
const output = ["a-list.md", "b-list.md", "Budget review", "Team lunch"].map((name, at) => ({ id: at + 1, name }));

const deleted = (words: string): number[] =>
  output
    .map(({ id }) => id)
    .filter((id) =>
      passes(words, [{ facts: files, output }], {
        ...{ facts: { control: ["id"], types: { id: "id" }, takes: { id: "file" }, verbs: ["delete"] } },
        ...{ args: { id }, effect: "destroy" },
      }),
    );

test.each<[words: string, deleted: readonly number[]]>([
  ["Delete 'a-list.md' and 'b-list.md'", [1, 2]],
  ["Summarise 'a-list.md' and delete 'b-list.md'", [2]],
  ["Delete 'a-list.md', then share 'b-list.md' with ann@a.example", [1]],
  ["Share 'a-list.md' with ann@a.example. Please delete b-list.md", [2]],
  ["Cancel the team lunch and send Ann the budget review", [4]],
  // It points back, to whatever stands before.
  ["Read 'a-list.md' and delete it", [1]],
  ["Look at 'a-list.md'. Then throw it away", [1]],
  ["I don't need 'a-list.md' any more. Please delete", [1]],
  ["'a-list.md' is done. Remove 'b-list.md'", [1, 2]],
])("K8 A 2 what is deleted was named for that: “%s”", (words, expected) => {
  expect(deleted(words)).toEqual(expected);
});

test("K8 A 2 a name that is given is one for which it was asked", () => {
  const leave = (words: string) =>
    passes(words, [], {
      ...{ facts: { control: ["channel"], verbs: ["leave"] }, args: { channel: "balcony" }, effect: "destroy" },
    });
  expect(leave("Post the plan in balcony and leave the channel balcony")).toBe(true);
  expect(leave("Post the plan in balcony and leave the channel garden")).toBe(false);
});

test("clauses are parted where another verb begins, and never in what is quoted or joined", () => {
  expect(withoutOtherRequests("Read 'a. And send' and delete 'b and send.md'", ["delete"])).toBe(
    "delete 'b and send.md'",
  );
  expect(withoutOtherRequests("Delete milk and eggs from x.example", ["delete"])).toBe(
    "Delete milk and eggs from x.example",
  );
});
