/**
 * A text in parts of so many UTF-16 units at most, numbered where there are several. Nothing is left out: parts end at a line,
 * else at a blank, else between two characters.
 */
export function partsOf(text: string, unitsMax: number): string[] {
  if (text.length <= unitsMax) return [text];
  const room = unitsMax - numberUnits;
  const parts: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const units = rest.length <= room ? rest.length : breakIn(rest, room);
    parts.push(rest.slice(0, units));
    rest = rest.slice(units);
  }
  return parts.map((part, at) => `(${at + 1}/${parts.length}) ${part}`);
}

/** Room for "(1000/1000) ". */
const numberUnits = 12;
const graphemeUnitsMax = 64;

function breakIn(text: string, room: number): number {
  const part = text.slice(0, room);
  for (const sign of ["\n", " "]) {
    const at = part.lastIndexOf(sign);
    // A break far to the front would make many parts of few words.
    if (at > room / 2) return at + 1;
  }
  return wholeCharacters(text, room);
}

/** Up to where characters are whole; one that is longer than any should be is broken, but never a pair of surrogates. */
function wholeCharacters(text: string, room: number): number {
  const from = room - graphemeUnitsMax;
  const start = isLowSurrogate(text, from) ? from + 1 : from;
  // The first of a process takes 5 ms: this module is loaded wherever a home is opened.
  const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  let at = start;
  for (const { segment } of graphemes.segment(text.slice(start, room + graphemeUnitsMax))) {
    if (at + segment.length > room) break;
    at += segment.length;
  }
  if (at > start) return at;
  return isLowSurrogate(text, room) ? room - 1 : room;
}

const isLowSurrogate = (text: string, at: number): boolean => /[\udc00-\udfff]/.test(text[at] ?? "");
