import { wordVectors } from "@mh/host/home/word-vectors.ts";
import { storeOf, type Told } from "@mh/testing/told.ts";
import { beforeAll, expect, test } from "vitest";
import { loadAskedTimes, type ReadAskedTimes } from "../extract/asked-times.ts";
import { loadExtractor } from "../extract/extract.ts";
import { ask, gathered } from "./ask.ts";

let extract: Awaited<ReturnType<typeof loadExtractor>>;
let askedTimes: ReadAskedTimes;
beforeAll(async () => {
  extract = await loadExtractor();
  askedTimes = await loadAskedTimes();
});

// A Sunday.
const now = new Date("2026-11-29T14:00:00Z");
type Line = [day: string, content: string, more?: Partial<Told>];

function answers(lines: readonly Line[], text: string, k = 3) {
  const db = storeOf(
    lines.map(([day, content, more]) => {
      const at = `${day}T10:00:00.000Z`;
      return { content, at, ...extract(content, { at: new Date(at), timeZone: "UTC", known: [] }), ...more };
    }),
  );
  return ask(db, { text, k, at: now, timeZone: "UTC", vectors: wordVectors(), askedTimes });
}

const first = (lines: readonly Line[], text: string) => answers(lines, text).citations[0]?.content;

const notes: readonly Line[] = [
  ["2026-10-14", "Painted the fence green with Tom, two coats"],
  ["2026-11-17", "The piano tuner came, sounds much better now"],
  ["2026-03-02", "Lunch with Sarah at the harbour, she ordered the crab"],
  ["2026-09-21", "Met Sarah at the station, she carried a cello"],
  ["2025-05-04", "Sarah called about the cello lessons"],
  ["2026-02-01", "Sarah works at the observatory since January"],
  ["2026-02-11", "The work at the office is endless, Tom says"],
  ["2026-06-01", "Offered 284,000 for the house in Otley"],
  ["2026-06-03", "Where should we live if the offer for the house fails?"],
  ["2026-04-02", "Oma ist 88 und spielt noch jeden Tag Karten"],
  ["2026-04-05", "Oma hat alte Fotos vom Hafen gefunden"],
  ["2026-01-03", "Went running by the canal, 5 km"],
  ["2026-01-09", "Went running in the rain, 7 km"],
  ["2026-01-09", "Went running in the rain, and running back"],
  ["2026-02-20", "Went running with the dog, 4 km"],
  ["2026-07-07", "Issues with Dataview: the table is slow, Dataview crashes on mobile"],
  ["2026-07-09", "Dataview: a plugin that queries notes like a database"],
  ["2026-08-08", "Said yes on the ferry 💍"],
  ["2026-08-20", "Das Hochzeitskleid hängt im Schrank, 640 Euro"],
  ["2026-08-21", "Der Zahnarzt hat 120 Euro verlangt"],
  ["2026-05-10", "The bicycle stands in the shed"],
  ["2026-05-11", "The tap drips"],
  ["2026-05-12", "TAP says that the flight to Lisbon leaves at nine, seat 14C"],
  ["2026-08-22", "Die Straße vor dem Haus wird neu gepflastert"],
];

test.each([
  ["What did I do on 14 October?", "Painted the fence"],
  ["What happened last week?", "The piano tuner"],
  ["Where does Sarah work?", "Sarah works at the observatory"],
  ["When did I last see Sarah?", "Met Sarah at the station"],
  ["How much did we offer for the house?", "Offered 284,000"],
  ["How old is Oma?", "Oma ist 88"],
  ["Wie alt ist Oma?", "Oma ist 88"],
  ["what is dataview", "Dataview: a plugin"],
  ["💍 when was that", "Said yes on the ferry"],
  ["🚲 where is it", "The bicycle stands"],
  ["What about TAP?", "TAP says"],
  ["what about the tap", "The tap drips"],
  ["was hat das kleid gekostet", "Das Hochzeitskleid"],
  ["what does the dentist cost", "Der Zahnarzt hat 120 Euro"],
  ["combien coûte le dentiste", "Der Zahnarzt hat 120 Euro"],
  ["welche strasse wird gepflastert", "Die Straße"],
  ["when did i last see sara", "Met Sarah at the station"],
])("%j is answered by %j", (question, content) => {
  expect(first(notes, question)).toMatch(new RegExp(`^${content}`));
});

