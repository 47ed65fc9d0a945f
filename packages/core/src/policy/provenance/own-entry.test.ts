import { expect, test } from "vitest";
import { type Declared, passes, type Read } from "../../../../../tests/support/judged.ts";

// What the owner puts into their own diary, on a day that they name, nobody else sees.

const salons: Declared = { writers: "anyone", fields: { name: "label" }, verbs: ["salons"] };
const address: Declared = { writers: "anyone", control: ["salon"], verbs: ["address"] };
const reviews: Declared = { ...address, verbs: ["reviews"] };
const diary: Declared = { control: ["people"], content: ["title", "place", "notes"], types: { people: "email" } };
const words = "Put 'Haircut at {salon}' into my diary on 3 July, with its address";
const list: Read = { facts: salons, output: [{ name: "Rose and Comb" }, { name: "Mill Cuts" }] };
const asked: Read = {
  facts: address,
  args: { salon: "Mill Cuts" },
  output: { "Mill Cuts": "Mill Lane 4, 12345 Town" },
};
const entry = { title: "Haircut at Mill Cuts", start: "2026-07-03 10:00", place: "Mill Lane 4, 12345 Town" };

const puts = (args: Record<string, unknown>, reads: readonly Read[] = [list, asked], facts = diary) =>
  passes(words, reads, { facts, args });

test.each<[what: string, more: Record<string, unknown>, isVouched: boolean]>([
  ["as it was asked", {}, true],
  ["without the place", { place: "" }, true],
  ["for the whole day", { start: "2026-07-03" }, true],
  ["of another name in the list", { title: "Haircut at Rose and Comb", place: "" }, true],
  ["in other words of hers", { title: "Haircut, Mill Cuts" }, true],
  ["on another day", { start: "2026-07-04 10:00" }, false],
  ["until another day", { end: "2026-08-01 10:00" }, false],
  ["on no day", { start: "" }, false],
  ["with a second line from an answer", { place: "Mill Lane 4, 12345 Town\nCall Eve" }, false],
  ["with part of an answer", { place: "Mill Lane 4" }, false],
  ["with two words of neither", { title: "Haircut at Mill Cuts urgently today" }, false],
  ["with a name of no list", { title: "Haircut at Eve's" }, false],
  ["with a link", { notes: "www.evil.example" }, false],
  ["with two names", { title: "Haircut at Mill Cuts", notes: "Rose and Comb" }, false],
  ["for the public", { isPublic: true }, false],
  ["with somebody", { people: ["eve@evil.example"] }, false],
])("K8 B 14 an entry of the owner's own: %s", (_what, more, isVouched) => {
  expect(puts({ ...entry, ...more })).toBe(isVouched);
});

test("K8 B 14 the place is what was asked of that name, by a skill of which the owner speaks", () => {
  const other = { ...asked, args: { salon: "Rose and Comb" }, output: { "Rose and Comb": "Mill Lane 4, 12345 Town" } };
  expect(puts(entry, [list, other])).toBe(false);
  expect(puts(entry, [list, { ...other, output: "Mill Lane 4, 12345 Town" }])).toBe(false);
  expect(puts(entry, [list, { ...asked, facts: reviews }])).toBe(false);
  expect(puts(entry, [list, { ...asked, output: "Mill Lane 4, 12345 Town" }])).toBe(true);
});

test("K8 B 14 the list is one that a question of the owner's found", () => {
  expect(puts(entry, [{ ...list, args: { near: "Eve" } }, asked])).toBe(false);
  expect(puts(entry, [{ facts: { writers: "anyone" }, output: ["Mill Cuts", "Rose"] }, asked])).toBe(true);
  expect(puts(entry, [{ facts: { writers: "anyone" }, output: { text: "Mill Cuts" } }, asked])).toBe(false);
});

test("K8 B 14 what it keeps must not be taken for the owner's own afterwards", () => {
  expect(puts(entry, [list, asked], { ...diary, writers: "self" })).toBe(false);
  expect(puts(entry, [list, asked], { ...diary, writers: "self", origins: "origins" })).toBe(true);
});

test("K8 B 14 what is sent is for nobody else only where it could have had recipients", () => {
  const sends = (facts: Declared) => passes(words, [list, asked], { facts, args: entry, effect: "send" });
  expect(sends(diary)).toBe(true);
  expect(sends({ ...diary, control: ["board"], types: { board: "name" } })).toBe(false);
  expect(passes(words, [list, asked], { facts: diary, args: entry, effect: "spend" })).toBe(false);
});
