import { expect, test } from "vitest";
import { type Declared, passes, type Read } from "../../../../../tests/support/judged.ts";

const reviews: Declared = {
  ...{ writers: "members", ids: "review" },
  fields: { id: "record", title: "label", at: "record", people: "party" },
};
const create = { control: ["people"], content: ["title"], ids: "review" };
const words = "Make review 'Lexer' with the same people as 'Parser' of 3 May";
const parser = { id: 1, title: "Parser", at: "2031-05-03 10:00", people: ["ann", "tom"] };
const lexer = { id: 2, title: "Parser tests", at: "2031-05-03 11:00", people: ["eve"] };

function invited(
  said: string,
  output: unknown[],
  more: { people?: string[]; facts?: Declared; effect?: "send" | "destroy"; read?: Partial<Read> } = {},
): boolean {
  const { people = ["ann", "tom"], facts = create, effect = "send" } = more;
  return passes(said, [{ facts: reviews, output, ...more.read }], { facts, effect, args: { people, title: "Lexer" } });
}

test.each<[words: string, isTaken: boolean]>([
  [words, true],
  ["Make review 'Lexer' with the people of 'Parser'", true],
  ["Make review 'Lexer' with everybody who is in the review 'Parser'", true],
  ["Make review 'Lexer' with those who took part in 'Parser'", true],
  ["Make review 'Lexer' like 'Parser'", false],
  ["Make review 'Lexer' of 'Parser' with the same people", false],
  ["Make review 'Lexer' with the same people as 'Parser' of 2031-05-03", true],
  ["Make review 'Lexer' with the same people as 'Parser' of 2031-05-04", false],
  ["Make review 'Lexer' on 3 May with the same people as 'Parser' of 4 May", false],
  ["Make review 'Lexer' on 3 May with the same people as 'Parser' of last week", false],
  ["Make review 'Lexer' with the same people as 'Parser tests of Tom'", false],
  ["Make review 'Lexer' with people other than 'Parser'", false],
  ["Who takes part in the review 'Parser'? I want to tell them about 'Lexer'", false],
])("K8 B 7 who takes part in one entry may take part in another: “%s”", (said, isTaken) => {
  expect(invited(said, [parser, lexer])).toBe(isTaken);
});

test("K8 B 7 nobody else may, nor in anything else", () => {
  expect(invited(words, [parser, lexer], { people: ["ann", "eve"] })).toBe(false);
  expect(invited(words, [parser, lexer], { facts: { ...create, ids: "mail" } })).toBe(false);
  expect(invited(words, [parser, lexer], { facts: { control: ["people"] } })).toBe(false);
  expect(invited(words, [parser, lexer], { effect: "destroy" })).toBe(false);
  expect(invited(words, [parser, { ...parser, id: 3, people: ["eve"] }])).toBe(false);
  expect(invited(words, [parser, { ...parser, id: 3, at: "2031-05-10 10:00", people: ["eve"] }])).toBe(false);
});

test("K8 B 7 an entry that somebody named by other words of the owner's lends nobody", () => {
  for (const title of ["review 'Lexer' with", "the same people as", "same people", "Make review", "people as 'Parser'"])
    expect(invited(words, [parser, { ...lexer, title }], { people: ["eve"] })).toBe(false);
});

test("K8 B 7 any run of the owner's words is easily made a name, but what stands in quotation marks", () => {
  const said = "Make a review with the people in the kickoff meeting of Tom";
  const planted = ["kickoff meeting", "the kickoff meeting", "kickoff meeting of Tom"].filter((title) =>
    invited(said, [parser, { ...lexer, title }], { people: ["eve"] }),
  );
  expect(planted).toEqual([]);
  const quoted = "Make a review with the people in the 'kickoff meeting' of Tom";
  expect(invited(quoted, [parser, { ...lexer, title: "Kickoff meeting" }], { people: ["eve"] })).toBe(true);
});

test("K8 B 7 a question that is narrower than name and day hides others of the name", () => {
  const asked = (args: Record<string, unknown>) => invited(words, [parser], { read: { args } });
  expect(asked({})).toBe(true);
  expect(asked({ query: "Parser" })).toBe(true);
  expect(asked({ day: "2031-05-03" })).toBe(true);
  expect(asked({ query: "Lexer" })).toBe(false);
  expect(asked({ query: "Parser", limit: 1 })).toBe(false);
  expect(asked({ query: "parser people" })).toBe(false);
  expect(asked({ id: 1 })).toBe(false);
});

test("K8 B 7 where third parties choose the names, a name lends nobody", () => {
  expect(invited(words, [parser], { read: { facts: { ...reviews, writers: "anyone" } } })).toBe(false);
});

test("K8 B 7 a search with signs finds what somebody called just that, and lends nobody", () => {
  const planted = { ...lexer, title: "'Parser'" };
  for (const query of ["'Parser'", "Parser?", '"Parser"'])
    expect(invited(words, [planted], { people: ["eve"], read: { args: { query } } })).toBe(false);
  expect(invited(words, [parser], { read: { args: { query: "Parser" } } })).toBe(true);
});
