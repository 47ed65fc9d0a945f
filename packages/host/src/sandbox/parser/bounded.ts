import type { ParsedDocument } from "@mh/core/memory/import/document.ts";

/** As much text as is read of one document. */
export const charactersMax = 1_000_000;

/** The blocks of a document as far as they are read, and a note where there is more. */
export function bounded(blocks: ParsedDocument["blocks"]): Pick<ParsedDocument, "blocks" | "notes"> {
  const kept: ParsedDocument["blocks"] = [];
  let room = charactersMax;
  for (const block of blocks) {
    if (block.text.length > room) {
      if (room > 0) kept.push({ ...block, text: block.text.slice(0, room).toWellFormed() });
      return { blocks: kept, notes: ["Only the first 1,000,000 characters were read."] };
    }
    kept.push(block);
    room -= block.text.length;
  }
  return { blocks: kept, notes: [] };
}
