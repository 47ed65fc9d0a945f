import { toolFactsSchema } from "@mh/contract/values/provenance.ts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { judgeCall } from "./judge-call.ts";
import { canonicalOf, kindOf } from "./kinds.ts";
import { Trace } from "./trace.ts";

const call = (type: string | undefined, value: unknown, effect: "send" | "read" = "send") => ({
  ...{ id: "now", effect, args: { to: value } },
  facts: toolFactsSchema.parse({ control: ["to"], ...(type && { types: { to: type } }) }),
});
const isVouched = (trace: Trace, type: string | undefined, value: unknown): boolean =>
  judgeCall(trace, call(type, value)).every(({ vouched }) => vouched);

/** What the owner wrote, what a call holds, and whether that is the same thing in the world. */
const table: [type: string | undefined, words: string, value: unknown, isSame: boolean][] = [
  // Paths: bytes, but for a slash at the end.
  ["path", "read /home/ada/Notes", "/home/ada/Notes", true],
  ["path", "read /home/ada/Notes", "/home/ada/notes", false],
  ["path", "read /home/ada/Notes/.", "/home/ada/Notes/", true],
  ["path", "read /home/ada/Notes.", "/home/ada/Notes", true],
  ["path", "read /home/ada/notes", "/home/ada", false],
  ["path", "read /home/ada/notes.txt.bak", "/home/ada/notes.txt", false],
  ["path", "a / b", "/", false],
  ["path", "list '/'", "/", true],
  ["path", "either/or", "or", false],
  ["path", "see https://x.example/etc/passwd", "/etc/passwd", false],
  ["path", "read caf\u00e9.txt", "cafe\u0301.txt", false],
  ["path", "read caf\u00e9.txt", "caf\u00e9.txt", true],
  ["path", "read a/b", "a/../a/b", false],
  ["path", "read a%2Fb", "a/b", false],
  ["path", "read \uff41.txt", "a.txt", false],
  // Numbers: whole ones of hers.
  ["amount", "call 463 820 119", 463, false],
  ["amount", "call 463 820 119", 820, false],
  ["amount", "pay 2 200", 2200, true],
  ["amount", "pay 1,250.50", 1250.5, true],
  ["amount", "pay 2200", "2200,000", false],
  ["amount", "on 2026-05-08", 2026, false],
  ["amount", "add 19 %", 19, false],
  ["amount", "version 1.2.3", 1.2, false],
  ["amount", "call 555-010-9999", 9999, false],
  ["amount", "pay \uff11\uff12", 12, false],
  ...["1'250", "1\u2019250", "1_250", "1\u2009250", "1\u2007250", "1\u202f250"].flatMap((sum): typeof table => [
    ["amount", `pay ${sum}`, 1250, true],
    ["amount", `pay ${sum}`, 250, false],
    ["amount", `pay ${sum}`, 1, false],
  ]),
  ["amount", "call +4915112345678", 4915112345678, false],
  ["amount", "call tel:5550109", 5550109, false],
  ["amount", "call (030) 1234567", 1234567, false],
  ["amount", "pay (about) 12", 12, true],
  ["amount", "at 12:30:45", 45, false],
  ["amount", "pay \u22125", 5, false],
  ["amount", "pay 5 million", 5, false],
  ["amount", "pay 2 thousand", 2, false],
  ["amount", "add 10 percent", 10, false],
  ["amount", "add 10 per cent", 10, false],
  ["amount", "pay 10 to Percy", 10, true],
  // Addresses: the domain is folded and has two spellings; a plus-address is another.
  ["email", "write to ada@Example.org", "ada@example.ORG", true],
  ["email", "write to ada@example.org", "ada+x@example.org", false],
  ["email", "write to ada@b\u00fccher.example", "ada@xn--bcher-kva.example", true],
  ["email", "write to ada@example.org", "\u0430da@example.org", false],
  ["email", "write to ada@example.org", "ada@example.org.", false],
  // Links: the host is folded, the rest is not.
  ["url", "see https://Example.org/Path", "https://example.org/Path", true],
  ["url", "see https://example.org/Path", "https://example.org/path", false],
  ["url", "see https://example.org/a", "https://example.org/a#b", false],
  ["url", "see https://example.org/a%2Fb", "https://example.org/a/b", false],
  ["url", "see https://example.org/a", "https://example.org:8080/a", false],
  ["url", "see https://b\u00fccher.example/x", "https://xn--bcher-kva.example/x", true],
  ["url", "see https://example.org/a", "https://User@example.org/a", false],
  // Ids and names with a case of their own.
  ["id", "cancel aB3x", "aB3x", true],
  ["id", "cancel aB3x", "ab3X", false],
  [undefined, "use README.md", "readme.md", false],
  ["person", "tell sarah", "Sarah", true],
  ["person", "tell Sarah", "sarah", true],
  ["channel", "post in dev-Ops", "dev-ops", false],
  ["date", "on 2026-05-08 13:56", "2026-05-08T13:56", true],
  ["date", "on 20260508", "2026-05-08", false],
];

