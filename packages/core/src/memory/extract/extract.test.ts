import fc from "fast-check";
import { beforeAll, expect, inject, test } from "vitest";
import { type Extract, loadExtractor } from "./extract.ts";

let extract: Extract;
beforeAll(async () => {
  extract = await loadExtractor();
});

const context = { at: new Date("2023-05-08T13:56:00Z"), timeZone: "Europe/Berlin", known: [] as readonly string[] };
const names = (text: string, known: readonly string[] = []) =>
  extract(text, { ...context, known }).entities.map(({ name, kind }) => `${name} (${kind})`);

test("no text makes it throw or gives an impossible time", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.array(fc.constantFrom(...awkward)).map((all) => all.join(" ")),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const { entities, eventAt } = extract(text, context);
      for (const { from, to } of eventAt) expect(from < to).toBe(true);
      for (const { name } of entities) expect(name.trim()).not.toBe("");
    }),
    { seed: inject("seed") },
  );
});
const awkward = [
  "Sarah",
  "Dr.",
  "constructor",
  "__proto__",
  "toString",
  "ML",
  "May",
  "sat",
  "31/31/31",
  "[[",
  "]]",
  "@",
  "#",
  "last",
  "99999 years ago",
  "in 0 days",
  "🙂",
  "\0",
  "\ud800",
  "Will",
  "of",
  "'s",
];

test("hostile texts of any length cost a bounded time", () => {
  const hostile = [
    "A",
    "Aa ",
    "[[",
    "a@",
    "```a",
    "1 ",
    "in 1 ",
    "May 5 ",
    "12/12/12",
    "A-",
    "ML project ",
    "A\u0301",
    "'s",
  ];
  for (const piece of hostile) {
    const began = process.cpuUsage();
    extract(piece.repeat(200_000), context);
    expect(process.cpuUsage(began).user / 1e6, piece).toBeLessThan(10);
  }
});

test("H1 a captured meeting names its person and its project, and says that it was work", () => {
  const { entities, tags } = extract("Met with Sarah about the ML project", context);
  expect(entities).toEqual([
    { name: "Sarah", kind: "person" },
    { name: "ML project", kind: "thing" },
  ]);
  expect(tags).toEqual(["meeting", "work"]);
});

test.each([
  ["Good morning! Thanks, that was Great. Wow. OK", []],
  ["THIS IS SO GREAT I LOVE IT", []],
  ["On Monday in March I was tired. Painting is fun. Swimming is too.", []],
  ["run `Sarah` at https://example.com/Paris or mail Tom@example.com", []],
  ["Will you mark it? I may, in hope and grace", []],
])("%j names nobody", (text, expected) => {
  expect(names(text)).toEqual(expected);
});

test.each([
  ["Hey Mel! It rains.", ["Mel (person)"]],
  ["lunch with sarah tomorrow", ["Sarah (person)"]],
  ["Yippee Clara, we won", ["Clara (person)"]],
  [
    "Talked to Dr. Seuss and Sarah Connor at Google's office",
    ["Dr. Seuss (person)", "Sarah Connor (person)", "Google (organisation)"],
  ],
  [
    "Sarah's ML project and Tom's API docs",
    ["Sarah (person)", "ML project (thing)", "Tom (person)", "API docs (thing)"],
  ],
  ["She joined the NASA launch crew today", ["NASA launch crew (thing)"]],
  ["Moved from Spain to New York in March", ["Spain (place)", "New York (place)"]],
  ["Priya said we should visit Zermatt", ["Priya (person)", "Zermatt (place)"]],
  ["The Kubernetes cluster crashed; ask the iPhone team", ["Kubernetes (thing)", "iPhone (thing)"]],
  ["A loan from Bank of America", ["Bank of America (organisation)"]],
  ["see [[projects/Garden plan#beds|the plan]] with @tom_b", ["Garden plan (thing)", "tom_b (person)"]],
])("%j names exactly whom and what it speaks of", (text, expected) => {
  expect(names(text)).toEqual(expected);
});

test("known people are found in small letters too, but a name that is also a word only with a capital", () => {
  expect(names("zoë larsson and will agreed, Will left", ["Zoë Larsson", "Will"])).toEqual([
    "Zoë Larsson (person)",
    "Will (person)",
  ]);
  expect(names("I will go", ["Will"])).toEqual([]);
});

test("tags are the hashtags first, then what the words are about; headings and colours are none", () => {
  const { tags } = extract("# Title\nflight booked #Trip/Rome #a1b2c3 a#b, paid the rent", context);
  expect(tags).toEqual(["trip/rome", "travel", "money"]);
});

test("an extractor for one text finds in it what one for all texts does", async () => {
  const words = [
    "met",
    "with",
    "sarah",
    "Sarah",
    "IBM",
    "iPhone",
    "Caroline",
    "lunch",
    "in",
    "Paris",
    "tomorrow",
    "may",
  ];
  const texts = fc.array(fc.constantFrom(...words, ...awkward), { maxLength: 6 }).map((all) => all.join(" "));
  const known = ["Caroline"];
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const only = await loadExtractor({ text, known });
      expect(only(text, { ...context, known })).toEqual(extract(text, { ...context, known }));
    }),
    { seed: inject("seed") },
  );
});
