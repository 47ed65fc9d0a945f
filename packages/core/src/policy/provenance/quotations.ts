import { outside, type Span } from "./spans.ts";

const closing: Readonly<Record<string, string>> = {
  ...{ '"': '"', "'": "'", "`": "`", "“": "”", "„": "“”", "‘": "’", "«": "»" },
};
const charsMax = 2000;

/** Quotations of a text, their marks left out. A mark opens after a blank or a bracket, and closes before a blank or a sign: an apostrophe does neither. */
export function quotationsIn(text: string): Span[] {
  const opened = [...text.matchAll(/(?<![\p{L}\p{N}])["'`“„‘«](?=\S)/gu)];
  const closed = [...text.matchAll(/(?<=\S)["'`“”’»](?![\p{L}\p{N}])/gu)].map(({ 0: mark, index }) => ({
    mark,
    index,
  }));
  // Of each kind of mark, where its next end is: none is looked for twice.
  const next = new Map(Object.entries(closing).map(([open, marks]) => [open, { marks, at: 0 }]));
  const all: Span[] = [];
  let last = 0;
  for (const { 0: mark, index } of opened) {
    const place = next.get(mark);
    if (!place || index < last) continue;
    while (place.at < closed.length && !isEnd(closed[place.at], place.marks, index)) place.at += 1;
    const end = closed[place.at]?.index;
    if (end === undefined || end - index > charsMax) continue;
    all.push({ start: index + 1, end });
    last = end + 1;
  }
  return all;
}

/** The same without one that is the whole text: what is quoted whole is as if it were not. */
export const quotationsWithin = (text: string): Span[] =>
  quotationsIn(text).filter(({ start, end }) => end - start <= text.trim().length - 4);

const isEnd = (each: { mark: string; index: number } | undefined, marks: string, after: number): boolean =>
  each !== undefined && each.index > after + 1 && marks.includes(each.mark);

/** What somebody says for themselves: without quotations, addresses, links and paths. */
export function withoutNames(text: string): string {
  return outside(text, quotationsIn(text))
    .join(" ¶ ")
    .split(/\s+/)
    .filter((token) => !/[@/\\]|[\p{L}\p{N}]\.\p{L}/u.test(token))
    .join(" ");
}
