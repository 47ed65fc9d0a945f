/**
 * A pattern that knows letters of all scripts, for one text after another. V8 takes up to a millisecond to compile `\p{L}`,
 * which is a table of hundreds of ranges; of a text in plain ASCII it sees no more than a few of them.
 */
export function ofAllScripts(pattern: RegExp): (text: string) => RegExp {
  let inAscii: RegExp | undefined;
  return (text) => {
    if (!ascii.test(text)) return pattern;
    inAscii ??= new RegExp(asciiSource(pattern.source), pattern.flags.replace("u", ""));
    return inAscii;
  };
}

const ascii = /^[\0-\x7f]*$/;

const ranges: Record<string, string> = { L: "A-Za-z", Lu: "A-Z", Ll: "a-z", N: "0-9", M: "" };

/** The same pattern with what a property holds of ASCII; whether it stands inside of brackets decides how it is written. */
function asciiSource(source: string): string {
  let isInside = false;
  return source.replace(/\\p\{(\w+)\}|\\.|[[\]]/g, (part, property?: string) => {
    if (part === "[") isInside = true;
    if (part === "]") isInside = false;
    if (property === undefined) return part;
    const range = ranges[property];
    if (range === undefined) throw new Error(`It is not said here what \\p{${property}} holds of ASCII.`);
    return isInside ? range : `[${range}]`;
  });
}