const changing: readonly Line[] = [
  ["2025-01-20", "En la clase la mayor es Odette, que tiene 81 años y no falta nunca"],
  ["2026-10-09", "Odette, 82, m'a récité un poème par cœur"],
  ["2025-03-09", "Papa turns 70 today, paella for twenty"],
  ["2026-03-09", "Papa 71. No salt this time"],
  ["2025-10-13", "Bought a guard dog pup from Wes for 300. Name: Bishop"],
  ["2026-04-04", "Bishop is grown and sleeps with the ewes"],
  ["2026-11-16", "Another litter is due in January 2027, if we want a mate for Bishop"],
  ["2026-02-07", "Supper with Mateo, a friend of Clara's"],
  ["2026-09-20", "Mateo laughed about it"],
  ["2026-10-05", "Posy rides a pony called Radish"],
  ["2026-10-07", "Radish bit the fence"],
  ["2026-11-01", "I like: strong tea, the lake"],
  ["2026-11-02", "Cliff drank his tea with the goat"],
];

test.each([
  ["quel âge a Odette ?", "Odette, 82"],
  ["How old is Papa?", "Papa 71"],
  ["Who is Mateo?", "Supper with Mateo"],
  ["What is Radish?", "Posy rides"],
  ["Which tea do I like?", "I like"],
])("of what changes, what holds, and of mentions the one that says it: %j is %j", (question, content) => {
  expect(first(changing, question)).toMatch(new RegExp(`^${content}`));
});

test("of what changed, what held before is shown as that, and cited", () => {
  const { text, citations } = answers(changing, "How old is Papa?");
  const [now, before] = ["Papa 71", "Papa turns 70"].map((words) =>
    citations.find(({ content }) => content.startsWith(words)),
  );
  expect(text).toMatch(/71 — “Papa 71\..* Before: 70 — “Papa turns 70 today/);
  expect(text).toContain(`[${now?.id}] Before: `);
  expect(text).toContain(`[${before?.id}]`);
  expect(answers(changing, "How old was Papa in 2025?").text).not.toContain("Before:");
  expect(answers(changing, "Who is Mateo?").text).not.toContain("Before:");
});

test("H26 what only its file dates is neither the last nor the first where something says when it was, and is told as such", () => {
  const visits: readonly Line[] = [
    ["2024-05-08", "Visited the lighthouse with Tom", { datedBy: "property" }],
    ["2025-06-09", "Visited the lighthouse with Ann", { datedBy: "name" }],
    ["2026-11-01", "Visited the lighthouse with Carl", { datedBy: "file" }],
    ["2023-01-01", "Visited the lighthouse with Ruth", { datedBy: "import" }],
  ];
  expect(first(visits, "When did I last visit the lighthouse?")).toContain("Ann");
  expect(first(visits, "When did I first visit the lighthouse?")).toContain("Tom");
  const undated = visits.slice(2);
  expect(first(undated, "When did I last visit the lighthouse?")).toContain("Carl");
  const { text, citations } = answers(undated.slice(0, 1), "When did I visit the lighthouse?");
  expect(text).toContain("By its file, 1 November 2026; no other date is given");
  expect(citations).toMatchObject([{ datedBy: "file" }]);
  const { text: dog } = answers(
    [["2026-11-01", "The dog is called Rex", { datedBy: "import", speaker: "Tom" }]],
    "What is the dog called?",
  );
  expect(dog).toContain("told by Tom, by its import, 1 November 2026.");
});

test("H26 what a file dates is not told as before what is newer only by its file", () => {
  const phones = (datedBy: "file" | "property"): readonly Line[] => [
    ["2024-05-08", "Sarah works at Acme", { datedBy: "property" }],
    ["2026-11-01", "Sarah works at Brill", { datedBy }],
  ];
  expect(answers(phones("property"), "Where does Sarah work now?").text).toContain("Before:");
  expect(answers(phones("file"), "Where does Sarah work now?").text).not.toContain("Before:");
});

test("what is to come is no answer to when something was", () => {
  expect(first(changing, "When did we get Bishop?")).not.toMatch(/^Another litter/);
});

test("what is asked for is quoted exactly, with where it stands", () => {
  const { citations } = answers(notes, "How much did we offer for the house?");
  expect(citations[0]).toMatchObject({ value: "284,000", quote: "Offered 284,000 for the house in Otley" });
  const [{ content = "", quote = "-" } = {}] = answers(notes, "How old is Oma?").citations;
  expect(content).toContain(quote);
});

