import { wordVectors } from "@mh/host/home/word-vectors.ts";
import { storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";
import { loadAskedTimes } from "../extract/asked-times.ts";
import { loadExtractor } from "../extract/extract.ts";
import { ask } from "./ask.ts";

// The tenth note of a new user, when no word is rare yet.
const notes = [
  "Lindau project › Deadline\n\nThe deadline of the Lindau project is 12 December 2026. [[Sarah]] hands in the cost sheet a week before.",
  "Lindau project\n\nA heat network for the old town. The budget is 480,000 euros.",
  "Sarah\n\nLeads the cost side of the [[lindau|Lindau project]]. Prefers short mails and calls before ten.",
  "Met with Sarah about the ML project",
  "Paid 84 euros for the dentist on Tuesday",
  "The spare key hangs behind the blue door",
  "Tom's birthday is on 3 May",
  "Greg moved to Porto in September",
  "Der Mietvertrag läuft bis Ende März, die Miete ist 940 Euro",
  "My passport expires on 4 August 2029",
];
const told = "2026-11-27T10:00:00.000Z";
const [extract, askedTimes] = await Promise.all([loadExtractor(), loadAskedTimes()]);
const db = storeOf(
  notes.map((content) => ({
    content,
    at: told,
    ...extract(content, { at: new Date(told), timeZone: "UTC", known: [] }),
  })),
);

test.each([
  ["When is the deadline of the Lindau project?", "12 December 2026 ("],
  ["When is the deadline?", "12 December 2026 ("],
  ["Who hands in the cost sheet?", "Sarah — “[[Sarah]] hands in the cost sheet"],
  ["Who leads the cost side?", "Sarah — “Leads the cost side"],
  ["Who did I meet about the ML project?", "Sarah — “Met with Sarah"],
  ["When did I pay the dentist?", "24 November 2026 ("],
  ["Where is the spare key?", "behind the blue door — “The spare key hangs"],
  ["Where did Greg move?", "Porto — “Greg moved"],
  ["When is Tom's birthday?", "3 May 2027 ("],
  ["Wann endet der Mietvertrag?", "21 March 2027 to 31 March 2027 ("],
  ["When does my passport expire?", "4 August 2029 ("],
])("a home of ten notes is asked %j, and is sure of %j", (text, begins) => {
  const at = new Date("2026-11-29T14:00:00Z");
  const answer = ask(db, { text, k: 3, at, timeZone: "UTC", vectors: wordVectors(), askedTimes });
  expect([answer.text.slice(0, begins.length), answer.sureness]).toEqual([begins, "sure"]);
});
