import { wordVectors } from "@mh/host/home/word-vectors.ts";
import { ids, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

test("ß is ss and an umlaut its two letters, whichever way either was written", () => {
  const db = storeOf([
    { content: "Großmutter hat gebacken" },
    { content: "Viele Gäste" },
    { content: "Die Strasse ist zu" },
  ]);
  expect(ids(db, "Grossmutter")[0]).toBe("m0");
  expect(ids(db, "gaeste")[0]).toBe("m1");
  expect(ids(db, "Straße")[0]).toBe("m2");
});

test("a name with a letter wrong finds who is meant, also as a speaker", () => {
  const db = storeOf([
    { content: "Sarah moved in March" },
    { content: "The regatta was lovely", speaker: "Caroline" },
    { content: "The regatta was lovely", speaker: "Tom" },
  ]);
  expect(ids(db, "when did sara move", { vectors: wordVectors() })[0]).toBe("m0");
  expect(ids(db, "What did Carolin say of the regatta?", { vectors: wordVectors() })[0]).toBe("m1");
});

test("a name that the store has is no slip of another", () => {
  const db = storeOf([{ content: "Sara likes tea" }, { content: "Sarah likes tea, Sarah likes it black" }]);
  expect(ids(db, "sara tea")[0]).toBe("m0");
});

test("a word of the language is no slip of another, and unknown signs are nothing", () => {
  const db = storeOf([{ content: "We sat in the house" }]);
  expect(ids(db, "mouse", { vectors: wordVectors() })).toEqual([]);
  expect(ids(db, "xqzzt 123456", { vectors: wordVectors() })).toEqual([]);
});

test("a compound that nobody wrote is its parts", () => {
  const db = storeOf([{ content: "das Kleid für die Hochzeit" }, { content: "der Wagen" }]);
  expect(ids(db, "Hochzeitskleid")[0]).toBe("m0");
});
