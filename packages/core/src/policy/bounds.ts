import { Fault } from "@mh/contract/values/fault.ts";

/**
 * How large rules may be: a third or less of what makes Cedar's Wasm run out of stack (brackets 100 to 200 deep, 400 to 800
 * `if`s, 330 to 400 terms when they are judged, 3,200 members), and as many as cost a command a fifth of a second.
 */
export const ruleBounds = {
  /** Of all files together, as of one. */
  files: 100,
  characters: 200_000,
  rules: 500,
  tokens: 40_000,
  /** Of one rule. */
  tokensOfRule: 2_000,
  nesting: 24,
  ifs: 24,
  /** What makes one expression stand in another without a bracket: `&&`, `||`, `+`, `-`, `*`, `!`, `when`, `unless`. */
  operators: 100,
  dots: 300,
  /** Of one string. */
  stringCharacters: 2_000,
  stars: 16,
} as const;

/** What a text of rules comes to, counted without understanding it. */
export interface RuleCounts {
  characters: number;
  rules: number;
  tokens: number;
}

/** Counts a file of rules. Throws `policy.invalid`, with the bound and the line, before Cedar sees what is too large. */
export function boundedRules(name: string, text: string): RuleCounts {
  const counts: RuleCounts = { characters: text.length, rules: 0, tokens: 0 };
  const tooLarge = (at: number, what: string) =>
    new Fault("policy.invalid", `${name} line ${lineOf(text, at)}: ${what} Split the rule, or take it out.`);
  if (text.length > ruleBounds.characters) {
    const sizes = `${text.length} characters, and ${ruleBounds.characters} are the most`;
    throw new Fault("policy.invalid", `${name} is too large: ${sizes}. Take rules out of it.`);
  }
  let [tokens, nesting, ifs, operators, dots] = [0, 0, 0, 0, 0];
  for (const { 0: token, index } of text.matchAll(tokenPattern)) {
    if (token.startsWith("//") || /^\s/.test(token)) continue;
    tokens += 1;
    counts.tokens += 1;
    if (token === "if") ifs += 1;
    else if ("([{".includes(token)) nesting += 1;
    else if (")]}".includes(token)) nesting -= 1;
    else if (token === ".") dots += 1;
    else if (isOperator.test(token)) operators += 1;
    else if (token.startsWith('"')) checkString(token, (what) => tooLarge(index, what));
    if (tokens > ruleBounds.tokensOfRule)
      throw tooLarge(index, `A rule has at most ${ruleBounds.tokensOfRule} words and signs.`);
    if (nesting > ruleBounds.nesting)
      throw tooLarge(index, `Brackets stand in each other at most ${ruleBounds.nesting} deep.`);
    if (ifs > ruleBounds.ifs) throw tooLarge(index, `A rule has at most ${ruleBounds.ifs} times "if".`);
    if (operators > ruleBounds.operators)
      throw tooLarge(
        index,
        `A rule has at most ${ruleBounds.operators} "&&", "||" and the like; a set says more in one.`,
      );
    if (dots > ruleBounds.dots) throw tooLarge(index, `A rule has at most ${ruleBounds.dots} dots.`);
    if (token !== ";") continue;
    counts.rules += 1;
    [tokens, nesting, ifs, operators, dots] = [0, 0, 0, 0, 0];
  }
  within(counts, name);
  return counts;
}

/** Holds what several files come to, or what is in force altogether, to the same bounds. */
export function within({ characters, rules, tokens }: RuleCounts, name: string): void {
  for (const [what, count, most] of [
    ["characters", characters, ruleBounds.characters],
    ["rules", rules, ruleBounds.rules],
    ["words and signs", tokens, ruleBounds.tokens],
  ] as const)
    if (count > most)
      throw new Fault("policy.invalid", `${name}: ${count} ${what} of rules, and ${most} are the most. Take some out.`);
}

// One after the other, whatever the text: a comment, a string, a word, space, or one character of anything else.
const tokenPattern = /\/\/[^\r\n]*|"(?:[^"\\]|\\[\s\S])*(?:"|$)|[A-Za-z_][A-Za-z0-9_]*|\d+|\s+|&&|\|\||[\s\S]/g;

const isOperator = /^(?:&&|\|\||[-+*!]|when|unless)$/;

function checkString(token: string, tooLarge: (what: string) => Fault): void {
  if (token.length > ruleBounds.stringCharacters)
    throw tooLarge(`A string has at most ${ruleBounds.stringCharacters} characters.`);
  const stars = token.split("*").length - 1;
  if (stars > ruleBounds.stars) throw tooLarge(`A pattern has at most ${ruleBounds.stars} times "*".`);
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split("\n").length;
