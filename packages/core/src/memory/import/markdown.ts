import type { Found } from "./found.ts";
import { splitFrontMatter } from "./front-matter.ts";
import type { ImportItem } from "./item.ts";
import { asFound, memoriesOf, type NoteContext, readable } from "./note.ts";
import { isTooMuch, sectionsOf } from "./sections.ts";

export type { NoteContext } from "./note.ts";

/** Reads one note of a Markdown vault (Obsidian, Logseq): its front matter, and a section for each heading. */
export function parseNote(path: string, text: string, context: NoteContext): ImportItem[] {
  const { warnings = [] } = context;
  const { front, body, warning } = splitFrontMatter(readable(text, warnings));
  if (warning !== undefined) warnings.push(warning);
  if (isTooMuch(body)) warnings.push("It has too many lines, or lists nested too deep; it was read as plain text.");
  return memoriesOf(path, { ...front, sections: sectionsOf(withoutMarks(body)) }, { ...context, warnings });
}

export function parseVaultNote(path: string, text: string, context: NoteContext): Found[] {
  return asFound(path, parseNote(path, text, context));
}

/** Without what an outliner writes for itself: ids of blocks, what is folded, the log of a task's clock. */
function withoutMarks(body: string): string {
  if (!/(?:id|collapsed)::|:LOGBOOK:/i.test(body)) return body;
  return body
    .replace(
      /^[ \t]*:LOGBOOK:[ \t]*\r?\n(?:(?![ \t]*:END:)[^\n]{0,1000}\n){0,1000}?[ \t]*:END:[ \t]*(?:\r?\n|$)/gim,
      "",
    )
    .replace(/^[ \t]*(?:[-*] )?(?:id:: ?[0-9a-f-]{36}|collapsed:: ?(?:true|false))[ \t]*(?:\r?\n|$)/gim, "");
}
