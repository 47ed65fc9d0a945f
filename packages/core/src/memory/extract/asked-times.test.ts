import { beforeAll, expect, test } from "vitest";
import { loadAskedTimes, type ReadAskedTimes } from "./asked-times.ts";
import { mayNameHoliday } from "./holidays.ts";
import { mayNameRomance } from "./romance-times.ts";

let asked: ReadAskedTimes;
beforeAll(async () => {
  asked = await loadAskedTimes();
});

// A Sunday.
const now = new Date("2026-11-29T14:00:00Z");
const days = (question: string) =>
  asked(question, now, "UTC").map(({ from, to, text }) => [text, from.slice(0, 10), to.slice(0, 10)]);

test.each([
  ["What did I do on 14 October?", "on 14 October", "2026-10-14", "2026-10-15"],
  ["¿Qué pasó en setiembre de 2025?", "en setiembre de 2025", "2025-09-01", "2025-10-01"],
  ["¿Dónde estuve el Verano de 2024?", "el Verano de 2024", "2024-06-01", "2024-09-01"],
  ["What happened last week?", "last week", "2026-11-16", "2026-11-23"],
  ["Where were we on the first weekend of May?", "the first weekend of May", "2026-05-02", "2026-05-04"],
  ["What did I do on 27 November?", "on 27 November", "2026-11-27", "2026-11-28"],
  ["What did I do on 3 December?", "on 3 December", "2025-12-03", "2025-12-04"],
  ["What did we talk about on Monday?", "on Monday", "2026-11-23", "2026-11-24"],
  ["Who was here in December?", "December", "2025-12-01", "2026-01-01"],
  ["Whom did I meet the last weekend in August?", "the last weekend in August", "2026-08-29", "2026-08-31"],
  ["What did I eat the day before yesterday?", "the day before yesterday", "2026-11-27", "2026-11-28"],
  ["Where was I between 3 and 5 May?", "between 3 and 5 May", "2026-05-03", "2026-05-06"],
  ["Where was I from 30 April to 2 May 2025?", "from 30 April to 2 May 2025", "2025-04-30", "2025-05-03"],
  ["What did I do in early May?", "early May", "2026-05-01", "2026-05-11"],
  ["What happened on the 15th?", "on the 15th", "2026-11-15", "2026-11-16"],
  ["What happened on the 30th?", "on the 30th", "2026-10-30", "2026-10-31"],
  ["What was White Christmas about in summer 2024?", "summer 2024", "2024-06-01", "2024-09-01"],
  ["What happened on 16 November last year?", "on 16 November last year", "2025-11-16", "2025-11-17"],
  ["Was war am 1. August letztes Jahr los?", "am 1. August letztes Jahr", "2025-08-01", "2025-08-02"],
  ["What did I do last year in May?", "last year in May", "2025-05-01", "2025-06-01"],
  ["What have I got on Friday?", "on Friday", "2026-12-04", "2026-12-05"],
  ["Where were we at Christmas?", "at Christmas", "2025-12-25", "2025-12-27"],
  ["Wo waren wir Ostern 2025?", "Ostern 2025", "2025-04-20", "2025-04-22"],
  ["Wer kommt an Pfingsten?", "an Pfingsten", "2027-05-16", "2027-05-18"],
  ["What did we eat last Thanksgiving?", "last Thanksgiving", "2026-11-26", "2026-11-27"],
  ["Was war am Wochenende los?", "am Wochenende", "2026-11-28", "2026-11-30"],
  ["Was steht in drei Tagen an?", "in drei Tagen", "2026-12-02", "2026-12-03"],
  ["Welche Termine gab es in KW 42?", "in KW 42", "2026-10-12", "2026-10-19"],
  ["Was haben wir im letzten Quartal verkauft?", "im letzten Quartal", "2026-07-01", "2026-10-01"],
  ["Qu'est-ce que j'ai fait le 15 ?", "le 15", "2026-11-15", "2026-11-16"],
  ["Qu'est-ce qu'on a vu fin août ?", "fin août", "2026-08-21", "2026-09-01"],
  ["J'ai mangé où mardi dernier ?", "mardi dernier", "2026-11-24", "2026-11-25"],
  ["Qui vient dans quinze jours ?", "dans quinze jours", "2026-12-13", "2026-12-14"],
  ["Où étions-nous à Pâques ?", "à Pâques", "2026-04-05", "2026-04-07"],
  ["¿Qué pasó el 3 de octubre de 2025?", "el 3 de octubre de 2025", "2025-10-03", "2025-10-04"],
  ["¿Qué tengo la semana que viene?", "la semana que viene", "2026-11-30", "2026-12-07"],
  ["¿Qué tengo pasado mañana?", "pasado mañana", "2026-12-01", "2026-12-02"],
  ["Onde estive no fim de semana passado?", "no fim de semana passado", "2026-11-21", "2026-11-23"],
  ["O que comprei em agosto?", "em agosto", "2026-08-01", "2026-09-01"],
  ["O que tenho na segunda-feira?", "na segunda-feira", "2026-11-30", "2026-12-01"],
  ["What do I have on Friday?", "on Friday", "2026-12-04", "2026-12-05"],
  ["What is due by Friday?", "by Friday", "2026-11-29", "2026-12-05"],
  ["What will I do in May?", "May", "2027-05-01", "2027-06-01"],
  ["Am I free on 14 October?", "on 14 October", "2027-10-14", "2027-10-15"],
  ["What has Sarah said since March?", "March", "2026-03-01", "2026-11-29"],
  ["qu'est-ce que j'ai payé depuis mars 2026", "depuis mars 2026", "2026-03-01", "2026-11-29"],
  ["le loyer avant mars 2025", "mars 2025", "1000-01-02", "2025-03-01"],
  ["¿qué pasó desde marzo de 2026?", "desde marzo de 2026", "2026-03-01", "2026-11-29"],
  ["Where did I live before 2021?", "before 2021", "1000-01-02", "2021-01-01"],
  ["Was habe ich am 14. Oktober gemacht?", "am 14. Oktober", "2026-10-14", "2026-10-15"],
  ["Was ist letzte Woche passiert?", "letzte Woche", "2026-11-16", "2026-11-23"],
  ["Wo waren wir am ersten Wochenende im Mai?", "am ersten Wochenende im Mai", "2026-05-02", "2026-05-04"],
  ["Was habe ich am 27. November gegessen?", "am 27. November", "2026-11-27", "2026-11-28"],
  ["Was war am 3.12.?", "am 3.12.", "2025-12-03", "2025-12-04"],
  ["Was war am 3.12.2024?", "am 3.12.2024", "2024-12-03", "2024-12-04"],
  ["Was habe ich am Freitag?", "am Freitag", "2026-12-04", "2026-12-05"],
  ["Was habe ich am Freitag gemacht?", "am Freitag", "2026-11-27", "2026-11-28"],
  ["Was steht übermorgen an?", "übermorgen", "2026-12-01", "2026-12-02"],
  ["Was war vor drei Tagen?", "vor drei Tagen", "2026-11-26", "2026-11-27"],
  ["Wen traf ich vorletzte Woche? Es war schön.", "vorletzte Woche", "2026-11-09", "2026-11-16"],
  ["Was geschah im Oktober 2024?", "im Oktober 2024", "2024-10-01", "2024-11-01"],
  ["Was war Anfang Mai los?", "Anfang Mai", "2026-05-01", "2026-05-11"],
  ["Wo war ich zwischen dem 3. und 5. Mai?", "zwischen dem 3. und 5. Mai", "2026-05-03", "2026-05-06"],
  ["Was war letzten Sommer?", "letzten Sommer", "2026-06-01", "2026-09-01"],
])("%j asks about a stretch of time", (question, text, from, to) => {
  expect(days(question)).toEqual([[text, from, to]]);
});

