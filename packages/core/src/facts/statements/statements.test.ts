import { describe, expect, test } from "vitest";
import { statementsIn } from "./statements.ts";

const told = (text: string) =>
  statementsIn(text).map(({ subject, predicate, object }) => [subject, predicate, object].join("|"));
const holding = (text: string) =>
  statementsIn(text)
    .filter(({ holds }) => holds === "yes")
    .map(({ subject, predicate, object }) => [subject, predicate, object].join("|"));

describe("K7 what a sentence states", () => {
  test.for([
    ["I am allergic to nuts.", ["I|allergic-to|nuts"]],
    [
      "I'm allergic to nuts, eggs and cow's milk.",
      ["I|allergic-to|nuts", "I|allergic-to|eggs", "I|allergic-to|cow's milk"],
    ],
    ["Went to the doctor, and I'm severely allergic to penicillin", ["I|allergic-to|penicillin"]],
    ["Ich bin allergisch gegen Nüsse und Eier.", ["I|allergic-to|Nüsse", "I|allergic-to|Eier"]],
    ["My sister Ana lives in Lisbon with her two kids.", ["Ana|lives-in|Lisbon", "Ana|sister-of|I"]],
    ["Meine Schwester Ana wohnt in Ulm.", ["Ana|lives-in|Ulm", "Ana|sister-of|I"]],
    ["My mother works as a nurse", ["my mother|works-as|nurse"]],
    ["Dinner with my brother Tom at seven", ["Tom|brother-of|I"]],
    ["Seit 2019 wohne ich in Friedrichshafen.", ["I|lives-in|Friedrichshafen"]],
    ["I live in Lindau now", ["I|lives-in|Lindau"]],
    ["We met Ben. I work at the town hall and I love hiking", ["I|works-at|the town hall", "I|likes|hiking"]],
    ["Ich arbeite jetzt bei Zeppelin als Ingenieur", ["I|works-at|Zeppelin"]],
    ["Ich arbeite als Ingenieurin.", ["I|works-as|Ingenieurin"]],
    ["Ich bin nach Bregenz gezogen", ["I|lives-in|Bregenz"]],
    ["I moved to Porto", ["I|lives-in|Porto"]],
    ["Mein Hund heißt Rex.", ["Rex|dog-of|I"]],
    ["I have a cat called Miso", ["Miso|cat-of|I"]],
    ["My wife's name is Eva", ["Eva|wife-of|I"]],
    ["I'm a vegetarian", ["I|is|vegetarian"]],
    ["Ich bin Veganerin.", ["I|is|Veganerin"]],
    ["I was born on 4 May 1980", ["I|birthday|4 May 1980"]],
    ["Ich habe am 4. Mai Geburtstag", ["I|birthday|4. Mai"]],
    ["My birthday is on 4 May", ["I|birthday|4 May"]],
    ["Ich spreche Deutsch und Englisch", ["I|speaks|Deutsch", "I|speaks|Englisch"]],
    ["My favourite colour is green", ["I|favourite-colour|green"]],
    ["Meine Lieblingsfarbe ist Blau", ["I|favourite-farbe|Blau"]],
    ["Ich mag Katzen", ["I|likes|Katzen"]],
    ["I can't stand olives", ["I|dislikes|olives"]],
    ["Ich bin mit Eva verheiratet", ["I|married-to|Eva"]],
    ["Sarah works at Acme", ["Sarah|works-at|Acme"]],
  ] as const)("%s", ([text, statements]) => {
    expect(holding(text).sort()).toEqual([...statements].sort());
  });

  test.for([
    "Am I allergic to nuts?",
    "I am allergic to nuts, right?",
    "Ich wohne in Ulm, oder?",
    "If I live in Lisbon next year, I need a flat.",
    "Maybe I am allergic to nuts.",
    "I think I'm allergic to nuts",
    "I wish I worked at Acme. I would live in Lisbon.",
    "Ich würde gern in Ulm wohnen.",
    "Vielleicht wohne ich in Ulm",
    "Next year I live in Lisbon",
    'Ana: "I am allergic to nuts."',
    "Ana said I am allergic to nuts",
    "Ana: I am allergic to nuts",
    "Ana: Hi! I live in Porto.",
    "> I live in Porto",
    "Ana wrote:\nHi, I live in Porto.\nI work at Acme.",
    "From: Ana\nSubject: hello\n\nI live in Porto",
    "„Ich wohne in Porto. Ich arbeite bei Acme.“",
    '"I live in Porto. I work at Acme',
    "`I live in Porto`",
    "She wrote ‘I live in Porto’ on the card",
    "I live in hope",
    "I live in a small flat",
    "I work at night",
    "I like it",
    "I like that",
    "I am allergic to nothing",
    "Ich bin gegen nichts allergisch",
    "The town that I live in is small",
    "He pretends that I live in Porto",
    "My ex-wife Ana lives in Porto",
    "My sister Monday",
    "Ich bin nach Hause gegangen",
    "I am tired",
    "Laut Ana wohne ich in Ulm",
    "Where I live in Porto it rains",
    "I may live in Porto",
    "Ich wohne morgen in Ulm",
  ])("nothing: %s", (text) => {
    expect(holding(text).filter((each) => !each.includes("-of|"))).toEqual([]);
  });

  test.for([
    ["I am not allergic to nuts", "no"],
    ["I'm not allergic to nuts", "no"],
    ["Ich bin nicht allergisch gegen Nüsse", "no"],
    ["I don't live in Porto", "no"],
    ["Ich wohne nicht in Ulm", "no"],
    ["Ich mag Katzen nicht", "no"],
    ["I no longer live in Porto", "over"],
    ["Ich wohne nicht mehr in Ulm", "over"],
    ["I don't work at Acme anymore", "over"],
    ["Früher wohne ich in Ulm", "over"],
    ["As a child, I live in Porto", "over"],
  ] as const)("%s: %s", ([text, holds]) => {
    expect(statementsIn(text).map((each) => each.holds)).toEqual([holds]);
  });

  test("the object and the quote stand in the text, word for word, and since when is told", () => {
    const text = "Long day. I have a cat called Miso, I live in Lisbon since March 2024! Ich mag Tee.";
    const found = statementsIn(text);
    expect(found.length).toBeGreaterThan(2);
    for (const { object, quote } of found) {
      expect(text).toContain(quote);
      if (object !== "I") expect(quote).toContain(object);
    }
    expect(found.find(({ predicate }) => predicate === "lives-in")?.since).toBe("March 2024");
  });

  test("a long hostile text is read in time that grows with it", () => {
    for (const piece of ["I am ", "my sister ", "A a ", "I live in A, ", "'", "Ich wohne ", "A'", ", and "]) {
      const began = process.cpuUsage().user;
      statementsIn(piece.repeat(20_000));
      expect((process.cpuUsage().user - began) / 1e6).toBeLessThan(3);
    }
    expect(told("")).toEqual([]);
  });
});
