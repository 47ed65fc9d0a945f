/**
 * The same program without a character beyond ASCII. V8 keeps a program's text for as long as it runs, and keeps two bytes of each
 * character where one of them needs it. esbuild escapes those in strings; what is left stands in regular expressions and in
 * comments, where an escape means the same, and in raw text, where it would not.
 */
export function asciiText(program: string): string {
  let text = "";
  let from = 0;
  for (const { index, 0: opening } of program.matchAll(/\bString\.raw\s*`/g)) {
    if (index < from) continue;
    const start = index + opening.length;
    const end = endOfTemplate(program, start);
    text += withEscapes(program.slice(from, start)) + withParts(program.slice(start, end));
    from = end;
  }
  return text + withEscapes(program.slice(from));
}

/** A backslash before such a character means the character; before its escape it would mean itself. */
const withEscapes = (code: string): string =>
  code.replace(
    /(?<!\\)((?:\\\\)*)\\?([^\0-\x7f])/g,
    (_, before: string, character: string) => before + escaped(character),
  );

/** Raw text, in which only what is put in may be escaped. What is put in already is code and is taken as such. */
function withParts(raw: string): string {
  if (/\\[^\0-\x7f]/.test(raw)) throw new Error(`A raw text escapes a character beyond ASCII: ${raw.slice(0, 80)}`);
  return raw
    .split(/(\$\{[^}]*\})/)
    .map((part, n) =>
      n % 2 === 1 ? withEscapes(part) : part.replace(/[^\0-\x7f]+/g, (all) => `\${"${withEscapes(all)}"}`),
    )
    .join("");
}

/** Where the backtick is that ends it. */
function endOfTemplate(program: string, start: number): number {
  for (let at = start; at < program.length; at += 1) {
    if (program[at] === "\\") at += 1;
    else if (program[at] === "`") return at;
    else if (program.startsWith("${", at)) {
      const end = program.indexOf("}", at);
      if (/[`{]/.test(program.slice(at + 2, end)))
        throw new Error(`A raw text holds more than names: ${program.slice(at, end + 1)}`);
      at = end;
    }
  }
  throw new Error("A raw text has no end.");
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
