/** A paragraph of a document: its text, and how deep a heading it is; 0 is none. */
export type Paragraph = { text: string; depth: number };

const breaks = new Map(
  Object.entries({
    ...{ "w:tab": "\t", "w:br": "\n", "w:cr": "\n", "text:tab": "\t", "text:line-break": "\n", "text:s": " " },
  }),
);
/** What stands in them was deleted, or is a field's own code. */
const unread = new Set([
  "w:delText",
  "w:instrText",
  "w:del",
  "text:tracked-changes",
  "office:annotation",
  "mc:Fallback",
]);

/**
 * The paragraphs of a word processor's document: WordprocessingML (ECMA-376, `word/document.xml`) or OpenDocument Text
 * (`content.xml`). One pass over the text, in time that its length bounds; no entity but XML's own is known.
 */
export function paragraphsOf(xml: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  // A text box holds paragraphs of its own within the one that it is anchored in.
  const around: { parts: string[]; depth: number }[] = [];
  const close = () => {
    const open = around.pop();
    if (open) paragraphs.push({ text: open.parts.join("").trim(), depth: open.depth });
  };
  let isText = false;
  let skipped: string | undefined;
  for (const { name, isEnd, isAlone, attributes, text } of tokensOf(xml)) {
    const open = around.at(-1);
    if (text !== undefined) {
      if (open && skipped === undefined && (isText || name === "odt")) open.parts.push(unescaped(text));
      continue;
    }
    if (skipped !== undefined) {
      if (isEnd && name === skipped) skipped = undefined;
      continue;
    }
    if (unread.has(name) && !isEnd && !isAlone) skipped = name;
    else if (name === "w:p" || name === "text:p" || name === "text:h") {
      if (isEnd) close();
      else if (!isAlone)
        around.push({ parts: [], depth: name === "text:h" ? levelIn(attributes, "text:outline-level") : 0 });
    } else if (name === "w:t") isText = !isEnd && !isAlone;
    else if (open && !isEnd && breaks.has(name)) open.parts.push(breaks.get(name) ?? "");
    else if (open && name === "w:pStyle") open.depth ||= headingStyle(attributes);
    else if (open && name === "w:outlineLvl") open.depth ||= Math.min(9, levelIn(attributes, "w:val") + 1) % 10;
  }
  while (around.length > 0) close();
  return paragraphs.filter(({ text }) => text !== "");
}

/** What an element of that name says, in a small file of properties. */
export function elementText(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}`);
  const from = start === -1 ? -1 : xml.indexOf(">", start) + 1;
  const to = from <= 0 ? -1 : xml.indexOf(`</${name}>`, from);
  return to === -1 ? undefined : unescaped(xml.slice(from, to)).trim() || undefined;
}

type Token = { name: string; isEnd: boolean; isAlone: boolean; attributes: string; text?: string };

function* tokensOf(xml: string): Generator<Token> {
  const isOdt = xml.lastIndexOf("<office:document", 4_096) !== -1;
  const plain = { isEnd: false, isAlone: false, attributes: "" };
  for (let at = 0; at < xml.length; ) {
    const tag = xml.indexOf("<", at);
    if (tag !== at) yield { ...plain, name: isOdt ? "odt" : "", text: xml.slice(at, tag === -1 ? undefined : tag) };
    if (tag === -1) return;
    const end = xml.indexOf(">", tag);
    if (end === -1) return;
    const isEnd = xml[tag + 1] === "/";
    const isAlone = xml[end - 1] === "/";
    const inside = xml.slice(tag + (isEnd ? 2 : 1), isAlone ? end - 1 : end);
    const space = inside.search(/\s/);
    const name = space === -1 ? inside : inside.slice(0, space);
    yield { name, isEnd, isAlone, attributes: space === -1 ? "" : inside.slice(space) };
    at = end + 1;
  }
}

function levelIn(attributes: string, name: string): number {
  const level = Number(new RegExp(`${name}="(\\d{1,2})"`).exec(attributes.slice(0, 1_000))?.[1] ?? 1);
  return Math.min(9, level);
}

/** Word names its heading styles in the language of its writer. */
function headingStyle(attributes: string): number {
  const style = /w:val="([^"]{1,60})"/.exec(attributes.slice(0, 1_000))?.[1] ?? "";
  if (/^(?:title|titel|titre|t[ií]tulo)$/i.test(style)) return 1;
  return Number(/^(?:heading|(?:ü|ue)?berschrift|titre|t[ií]tulo|titolo|kop|rubrik)\s?([1-9])/i.exec(style)?.[1] ?? 0);
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD";
  });
}
