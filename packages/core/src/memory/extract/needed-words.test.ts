import * as chrono from "chrono-node/en";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { bareHolidayRules, holidayRules } from "./holidays.ts";
import { askedRules, bareRules, namedDayRules } from "./named-days.ts";
import { mayMatchIn, neededBy } from "./needed-words.ts";
import { relativeRules } from "./relative.ts";
import { romanceRules } from "./romance-times.ts";

const ours = [relativeRules, namedDayRules, askedRules, bareRules, holidayRules, bareHolidayRules, romanceRules].flat();
/** A parser asks no more of what it reads to say its pattern. */
const nothingRead = { text: "", option: {} } as unknown as Parameters<
  (typeof chrono.casual.parsers)[number]["pattern"]
>[0];
const patterns = [
  ...ours.map(({ pattern }) => pattern),
  ...[chrono.casual, chrono.GB].flatMap(({ parsers }) => parsers.map((parser) => parser.pattern(nothingRead))),
];

test.each([
  [/vor (?:ein|zwei) tag(?:en)?/i, [["vor ein tag", "vor zwei tag"]]],
  [/in \d{1,3} (?:days?|weeks?)/, [["in "], ["\0"], [" day", " week"]]],
  [/(?<![a-z])(?:(?:the )?day )?before yesterday(?! evening)/, [["before yesterday"]]],
  [/(?:noon|\d+ uhr)/, [["noon", " uhr"]]],
  [/a*|b/, []],
  [/[\w-]+@x/, [["@x"]]],
  [/(\u00e4)(?:b|c)\1d/i, [["äb", "äc"], ["d"]]],
  [/(?<x>ab)\k<x>c[de]?/, [["ab"], ["c"]]],
  [/[^x]y{2}z{0,2}/, [["y"]]],
  [/Straße/iu, []],
])("%s needs %j", (pattern, needed) => {
  expect(neededBy(pattern)).toEqual(needed);
});

const words = fc.constantFrom(
  ...[
    "yesterday",
    "today",
    "in",
    "the",
    "last",
    "next",
    "Week",
    "week",
    "MONTH",
    "two",
    "zwei",
    "2",
    "12",
    "31.",
    "5.3.",
    "am",
  ],
  ...[
    "Montag",
    "friday",
    "May",
    "märz",
    "MÄRZ",
    "14th",
    "first",
    "of",
    "2021",
    "ago",
    "vor",
    "Tagen",
    "days",
    "from now",
    "before",
  ],
  ...[
    "until",
    "bis zum",
    "hier",
    "demain",
    "il y a",
    "trois",
    "jours",
    "easter",
    "Ostern",
    "noon",
    "3pm",
    "at",
    "8:30",
    "2023-05-08",
  ],
  ...[
    "8/5/2021",
    "end",
    "month",
    "this",
    "weekend",
    "spring",
    "Sommer",
    "K\u212A",
    "\u017fat",
    "İn",
    "ẞ",
    "few",
    "couple",
    "later",
    "Q3",
  ],
);
const texts = fc
  .array(fc.tuple(words, fc.constantFrom(" ", " ", " ", ", ", "-", ". ", "\n")), { maxLength: 9 })
  .map((all) => all.flat().join(""));

test("what is passed over would not have matched", () => {
  const matched = new Set<RegExp>();
  fc.assert(
    fc.property(texts, (text) => {
      const mayMatch = mayMatchIn(text);
      for (const pattern of patterns) {
        if (text.search(pattern) === -1) continue;
        matched.add(pattern);
        expect(mayMatch(pattern), `${pattern} in ${text}`).toBe(true);
      }
    }),
    { seed: inject("seed"), numRuns: 3_000 },
  );
  expect(matched.size).toBeGreaterThan(patterns.length / 3);
});

test("a text of no times is passed over by nearly all", () => {
  const mayMatch = mayMatchIn(
    "Ines met Björn for coffee and told her about the green bicycle; the server was never released.",
  );
  expect(patterns.filter(mayMatch).length).toBeLessThan(patterns.length / 10);
});