test("a question is never the answer, however many of its words are asked for", () => {
  const { citations } = answers(notes, "Where should we live if the offer for the house fails?");
  expect(citations[0]?.content).not.toMatch(/\?$/);
  const only = answers([["2026-06-03", "Where should we live next year?"]], "Where do we live next year?");
  expect(only).toMatchObject({ sureness: "nothing" });
  expect(only.text).toMatch(/^Nothing on record\./);
});

test("how often is counted over days, as at least so many", () => {
  expect(answers(notes, "How many times did I go running?").text).toMatch(/At least 3: .*canal.*rain.*dog/);
});

test("all that the answer quotes is cited, and what it does not quote is counted", () => {
  const runs: readonly Line[] = [
    ["2026-01-03", "Went running by the canal, 5 km"],
    ["2026-01-03", "Went running by the canal, 6 km"],
    ["2026-01-09", "Before work we went running in the rain with the whole team of the office, 7 km"],
    ["2026-02-20", "Before work we went running in the rain with the whole team of the office, 8 km"],
  ];
  const { text, citations } = answers(runs, "How many times did I go running?", 2);
  const cited = citations.map(({ id }) => `[${id}]`);
  expect(text).toMatch(/At least 3: .* · and 1 more$/);
  expect(text.match(/\[m\d+\]/g)?.toSorted()).toEqual(cited.toSorted());
});

test("what happened in a time is no memory that has its words", () => {
  const lines: readonly Line[] = [
    ["2024-03-05", "A hard week at work: one week of tests, and a week of meetings"],
    ["2025-10-14", "14 October was cold, so we painted indoors"],
    ["2026-10-20", "On 14 October the boiler broke"],
    ["2026-11-17", "The piano tuner came"],
  ];
  expect(first(lines, "What happened last week?")).toBe("The piano tuner came");
  expect(first(lines, "What happened on 14 October?")).toBe("On 14 October the boiler broke");
});

test("what assistants wrote is quoted only where it is asked for, however politely one asks", () => {
  const assistant = { kind: "artifact", speaker: "assistant" } as const;
  const lines: readonly Line[] = [
    ["2026-03-01", "The ferry to Oslo sails at nine 🚢"],
    ["2026-04-01", "🚢 The ferry to Oslo: I recommend the one at ten", assistant],
  ];
  for (const question of ["🚢 when?", "Can you tell me when the ferry to Oslo sails?", "Could you say what sails 🚢?"])
    expect(answers(lines, question).citations.map(({ id }) => id)).toEqual(["m0"]);
  expect(first(lines, "Which ferry to Oslo did you recommend?")).toMatch(/^🚢 The ferry/);
});

test("of several facts the one comes first whose subject another memory describes as the question does", () => {
  const address = (subject: string, object: string): Line => [
    "2025-06-20",
    `${subject} — address: ${object}`,
    {
      kind: "semantic",
      fact: { subject, predicate: "address", object, confidence: 1, status: "confirmed", sources: [] },
    },
  ];
  const lines: readonly Line[] = [
    address("Greta Vogel", "Lindenweg 4, 24103 Kiel"),
    address("Anton Vogel", "Hafenstraße 71, 22763 Hamburg"),
    ["2024-12-03", "Wer ist wer\n\nGreta: meine Chefin, im Amt.\nEmil: der Hausmeister."],
    ["2024-12-04", "Anton, mein Bruder, hat heute angerufen"],
  ];
  const addressOf = (question: string) =>
    answers(lines, question)
      .citations.map(({ content }) => content)
      .find((content) => content.includes("address"));
  expect(addressOf("Wo wohnt mein Bruder?")).toMatch(/^Anton/);
  expect(addressOf("Wo wohnt meine Chefin?")).toMatch(/^Greta/);
});

test("what is to do is what lies ahead, where nothing else is asked for", () => {
  const lines: readonly Line[] = [
    ["2026-11-20", "Practise the talk\nDue: Tue 1 Dec 2026", { tags: ["task"] }],
    ["2026-03-01", "Repaired the gate"],
  ];
  for (const question of ["What do I have to do?", "Was muss ich noch erledigen?"])
    expect(first(lines, question)).toMatch(/^Practise/);
});

test("the last time is over", () => {
  const lines: readonly Line[] = [
    ["2026-12-08", "Concert at the town hall"],
    ["2026-08-01", "Concert in the park with everybody, and home by boat"],
  ];
  expect(first(lines, "When was the last concert?")).toMatch(/in the park/);
});