test.for(table)("S20 %s: “%s” and %s", ([type, words, value, isSame]) => {
  expect(isVouched(new Trace(words), type, value)).toBe(isSame);
});

test("S20 digits in groups are no words of the owner's: one number, among three words of hers, may differ", () => {
  const send = { control: ["to"], content: ["body"] };
  const body = (words: string, text: string) => {
    const facts = toolFactsSchema.parse(send);
    return judgeCall(new Trace(words), { id: "now", effect: "send", facts, args: { body: text } }).every(
      ({ vouched }) => vouched,
    );
  };
  expect(body("Tell everybody that the bus leaves at nine", "463 820 119")).toBe(false);
  expect(body("Tell everybody that the bus leaves at nine", "12")).toBe(false);
  expect(body("You are the k-th winner of it", "You are the 3-th winner")).toBe(true);
  expect(body("You are the k-th winner of it", "You are 33 3-th winner")).toBe(false);
});

test("S20 what was approved is what was shown: the path, name and id as they were written", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => text.trim() !== ""),
      (shown) => {
        const trace = new Trace("do it");
        trace.endorse([{ value: shown, beside: [] }], "send");
        expect(trace.isEndorsed(shown, "send")).toBe(true);
        const kind = kindOf(shown, undefined);
        for (const other of [
          shown.toLowerCase(),
          shown.toUpperCase(),
          `${shown}/`,
          ` ${shown}`,
          shown.normalize("NFKC"),
        ]) {
          const isSame = other === shown || (kind !== "name" && canonicalOf(other, kind) === canonicalOf(shown, kind));
          expect([other, trace.isEndorsed(other, "send")]).toEqual([other, isSame]);
        }
      },
    ),
  );
  for (const [shown, other] of [
    ["/srv/Data", "/srv/data"],
    ["README", "readme"],
    ["Straße", "STRASSE"],
  ]) {
    const trace = new Trace("do it");
    trace.endorse([{ value: shown as string, beside: [] }], "send");
    expect(trace.isEndorsed(other, "send")).toBe(false);
  }
});

test("S20 in a program's text only what it calls a sum bounds one", () => {
  const pay = { control: ["to", "amount"], types: { to: "iban", amount: "amount" } };
  const of = (words: string, amount: number, by: "person" | "program") => {
    const args = { to: "DE89370400440532013000", amount };
    const call = { id: "now", effect: "spend" as const, facts: toolFactsSchema.parse(pay), args };
    return judgeCall(new Trace(words, { by }), call).every(({ vouched }) => vouched);
  };
  const file = `const account = "DE89370400440532013000"; const waitMs = 60000; pay({ amount: 20, times: 7 });`;
  expect([
    of(file, 20, "program"),
    of(file, 12, "program"),
    of(file, 60_000, "program"),
    of(file, 21, "program"),
  ]).toEqual([...[true, true, false, false]]);
  expect(of("pay DE89370400440532013000 up to 50", 50, "person")).toBe(true);
});

test("S5 what lies beyond the bounds is not vouched for, and the oldest answers are forgotten", () => {
  const notes = toolFactsSchema.parse({ output: "trusted", writers: "self" });
  const trace = new Trace("Look at my notes");
  const row = (n: number) => ({ name: `Room ${n}`, text: "x".repeat(990_000) });
  const read = (n: number) => trace.add({ id: `${n}`, facts: notes, effect: "read", args: {}, output: [row(n)] });
  read(1);
  expect(isVouched(trace, undefined, "Room 1")).toBe(true);
  for (const n of [2, 3, 4, 5, 6]) read(n);
  expect([isVouched(trace, undefined, "Room 1"), isVouched(trace, undefined, "Room 6"), trace.isTainted]).toEqual([
    false,
    true,
    true,
  ]);
  expect(isVouched(new Trace(`${"a ".repeat(200_000)}Zoe`), "person", "Zoe")).toBe(false);
});
