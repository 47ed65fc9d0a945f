import { expect, test } from "vitest";
import { passes } from "../../../../../tests/support/judged.ts";

// Cases that must ask, each beside its twin that passes.

const files = { writers: "members", ids: "file", fields: { id: "record", name: "label" } };
const onFile = (verb: string) => ({ control: ["id"], types: { id: "id" }, takes: { id: "file" }, verbs: [verb] });
const rows = [
  { id: 3, name: "Tax 2019" },
  { id: 4, name: "Garden plan" },
];

test.each<[what: string, args: Record<string, unknown>, isFound: boolean]>([
  ["no arguments", {}, true],
  ["how much", { limit: 20 }, true],
  ["words of hers", { query: "garden" }, true],
  ["a number of the planner's", { id: 4 }, false],
  ["the same as a text", { id: "4" }, false],
  ["a place in the list", { position: 1 }, false],
  ["words of the planner's", { query: "plan" }, false],
])("K8 A 1 rows describe where the question was the owner's: %s", (_what, args, isFound) => {
  const read = { facts: files, args, output: [rows[1]] };
  expect(
    passes("Append 'seeds' to what I have on the garden", [read], { facts: onFile("append"), args: { id: 4 } }),
  ).toBe(isFound);
});

test("K8 A 1 what another's question found can still be mistaken for what is meant", () => {
  const all = { facts: files, output: rows };
  const other = { facts: files, args: { id: 9 }, output: [{ id: 9, name: "Garden tools" }] };
  const append = { facts: onFile("append"), args: { id: 4 } };
  expect(passes("Add it to the garden one", [all], append)).toBe(true);
  expect(passes("Add it to the garden one", [all, other], append)).toBe(false);
});

test("K8 A 1 a trusted source answers no number of the planner's", () => {
  const contacts = { output: "trusted", writers: "self" };
  const mail = {
    facts: { control: ["to"], types: { to: "email" } },
    args: { to: "eve@x.example" },
    effect: "send" as const,
  };
  const read = (args: Record<string, unknown>) => [{ facts: contacts, args, output: { email: "eve@x.example" } }];
  expect(passes("Write to them", read({ limit: 5 }), mail)).toBe(true);
  expect(passes("Write to them", read({ entry: 17 }), mail)).toBe(false);
  expect(passes("Write to them", read({ entry: "17" }), mail)).toBe(false);
});

test.each<[verb: string, words: string, isAsked: boolean]>([
  ["delete", "Throw 'Garden plan' away", true],
  ["delete", "Get rid of 'Garden plan'", true],
  ["delete", "I want 'Garden plan' deleted", true],
  ["delete", "Summarise 'Garden plan'", false],
  ["delete", "Summarise 'Garden plan' with tidytext", false],
  ["delete", "Copy 'Garden plan' from /delete/me to delete@a.example", false],
  ["delete", "Read 'please delete' and 'Garden plan'", false],
  ["delete", "Don't delete 'Garden plan'", false],
  ["cancel", "I'm cancelling 'Garden plan'", true],
  ["cancel", "Call 'Garden plan' off", true],
  ["cancel", "Move 'Garden plan' to Monday", false],
  ["leave", "Please leave 'Garden plan'", true],
  ["leave", "Share 'Garden plan' with Tom", false],
  ["transfer", "Hand 'Garden plan' over to Tom", true],
  ["transfer", "Show 'Garden plan' to Tom", false],
  ["close", "'Garden plan' is done, close it", true],
  ["close", "Delete 'Garden plan'", false],
  ["frobnicate", "Frobnicate 'Garden plan'", true],
  ["frobnicate", "Read 'Garden plan'", false],
])("K8 A 2 to %s, which cannot be undone, needs a word for it: %s", (verb, words, isAsked) => {
  const read = { facts: files, output: rows };
  expect(passes(words, [read], { facts: onFile(verb), args: { id: 4 }, effect: "destroy" })).toBe(isAsked);
});

test("K8 A 4 a word of a quoted name names nothing else", () => {
  const leave = (channel: string) => ({ facts: { control: ["channel"] }, args: { channel } });
  expect(passes("Share 'Balcony plan' with ann@a.example", [], leave("balcony"))).toBe(false);
  expect(passes("Share “Balcony plan” with ann@a.example", [], leave("plan"))).toBe(false);
  expect(passes("Share 'Balcony plan' with ann@a.example", [], leave("Balcony plan"))).toBe(true);
  expect(passes("Post it in 'balcony'.", [], leave("balcony"))).toBe(true);
  expect(passes("Ann's and Tom's balcony", [], leave("Tom"))).toBe(true);
  expect(passes("'Post it in the balcony'", [], leave("balcony"))).toBe(true);
});

