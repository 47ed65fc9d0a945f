import { expect, test } from "vitest";
import { processorSeconds } from "../../../../../tests/support/late-by.ts";
import { valuesIn } from "./values.ts";
import { wantedKinds } from "./wants.ts";

test.each(["111 ", "1.1 ", "a.", "A-", "- ", "1-", "in ", "x", "\n"])(
  "no text of %j makes its values long to read",
  async (part) => {
    const spent = await processorSeconds(() => valuesIn(part.repeat(120_000 / part.length), new Set(wantedKinds)));
    expect(spent).toBeLessThan(2);
  },
);

test.each([
  ["Odette, 82, m'a récité un poème", "82"],
  ["Posy, 8 now, wants a saddle", "8"],
  ["She's 27 now, teeth nearly gone", "27"],
  ["Lola a un an", "un an"],
  ["a 12-year-old from next door", "12-year-old"],
  ["Papá cumple 70 hoy", "70"],
])("how old somebody is, stands in %j as %j", (text, age) =>
  expect(valuesIn(text, new Set(["age"] as const)).map((value) => value.text)).toContain(age),
);

test.each([
  "Due: Mon 30 Nov 2026",
  "3.5 kg at birth",
  "at 18:30 sharp",
  "45 € in all",
  "shouted at km 19",
  "lessons on Saturdays, 35 a lesson",
  "one bad tooth, two good ones",
])("%j says no age", (text) =>
  expect(valuesIn(text, new Set(["age"] as const)).filter(({ strength }) => strength >= 0.5)).toEqual([]),
);

test("an amount is quoted without the words that lead to it", () => {
  const [first] = valuesIn("Amparo ha vendido por 196.000. Lloró", new Set(["money"] as const));
  expect(first).toMatchObject({ text: "196.000", strength: 0.85 });
});

test.each(["hangs behind the blue door", "liegt unter der Treppe", "está detrás de la puerta"])(
  "%j says plainly where it is",
  (text) => expect(valuesIn(text, new Set(["place"] as const))[0]).toMatchObject({ strength: 0.9 }),
);
