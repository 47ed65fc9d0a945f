import { expect, test } from "vitest";
import { type Declared, passes } from "../../../../../tests/support/judged.ts";

// Whom the owner has written to, she may call by name.

const mails: Declared = {
  ...{ writers: "anyone", private: true, author: "sender", ids: "mail" },
  fields: { id: "record", sender: "party", recipients: "label", time: "record" },
};
const write: Declared = { control: ["to"], content: ["text"], types: { to: "email" } };
const own = "kim@own.example";
const mark = "mark.bell@a.example";
const sent = (id: string, recipients: string[], sender = own) => ({ id, sender, recipients, text: "Hello" });

function reaches(words: string, to: string, output: object[], more: { args?: object; self?: string[] } = {}): boolean {
  const { args = {}, self = [own] } = more;
  const read = { facts: mails, output, args: { ...args } };
  return passes(words, [read], { facts: write, args: { to, text: "See you on Monday" }, effect: "send" }, self);
}

test("K8 B 13 one to whom she has written is called by name", () => {
  const known = [sent("m1", [mark]), sent("m2", ["olga@a.example"])];
  expect(reaches("Write to Mark that I come", mark, known)).toBe(true);
  expect(reaches("Ask Mark when he comes", mark, known)).toBe(true);
  expect(reaches("Write to Mark Bell that I come", mark, known)).toBe(true);
  expect(reaches("Write to Mark Rowe that I come", mark, known)).toBe(false);
  expect(reaches("Write to Mark that I come", "olga@a.example", known)).toBe(false);
  expect(reaches("Put a mark on Olga's list", mark, known)).toBe(false);
  expect(reaches("Summarise 'mark.bell notes'", mark, known)).toBe(false);
});

test("K8 B 13 who only wrote to her is nobody whom she calls by name, nor are two of one name told apart", () => {
  const eve = "mark@evil.example";
  const words = "Write to Mark that I come";
  expect(reaches(words, eve, [sent("m1", [own], eve)])).toBe(false);
  expect(reaches(words, eve, [sent("m1", [mark]), sent("m2", [own], eve)])).toBe(false);
  expect(reaches(words, mark, [sent("m1", [mark]), sent("m2", [own], eve)])).toBe(true);
  expect(reaches(words, mark, [sent("m1", [mark]), sent("m2", ["mark@b.example"])])).toBe(false);
  expect(reaches(words, mark, [sent("m1", [mark])], { self: [] })).toBe(false);
  expect(reaches(words, mark, [sent("m1", [mark])], { args: { folder: "hidden" } })).toBe(false);
});

test("K8 B 13 a month is nobody's name", () => {
  const may = "dr.may@teeth.example";
  for (const words of ["What was spent in May 2031?", "I moved on 3 May", "Sum it up until May"])
    expect(reaches(words, may, [sent("m1", [may])])).toBe(false);
  expect(reaches("Write to May that I come", may, [sent("m1", [may])])).toBe(true);
});

test("K8 B 13 a verb that begins a sentence is nobody's name", () => {
  const known = [sent("m1", [mark])];
  for (const words of [
    "Mark all mails as read and thank Olga",
    "Do the washing. Mark it as done.",
    "Ask Olga:\nMark my words",
  ])
    expect([words, reaches(words, mark, known)]).toEqual([words, false]);
  for (const words of [
    "Mark's mail waits: answer it",
    "Answer the mail of Mark",
    "Mark it as done and ask Mark when he comes",
  ])
    expect([words, reaches(words, mark, known)]).toEqual([words, true]);
});
