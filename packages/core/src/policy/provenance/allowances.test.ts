import { expect, test } from "vitest";
import { passes } from "../../../../../tests/support/judged.ts";

// What chooses among a few values: no more than the owner said.

const chosen = (words: string, role: unknown, more: Record<string, unknown> = { types: { role: "enum" } }): boolean =>
  passes(words, [], {
    facts: { control: ["to", "role"], ...more },
    args: { to: "ann@a.example", role },
    effect: "send",
  });

test.each<[words: string, passing: readonly string[]]>([
  ["Let ann@a.example read it", ["viewer", "r", "read-only"]],
  ["Share it with ann@a.example", ["viewer", "r", "read-only"]],
  ["Let ann@a.example edit it", ["viewer", "r", "read-only", "commenter", "editor", "rw"]],
  ["Share it with ann@a.example, who can comment on it", ["viewer", "r", "read-only", "commenter"]],
  ["Give ann@a.example write access", ["viewer", "r", "read-only", "commenter", "editor", "rw"]],
  ["Add ann@a.example as an admin", ["viewer", "r", "read-only", "commenter", "editor", "rw", "owner"]],
  // What is said of something else, or not to be, gives nothing.
  ["Edit the list, and share it with ann@a.example", ["viewer", "r", "read-only"]],
  ["Ask its owner, and share it with ann@a.example", ["viewer", "r", "read-only"]],
  ["Let ann@a.example read it, but not edit it", ["viewer", "r", "read-only"]],
  ["Share it with ann@a.example, and don't let her edit it", ["viewer", "r", "read-only"]],
  ["Let ann@a.example read 'can edit'", ["viewer", "r", "read-only"]],
  ["Share what I could edit yesterday with ann@a.example", ["viewer", "r", "read-only"]],
  ["Nobody but me may edit it: share it with ann@a.example", ["viewer", "r", "read-only"]],
  ["No one can edit it when you share it with ann@a.example", ["viewer", "r", "read-only"]],
  ["Share it with ann@a.example so that she can edit it", ["viewer", "r", "read-only", "commenter", "editor", "rw"]],
  // One of two people may edit it, and nobody knows which.
  ["Let ann@a.example read it and let tom@t.example edit it", ["viewer", "r", "read-only"]],
])("K8 B 5 a choice is no more than was said: “%s”", (words, passing) => {
  const all = ["viewer", "r", "read-only", "commenter", "editor", "rw", "owner"];
  expect(all.filter((role) => chosen(words, role))).toEqual(passing);
});

test("K8 B 5 a value that nothing is known of is a name", () => {
  expect(chosen("Share it with ann@a.example weekly", "weekly")).toBe(true);
  expect(chosen("Share it with ann@a.example weekly", "daily")).toBe(false);
});

const declared = {
  values: {
    role: [
      { value: 0, words: ["listen"] },
      { value: "talk", words: ["speak"] },
      { value: true, words: ["chair", "lead"] },
    ],
  },
};

test.each<[words: string, passing: readonly unknown[]]>([
  ["Invite ann@a.example", [0]],
  ["Invite ann@a.example, she only listens", [0]],
  ["Invite ann@a.example to speak", [0, "talk"]],
  ["Invite ann@a.example to talk", [0, "talk"]],
  ["Invite ann@a.example, who chairs it", [0, "talk", true]],
  ["I lead it. Let ann@a.example speak", [0, "talk"]],
  ["Invite ann@a.example, who does not speak", [0]],
])("K8 B 5 a manifest lists values, with words for them: “%s”", (words, passing) => {
  expect([0, "talk", true, "burn"].filter((role) => chosen(words, role, declared))).toEqual(passing);
});