test("two words of the language are no slips of each other", () => {
  const db = storeOf([{ content: "The contract of the ferry is signed" }]);
  const query = {
    text: "the contact of the ferry",
    k: 1,
    at: now,
    timeZone: "UTC",
    vectors: wordVectors(),
    askedTimes,
  };
  const { asked, evidence } = gathered(db, query);
  const contact = asked.concepts.findIndex(({ word }) => word === "contact");
  expect(asked.concepts[contact]?.variants).toEqual([]);
  expect(evidence[0]?.having[contact]).toBeLessThan(0.5);
});

test("a price need not say that it is one", () => {
  const db = storeOf([{ content: "Crown: 742 euros" }]);
  const query = { text: "How much did the crown cost?", k: 1, at: now, timeZone: "UTC", askedTimes };
  const [{ features } = { features: { cover: 0, said: 1 } }] = gathered(db, query).evidence;
  expect([features.cover > 0.4, features.cover > features.said]).toEqual([true, true]);
});

test("nothing on record is said where nothing fits", () => {
  expect(answers([], "When is the comet due?")).toMatchObject({
    text: "Nothing on record.",
    sureness: "nothing",
    chance: 0,
  });
  for (const unknown of ["What is the phone number of the dentist?", "When is Tom's birthday?"])
    expect(answers(notes, unknown).sureness, unknown).not.toBe("sure");
});

test("what another one said is not told as of the one asked about", () => {
  const said: readonly Line[] = [
    ["2026-05-01", "I want to move to Lisbon in spring", { speaker: "Anna" }],
    ["2026-05-02", "Ben plays the horn in an orchestra"],
  ];
  expect(answers(said, "When does Ben want to move to Lisbon?").text).toMatch(/^Nothing of Ben on this; Anna said: /);
});

test.each([
  ["When are the bins next?", "7 December 2026"],
  ["When are the bins?", "7 December 2026"],
  ["When were the bins last?", "23 November 2026"],
  ["When are the bins in January 2027?", "4 January 2027"],
])("of what comes again and again, the time that is meant: %j is %j", (question, day) => {
  const at = (from: string, text: string) => ({
    ...{ text, from: `${from}T08:00:00.000Z`, to: `${from}T09:00:00.000Z`, grain: "minute" as const },
  });
  const eventAt = [
    at("2026-01-05", "Mon 5 Jan 2026"),
    at("2026-11-23", "Mon 23 Nov 2026"),
    at("2026-12-07", "Mon 7 Dec 2026"),
    at("2027-01-04", "Mon 4 Jan 2027"),
  ];
  const { text } = answers([["2026-01-05", "The bins\nRepeats: every two weeks", { eventAt }]], question);
  expect(text).toContain(`${day} (“`);
});

test("how sure it is stands in the words: nothing beside a doubt says that it is likely", () => {
  for (const question of ["How old is Oma?", "Where does Tom live?", "Who ordered the crab?", "What does Sarah eat?"]) {
    const { text, sureness, chance } = answers(notes, question);
    if (sureness === "sure") expect(text).not.toMatch(/Not sure/);
    if (sureness === "unsure")
      expect(text).toMatch(chance < 0.5 ? /^Not sure that anything/ : /^Not sure, but perhaps/);
  }
});

test.each(["dentist appointment", "When is my dentist appointment?", "Was sagt der Zahnarzt zum Termin?"])(
  "%j has no own word in the store: a related one is nothing on record, and shown as the nearest",
  (question) => {
    const lines: readonly Line[] = [
      ["2026-11-20", "Harbour walk\n\ndate: 2026-03-01\nplace: Cuxhaven"],
      ["2026-11-21", "Tom says that the loft leaks"],
    ];
    const { sureness, text } = answers(lines, question);
    expect({ sureness, text }).toEqual({ sureness: "nothing", text: expect.stringMatching(/^Nothing on record\./) });
  },
);

test("another word for the same is as good as the question's own", () => {
  expect(answers([["2026-11-20", "Zahnarzt am 3. Dezember um 9"]], "dentist appointment").sureness).not.toBe("nothing");
});

test("whom a question describes is known by name where another memory says who that is", () => {
  const lines: readonly Line[] = [
    ["2026-01-10", "Nogueira (accountant) called about the quarter"],
    ["2026-03-02", "Nogueira is 68, his office smells of cigars"],
    ["2026-03-05", "Rosalind is 41 and sells boats"],
    ["2026-04-01", "A pony called Radish came to the yard"],
    ["2026-05-01", "Radish is 9 now"],
  ];
  expect(first(lines, "how old is my accountant?")).toMatch(/^Nogueira is 68/);
  expect(first(lines, "how old is the pony?")).toMatch(/^Radish is 9/);
});
