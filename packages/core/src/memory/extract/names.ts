import type { Entity } from "@mh/contract/values/memory.ts";
import { organisationWords } from "./word-lists.ts";

/** What compromise knows of names, asked phrase by phrase and remembered, so that an import asks once for each. */
export type Names = {
  kindOf(phrase: string): Entity["kind"];
  /** Whether the word alone, in any case, is a name of a person, place or organisation and nothing else. */
  isName(word: string): boolean;
  isFirstName(word: string): boolean;
  /** Whether the dictionary has it as an ordinary word. */
  isWord(word: string): boolean;
  /** How many of these lower-case words, right after the phrase, belong to its noun: "ML" + "project was" → 1. */
  nounsAfter(phrase: string, words: readonly string[]): number;
};

const rememberedMax = 20_000;

/** Loads compromise (about 100 ms, so only where it is needed). */
export async function loadNames(): Promise<Names> {
  const { default: nlp } = await import("compromise/two");
  const model = nlp.model() as {
    one: { lexicon: Record<string, string | string[]> };
    two: { switches: Record<string, string> };
  };
  const tags = (word: string) => (Object.hasOwn(model.one.lexicon, word) ? [model.one.lexicon[word]].flat() : []);
  const isTwofold = (word: string) => Object.hasOwn(model.two.switches, word);

  return {
    kindOf: remembered((phrase) => {
      if (tags(phrase.toLowerCase()).some((tag) => firstNameTags.has(tag ?? ""))) return "person";
      return kindOf(nlp.tokenize(phrase).compute(wordByWord).docs.flat());
    }),
    isName: (word) => !isTwofold(word) && tags(word).some((tag) => nameTags.has(tag ?? "")),
    isFirstName: (word) => !isTwofold(word) && tags(word).some((tag) => firstNameTags.has(tag ?? "")),
    isWord: (word) => tags(word).some((tag) => !nameTags.has(tag ?? "")),
    nounsAfter: (phrase, words) => nouns(`the ${phrase} ${words.join(" ")}`, phrase),
  };

  function nouns(text: string, phrase: string): number {
    const terms = nlp(text).docs.flat();
    const start = 1 + phrase.split(/[\s-]/).length;
    const end = terms.findIndex((term, i) => i >= start && !isNoun(term.tags));
    return (end === -1 ? terms.length : end) - start;
  }
}

/** Names are known by their words alone. What compromise then makes of a sentence costs four times as much. */
const wordByWord = ["alias", "normal", "machine", "lexicon", "preTagger"];

const isNoun = (tags: Set<string> | undefined) =>
  tags?.has("Noun") === true && !tags.has("Pronoun") && !tags.has("Date");

const firstNameTags = new Set(["FirstName", "MaleName", "FemaleName"]);
const nameTags = new Set([
  ...firstNameTags,
  "LastName",
  "Person",
  "City",
  "Country",
  "Region",
  "Place",
  "Organization",
]);

function kindOf(terms: readonly { normal: string; tags?: Set<string> }[]): Entity["kind"] {
  const every = (tag: string) => terms.every(({ tags }) => tags?.has(tag) || tags?.has("Adjective"));
  const [first] = terms;
  const last = terms.at(-1);
  if (every("Person") || first?.tags?.has("Honorific") || first?.tags?.has("FirstName")) return "person";
  if (terms.some(({ tags }) => tags?.has("Organization"))) return "organisation";
  if (terms.length > 1 && [first, last].some((term) => organisationWords.has(term?.normal ?? "")))
    return "organisation";
  return every("Place") ? "place" : "thing";
}

function remembered<Value>(ask: (phrase: string) => Value): (phrase: string) => Value {
  const answers = new Map<string, Value>();
  return (phrase) => {
    const known = answers.get(phrase);
    if (known !== undefined) return known;
    const answer = ask(phrase);
    if (answers.size >= rememberedMax) answers.clear();
    answers.set(phrase, answer);
    return answer;
  };
}
