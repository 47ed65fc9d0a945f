import type { Found } from "./found.ts";
import { asFound, memoriesOf, type NoteContext, readable } from "./note.ts";
import { plainSections } from "./sections.ts";

/** A text file: no headings, whole paragraphs. */
export function parsePlain(path: string, text: string, context: NoteContext): Found[] {
  const sections = plainSections(readable(text, context.warnings).replaceAll("\r\n", "\n"));
  return asFound(path, memoriesOf(path, { aliases: [], tags: [], properties: [], sections }, context));
}