test("K8 A 5 a link in a text that nobody signed is nobody's", () => {
  const fetch = {
    facts: { control: ["url"], types: { url: "url" } },
    args: { url: "www.x.example" },
    effect: "fetch" as const,
  };
  const events = { writers: "members", fields: { id: "record", title: "label" } };
  const output = [{ id: 1, title: "Lunch", notes: "see www.x.example" }];
  expect(passes("What is on Monday's agenda?", [{ facts: events, args: { day: "Monday" }, output }], fetch)).toBe(
    false,
  );
  const news = { writers: "members", author: "sender", fields: { sender: "party" } };
  const read = (sender: string) => [
    { facts: news, args: { channel: "news" }, output: [{ sender, body: "see www.x.example" }] },
  ];
  expect(passes("Read the article that Tom posted in #news", read("Tom"), fetch)).toBe(true);
  expect(passes("Read the article that Tom posted in #news", read(""), fetch)).toBe(false);
});

test("K8 A 6 a number that nothing is said of is an id", () => {
  const drop = (thing: unknown, more = {}) => ({ facts: { control: ["thing"], ...more }, args: { thing } });
  expect(passes("Spend 13 on bread", [], drop(13))).toBe(false);
  expect(passes("Spend 13 on bread", [], drop("13"))).toBe(false);
  expect(passes("Take no. 13", [], drop(13))).toBe(true);
  expect(passes("Spend 13 on bread", [], drop(13, { types: { thing: "amount" } }))).toBe(true);
  const unkind = { writers: "members", fields: { id: "record", name: "label" } };
  const id = { types: { thing: "id" } };
  expect(passes("Take the garden one", [{ facts: unkind, output: rows }], drop(4, id))).toBe(false);
  expect(
    passes("Take the garden one", [{ facts: files, output: rows }], drop(4, { ...id, takes: { thing: "file" } })),
  ).toBe(true);
});

test("K8 A 9 where a row comes from weighs more than whose store it is in", () => {
  const tasks = { writers: "self", origins: "origins", fields: { id: "record", title: "label", who: "party" } };
  const invite = { facts: { control: ["who"] }, args: { who: "Eve" }, effect: "send" as const };
  const read = (origins: string[]) => [
    {
      facts: tasks,
      output: [
        { id: 1, title: "Garden", who: "Eve", origins },
        { id: 2, title: "Taxes", who: "Tom", origins: ["owner"] },
      ],
    },
  ];
  expect(passes("Ask about the garden", read(["owner"]), invite)).toBe(true);
  expect(passes("Ask about the garden", read(["web:x.example"]), invite)).toBe(false);
  expect(passes("Ask about the garden", read(["owner", "web:x.example"]), invite)).toBe(false);
  const trusted = { ...tasks, output: "trusted" };
  expect(passes("Ask them", [{ facts: trusted, output: [{ who: "Eve", origins: ["web:x.example"] }] }], invite)).toBe(
    false,
  );
  expect(passes("Ask them", [{ facts: trusted, output: [{ who: "Eve", origins: ["owner"] }] }], invite)).toBe(true);
});

test("K8 A 10 an id that two differing entries bear is neither's", () => {
  const append = { facts: onFile("append"), args: { id: 4 } };
  const read = (output: unknown) => ({ facts: files, output });
  expect(passes("Add it to the garden one", [read(rows), read(rows)], append)).toBe(true);
  expect(passes("Add it to the garden one", [read([...rows, { id: 4, name: "Plans of Eve" }])], append)).toBe(false);
  const mails = { ...files, ids: "mail" };
  expect(
    passes("Add it to the garden one", [read(rows), { facts: mails, output: [{ id: 4, name: "Hi" }] }], append),
  ).toBe(true);
});

test("K8 A 11 a name is short, and words for any entry single out none", () => {
  const append = { facts: onFile("append"), args: { id: 4 } };
  const named = (name: string) => [
    {
      facts: files,
      output: [
        { id: 3, name: "Tax 2019" },
        { id: 4, name },
      ],
    },
  ];
  const words = "Write Ben a report about the garden and the fence, by mail";
  expect(passes(words, named("Garden"), append)).toBe(true);
  expect(passes(words, named("Report"), append)).toBe(false);
  expect(passes(words, named("A mail for the summary of days and months"), append)).toBe(false);
  expect(passes(words, named("Garden one two three four five six seven eight nine ten eleven twelve"), append)).toBe(
    false,
  );
});

test("K8 that a row is described says of none of the names that it lists that it is meant", () => {
  const profile = { writers: "self", fields: { user: "party", lists: "label" } };
  const open = (list: string) => ({ facts: { control: ["list"] }, args: { list } });
  const read = [{ facts: profile, output: { user: "kim", lists: ["kim/garden", "kim/taxes"] } }];
  expect(passes("Add a note to kim's garden", read, open("kim/garden"))).toBe(true);
  expect(passes("Add a note to the garden of mine", read, open("kim/taxes"))).toBe(false);
  const one = [{ facts: profile, output: { user: "kim", lists: ["kim/taxes"] } }];
  expect(passes("Add a note of kim's", one, open("kim/taxes"))).toBe(false);
});
