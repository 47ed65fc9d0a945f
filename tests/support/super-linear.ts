import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";

export interface FoundRegex {
  file: string;
  line: number;
  regex: RegExp;
}

/** Every regular expression that is written down in the sources below a folder; tests and generated lists left out. */
export function regexesIn(folder: string): FoundRegex[] {
  const files = fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  return files.flatMap((name) => {
    const text = fs.readFileSync(path.join(folder, name), "utf8");
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    const found: FoundRegex[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf("/");
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        found.push({ file: name, line, regex: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** Letters that a pattern is likely to tell apart: those that it names, and one of each kind. */
function alphabetOf({ source }: RegExp): string[] {
  const plain = source.replaceAll(/\\[pP]\{[^}]*\}|\\u\{?[0-9a-fA-F]+\}?|\\x[0-9a-fA-F]{2}/g, "");
  const named = [...plain.matchAll(/\\?(.)/gsu)].map(([, letter = ""]) => letter);
  return [...new Set(["a", "A", "1", " ", "\n", ...named.filter((each) => !/[a-zA-Z0-9]/.test(each)), ...named])].slice(
    0,
    16,
  );
}

/** What a text is made of that makes a pattern try again: one part over and over, and an end that does not fit. */
function* hardTexts(regex: RegExp, length: number): Generator<string> {
  const letters = alphabetOf(regex);
  const parts = [...letters, ...letters.flatMap((one) => letters.map((other) => one + other))];
  for (const part of parts) {
    const middle = part.repeat(Math.ceil(length / part.length));
    yield `${middle}\u0000`;
    for (const head of letters.slice(0, 6)) if (head !== part) yield `${head}${middle}\u0000`;
  }
}

/** Milliseconds of the quickest of several searches for every match. */
function costOf(regex: RegExp, text: string, tries: number): number {
  const all = new RegExp(regex.source, regex.flags.includes("g") ? regex.flags : `${regex.flags}g`);
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < tries; n += 1) {
    const began = performance.now();
    text.replaceAll(all, "");
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

/** The text on which a pattern's work grows faster than the text, if one is found. */
export function superLinear(regex: RegExp): string | undefined {
  // What is far from a straight line is found on short texts, before a long one takes for ever.
  for (const length of [28, 400])
    for (const text of hardTexts(regex, length))
      if (costOf(regex, text, 1) > 40 && costOf(regex, text, 3) > 40) return text.slice(0, 30);
  for (const text of hardTexts(regex, 8_000)) {
    if (costOf(regex, text, 1) < 4) continue;
    // Four times as long, in the middle: more than eight times the work is no straight line. On a busy machine a single
    // comparison says nothing.
    const isSteep = (): boolean => {
      const short = costOf(regex, text, 3);
      return short > 4 && costOf(regex, `${text.slice(0, -1).repeat(4)}\u0000`, 3) > 8 * short;
    };
    if (isSteep() && isSteep() && isSteep()) return text.slice(0, 30);
  }
  return undefined;
}