test.each(["Who is Sarah?", "When did I last see May?", "Wer ist Mai Meyer?", "How old was Oma?"])(
  "%j names no time",
  (question) => expect(days(question)).toEqual([]),
);

test("a day is the owner's, and an hour of it stands beside", () => {
  expect(asked("What was on 14 October at 3pm?", now, "Europe/Berlin")).toMatchObject([
    { from: "2026-10-14T13:00:00.000Z", to: "2026-10-14T14:00:00.000Z", grain: "hour", index: 9 },
  ]);
  expect(asked("Was war am Freitag um 15 Uhr?", now, "Europe/Berlin")).toMatchObject([
    { from: "2026-11-27T14:00:00.000Z", to: "2026-11-27T15:00:00.000Z", grain: "hour", text: "am Freitag um 15 Uhr" },
  ]);
});

test.each([
  ["Who gave Anna any answer, and which message did Natalie like?", false],
  ["Où étais-je il y a deux ans ?", true],
  ["O que fiz no Natal?", true],
])("%j may name a time that rules alone know: %j", (question, may) =>
  expect(mayNameRomance(question) || mayNameHoliday(question)).toBe(may),
);

test.each([
  ["What happened Friday night at 2?", "Friday night at 2", "2026-11-28T02:00"],
  ["Who called on Friday night at 2 am?", "on Friday night at 2 am", "2026-11-28T02:00"],
  ["What did I hear last night at 1?", "last night at 1", "2026-11-29T01:00"],
  ["Was war Freitag Nacht um 2?", "Freitag Nacht um 2", "2026-11-28T02:00"],
  ["Who came Saturday night at 12:30?", "Saturday night at 12:30", "2026-11-29T00:30"],
  ["Who came Friday evening at 8?", "Friday evening at 8", "2026-11-27T20:00"],
])("%j asks about an hour of a part of the day", (question, words, from) => {
  expect(asked(question, now, "UTC")).toMatchObject([{ text: words, from: `${from}:00.000Z` }]);
});

test("after midnight last night is the one that began the day before, and a night of two days is no hour", () => {
  const early = new Date("2026-11-29T03:00:00Z");
  expect(asked("What did I hear last night at 1?", early, "UTC")).toMatchObject([{ from: "2026-11-29T01:00:00.000Z" }]);
  const hours = asked("Who stayed from Friday to Saturday night at 2?", early, "UTC").map(({ from, to }) => [from, to]);
  expect(hours).not.toContainEqual(["2026-11-28T02:00:00.000Z", "2026-11-28T03:00:00.000Z"]);
});
