import type { Found } from "./found.ts";
import { asFound, memoriesOf, type NoteContext } from "./note.ts";
import { type Section, sectionPieces } from "./sections.ts";

/** What a parser found in a document (.docx, .odt, .pdf). */
export interface ParsedDocument {
  title?: string | undefined;
  /** What it says of itself: `author`, and who that is. */
  properties: [name: string, value: string][];
  /** Its paragraphs in order: how deep a heading each is, 0 where it is none, and on which page it stands, where pages are told apart. */
  blocks: { text: string; depth: number; page?: number | undefined }[];
  /** What else there is to say of it, a sentence each. */
  notes: string[];
}

/** A document's memories: its text by headings, or by pages, each with its number, and what it says of itself. */
export function parseDocument(path: string, parsed: ParsedDocument, context: NoteContext): Found[] {
  const { warnings = [] } = context;
  const note = {
    title: parsed.title && textOf(parsed.title).replace(/\s+/g, " ").trim(),
    ...{ aliases: [], tags: [] },
    properties: parsed.properties.map(([name, value]) => ({ name, values: [textOf(value)] })),
    sections: sectionsOf(parsed.blocks),
  };
  return asFound(path, memoriesOf(path, note, { ...context, warnings }));
}

function sectionsOf(blocks: ParsedDocument["blocks"]): Section[] {
  const sections: Section[] = [];
  const trail: { depth: number; heading: string }[] = [];
  let open = { heading: "", path: [] as string[], parts: [] as string[] };
  const close = (nextDepth: number) => {
    const content = open.parts.join("\n\n");
    const isAlone = open.heading !== "" && nextDepth <= (trail.at(-1)?.depth ?? 0);
    if (content !== "" || isAlone) sections.push(...sectionPieces(open.heading, open.path, content));
  };
  const begin = (depth: number, heading: string) => {
    close(depth);
    while ((trail.at(-1)?.depth ?? 0) >= depth) trail.pop();
    trail.push({ depth, heading });
    open = { heading, path: trail.map((above) => above.heading), parts: [] };
  };
  let at: number | undefined;
  for (const { text, depth, page } of blocks) {
    if (page !== at && page !== undefined) begin(1, `page ${page}`);
    at = page;
    if (depth === 0) open.parts.push(textOf(text));
    else begin(depth, textOf(text).replace(/\s+/g, " ").slice(0, 500).toWellFormed());
  }
  close(0);
  return sections;
}

const textOf = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD");
