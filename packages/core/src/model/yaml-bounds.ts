/**
 * How large YAML may be. Its parser compares each key of a map with every other, and descends once for each level: 50,000
 * keys cost a minute, and some thousand brackets the stack. What people write by hand is a hundredth of this.
 */
const yamlBounds = { characters: 200_000, lines: 2_000, nesting: 32, indent: 200, signs: 4_000 } as const;

/** Why a text is not given to the parser, as a clause with the line; undefined where it is. */
export function tooMuchYaml(text: string): { line: number; why: string } | undefined {
  if (text.length > yamlBounds.characters) return { line: 1, why: `more than ${yamlBounds.characters} characters` };
  let [signs, nesting, number] = [0, 0, 0];
  for (const line of text.split("\n")) {
    number += 1;
    if (number > yamlBounds.lines) return { line: number, why: `more than ${yamlBounds.lines} lines` };
    if (/^\s*#/.test(line)) continue;
    // Compact nesting, as in `- - - a` or `? ? a`.
    const lead = /^[\s?-]*/.exec(line)?.[0] ?? "";
    if (lead.length > yamlBounds.indent)
      return { line: number, why: `indented more than ${yamlBounds.indent} columns` };
    for (const sign of line) {
      if ("[{".includes(sign)) nesting += 1;
      else if ("]}".includes(sign)) nesting = Math.max(0, nesting - 1);
      if (nesting > yamlBounds.nesting) return { line: number, why: `brackets more than ${yamlBounds.nesting} deep` };
      if (",:?&*!".includes(sign)) signs += 1;
    }
    if (signs > yamlBounds.signs) return { line: number, why: `more than ${yamlBounds.signs} keys, members and signs` };
  }
  return undefined;
}
