/** Columns of a text that is safe to print: two for whatever may be wide, so that a line is never longer than it is counted. */
export const columnsOf = (text: string): number =>
  Array.from(text).reduce((sum, char) => sum + (isNarrow(char.codePointAt(0) ?? 0) ? 1 : 2), 0);

/** Alphabets, and the block of dashes, dots, arrows and signs of mathematics. */
const isNarrow = (point: number): boolean => point < 0x1100 || (point >= 0x2010 && point < 0x2300);

/**
 * A label and a text as lines of so many columns at most. The text goes on below its own beginning, so that no line of it
 * stands where labels do; words that are longer than a line are broken, with a `\` where they go on.
 */
export function laidOut(label: string, text: string, width: number): string[] {
  const margin = " ".repeat(columnsOf(label));
  const room = Math.max(8, width - margin.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => broken(each, room))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (columnsOf(longer) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines.map((each, n) => ((n === 0 ? label : margin) + each).trimEnd());
}

/** At most so many columns; what is missing shows as `…`. */
export function clipped(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let short = "";
  for (const char of text) {
    if (columnsOf(short) + columnsOf(char) > width - 2) break;
    short += char;
  }
  return `${short}…`;
}

function broken(word: string, room: number): string[] {
  if (columnsOf(word) <= room) return [word];
  const parts: string[] = [];
  let part = "";
  for (const char of word) {
    if (columnsOf(part) + columnsOf(char) > room - 1) {
      parts.push(`${part}\\`);
      part = "";
    }
    part += char;
  }
  return [...parts, part];
}
