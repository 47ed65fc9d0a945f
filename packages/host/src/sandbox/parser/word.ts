import type { ParsedDocument } from "@mh/core/memory/import/document.ts";
import { bounded } from "./bounded.ts";
import { elementText, paragraphsOf } from "./document-text.ts";
import { Unreadable } from "./unreadable.ts";
import { entriesOf } from "./zip.ts";

const textBytesMax = 50_000_000;

/** Where the text and what a document says of itself stand within it. */
const parts = {
  docx: { text: "word/document.xml", about: "docProps/core.xml" },
  odt: { text: "content.xml", about: "meta.xml" },
};

/** A word processor's document (.docx, .odt), by its headings. Throws Unreadable for one that is none, or expands beyond measure. */
export function readWord(bytes: Uint8Array, kind: keyof typeof parts): ParsedDocument {
  if (Buffer.from(bytes.subarray(0, 8)).toString("hex") === compoundFile)
    throw new Unreadable("It is encrypted, or a .doc by another name. Save it as .docx without a password.");
  const entries = entriesOf({
    sizeBytes: bytes.length,
    *chunks(from, to) {
      yield bytes.subarray(from, to);
    },
  });
  const textOf = (wanted: string): string | undefined => {
    const entry = entries.find((each) => each.name === wanted);
    return entry && unpacked(entry.open());
  };
  // ODF 1.3, part 2, §3.16: the manifest says which parts are encrypted.
  if (kind === "odt" && textOf("META-INF/manifest.xml")?.includes("<manifest:encryption-data"))
    throw new Unreadable("It is encrypted. Save it without a password.");
  const text = textOf(parts[kind].text);
  if (text === undefined) throw new Unreadable("It is no document: the part with its text is missing.");
  const about = textOf(parts[kind].about) ?? "";
  const title = elementText(about, "dc:title");
  return { ...(title && { title }), properties: propertiesIn(about), ...bounded(paragraphsOf(text)) };
}

/** How a file in Microsoft's older container begins [MS-CFB §2.2]: what is protected by a password lies in one. */
const compoundFile = "d0cf11e0a1b11ae1";

function unpacked(chunks: Iterable<Uint8Array>): string {
  const all: Uint8Array[] = [];
  let size = 0;
  for (const chunk of chunks) {
    size += chunk.length;
    if (size > textBytesMax) throw new Unreadable("The text of the document is larger than 50 MB.");
    all.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(all));
  } catch (cause) {
    throw new Unreadable("The text of the document is not UTF-8.", { cause });
  }
}

const told: [element: string, name: string][] = [
  ["dc:creator", "author"],
  ["meta:initial-creator", "author"],
  ["dc:subject", "subject"],
  ["cp:keywords", "keywords"],
  ["meta:keyword", "keywords"],
  ["dc:description", "description"],
  ["dcterms:created", "created"],
  ["meta:creation-date", "created"],
];

function propertiesIn(about: string): ParsedDocument["properties"] {
  const found = new Map<string, string>();
  for (const [element, name] of told) {
    const value = elementText(about, element)?.replace(/\s+/g, " ");
    if (value !== undefined && !found.has(name)) found.set(name, value);
  }
  return [...found];
}
