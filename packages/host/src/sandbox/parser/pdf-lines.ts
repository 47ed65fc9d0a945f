/** A stretch of text on a page: where it stands (`transform`, ISO 32000-2, 8.3.3), and whether its line ends with it. */
export interface TextItem {
  str: string;
  transform: readonly number[];
  height: number;
  hasEOL: boolean;
}

interface Line {
  text: string;
  /** Of its baseline; larger is higher. */
  y: number;
  height: number;
}

/** The paragraphs of a page, from its stretches of text in their order. A page says where letters stand, and nothing of words' belonging. */
export function paragraphsIn(items: readonly TextItem[]): string[] {
  const lines = linesOf(items);
  const gaps = lines.slice(1).map(({ y }, i) => (lines[i]?.y ?? y) - y);
  const usual = median(gaps.filter((gap) => gap > 0));
  const longest = lines.reduce((most, { text }) => Math.max(most, text.length), 0);
  const paragraphs: string[] = [];
  for (const [i, line] of lines.entries()) {
    const before = lines[i - 1];
    const gap = gaps[i - 1] ?? 0;
    const isNext = before !== undefined && gap >= 0 && gap <= usual * 1.3 && gap <= Math.max(usual, line.height * 3);
    if (isNext) paragraphs.push(joined(paragraphs.pop() ?? "", line.text, before.text.length < longest * 0.6));
    else paragraphs.push(line.text);
  }
  return paragraphs;
}

function linesOf(items: readonly TextItem[]): Line[] {
  const lines: Line[] = [];
  let parts: string[] = [];
  let [y, height] = [0, 0];
  const close = () => {
    const text = parts.join("").replace(/\s+/g, " ").trim();
    if (text !== "") lines.push({ text, y, height });
    parts = [];
  };
  for (const item of items) {
    if (item.str.trim() !== "" && parts.every((part) => part.trim() === ""))
      [y, height] = [item.transform[5] ?? 0, item.height];
    parts.push(item.str);
    if (item.hasEOL) close();
  }
  close();
  return lines;
}

/** A line that ends well before the others was ended on purpose: a list, a table, an address. A word that was cut is whole again. */
function joined(before: string, next: string, isShort: boolean): string {
  if (before.endsWith("\u00AD")) return before.slice(0, -1) + next;
  if (/\p{L}[-\u2010]$/u.test(before) && /^\p{Ll}/u.test(next)) return before.slice(0, -1) + next;
  return `${before}${isShort ? "\n" : " "}${next}`;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
