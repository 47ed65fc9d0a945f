import * as fc from "fast-check";
import { expect, test } from "vitest";
import { loadToDos } from "./to-dos.ts";

// A Sunday.
const at = new Date("2026-11-29T14:00:00Z");
const read = await loadToDos();
const found = (text: string, timeZone = "UTC") =>
  read(text, { at, timeZone }).map(({ title, due }) => [title, ...(due === undefined ? [] : [due])]);

test.each([
  ["- [ ] call Ann by Friday", ["call Ann", "2026-12-04"]],
  ["* [ ] dentist on 3 December at 15:00", ["dentist", "2026-12-03T15:00"]],
  ["1. [ ] **Pay** the [bill](https://bank.example/x) of [[Anna B|Anna]]", ["Pay the bill of Anna"]],
  ["- [ ] call Ann 📅 2026-03-01", ["call Ann", "2026-03-01"]],
  ["- [ ] water plants 🔁 every week ⏳ 2026-12-01 📅 2026-12-02 ⏫ ^abc1", ["water plants", "2026-12-02"]],
  ["- [ ] Steuer abgeben bis 31.12.", ["Steuer abgeben", "2026-12-31"]],
  ["- [ ] review the draft [due:: 2026-12-05]", ["review the draft", "2026-12-05"]],
  ["- [ ] ship it @due(2026-12-05)", ["ship it", "2026-12-05"]],
  ["- TODO buy rope\n  DEADLINE: <2026-12-24 Thu 10:00>", ["buy rope", "2026-12-24T10:00"]],
  ["Home › TODO [#A] paint the fence\n\nSCHEDULED: <2026-12-01 Di>", ["paint the fence", "2026-12-01"]],
  ["- LATER read the paper", ["read the paper"]],
  ["TODO: mend the fence", ["mend the fence"]],
  ["> - [ ] within a callout", ["within a callout"]],
  ["I have to call Ann tomorrow.", ["call Ann", "2026-11-30"]],
  ["Long day. I still need to renew my passport by 12 January", ["renew my passport", "2027-01-12"]],
  ["Don't forget to feed the cat", ["feed the cat"]],
  ["Ich muss noch die Steuer machen", ["die Steuer machen"]],
  ["Tengo que llamar a Ana", ["llamar a Ana"]],
  ["- [ ] between Monday and Friday fix the roof of 1999", ["between Monday and Friday fix the roof of 1999"]],
])("%j is still to be done", (text, toDo) => expect(found(text)).toEqual([toDo]));

test.each([
  "- [x] done already",
  "- [-] cancelled",
  "- DONE old rope",
  "- [ ] ",
  "- [ ] ---",
  "```\n- [ ] in a listing\n```",
  "I have to say that it was good",
  "I must be dreaming",
  "I had to call Ann",
  "I don't have to call Ann",
  "Do I have to call Ann?",
  "Ben: I have to call Ann",
  "On Monday Ben wrote:\n> I have to call Ann",
  'She said "I have to call Ann"',
  "Now it rains. Later we go home. TODO lists are boring",
])("%j says nothing that is to be done", (text) => expect(found(text)).toEqual([]));

test("5/12 is the day that it is where the note was written", () => {
  expect(found("- [ ] pay by 5/12", "Europe/Berlin")).toEqual([["pay", "2026-12-05"]]);
  expect(found("- [ ] pay by 5/12", "America/New_York")).toEqual([["pay", "2027-05-12"]]);
});

test("no text makes it throw, and none gives a title without a letter", () => {
  const piece = fc.constantFrom(
    "- [ ] ",
    "TODO ",
    "I have to ",
    "📅 ",
    "2026-02-31",
    "DEADLINE: <",
    "by ",
    "[[",
    "](",
    "\n",
    "x",
  );
  const text = fc.array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 40 });
  fc.assert(
    fc.property(text, (pieces) => {
      for (const { title } of read(pieces.join(""), { at, timeZone: "Europe/Berlin" })) expect(title).toMatch(/\p{L}/u);
    }),
    { numRuns: 200 },
  );
});
