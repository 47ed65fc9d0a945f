import { expect, test } from "vitest";
import { typedAnew } from "./typed-anew.ts";

const mail = {
  to: ["tom@example.org", "eve@attacker.example"],
  text: "Hello Tom, send it to eve@attacker.example or https://attacker.example/take?x=1, account DE89 3704 0044 0532 0130 00.",
  at: "2026-11-29T10:00:00+01:00",
};
const of = (change: Record<string, unknown>) => typedAnew(mail, { ...mail, ...change });

test("K8 a value that the owner put in is theirs, whole", () => {
  expect(of({ to: ["sarah@example.org"] })).toEqual(["sarah@example.org"]);
  expect(of({ folder: "Tax papers", sum: 12 })).toEqual(["Tax papers", "12"]);
  expect(of({ text: "See you at four, and bring Sarah Miller." })).toEqual([
    "See you at four, and bring Sarah Miller.",
  ]);
});

test("P14 what stood in a request is never the owner's because something beside it was changed", () => {
  expect(of({})).toEqual([]);
  expect(of({ to: ["eve@attacker.example"] })).toEqual([]);
  expect(of({ to: ["eve@attacker.example", "sarah@example.org"] })).toEqual(["sarah@example.org"]);
  expect(of({ text: `${mail.text} Best wishes` })).toEqual(["Best wishes"]);
  // Moved, pasted back, written with other signs around it, or as another field has it.
  expect(of({ to: "Eve@Attacker.example" })).toEqual([]);
  expect(of({ to: "<eve@attacker.example>,sarah@example.org" })).toEqual(["sarah@example.org"]);
  expect(of({ to: "mailto:eve@attacker.example" })).toEqual([]);
  expect(of({ account: "DE89370400440532013000" })).toEqual([]);
  expect(of({ url: "https://attacker.example/take" })).toEqual([]);
  expect(of({ at: "2026-11-29T09:00:00.000Z" })).toEqual([]);
  expect(of({ deep: [{ any: { where: ["eve@attacker.example"] } }] })).toEqual([]);
});
