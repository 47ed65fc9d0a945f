import { memoryEdit } from "@mh/contract/memory.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { authors } from "../../documents/authors.ts";
import { type DocumentKind, documentText, writeDocument } from "../../documents/document.ts";
import { editMarkdown } from "../../documents/markdown.ts";
import { noteFolders } from "../../documents/notes.ts";
import { reviseFact } from "../../facts/facts.ts";
import { always, defineOwn, type OwnContext } from "../../kernel/skill.ts";
import { isHandOrigin } from "../hand-written.ts";
import { draftOf, type Extracted, memory, store } from "../store.ts";
import { type CaptureDeps, knownPeople } from "./capture.ts";
import { type NoteDeps, noteWrittenBy } from "./note.ts";

/**
 * Writes a new revision of a memory; the earlier ones stay in its file. Of a fact the text is its new object. A procedure
 * or preference gets a new text, its front matter stays.
 */
export function editSkill(deps: CaptureDeps & NoteDeps) {
  return defineOwn(memoryEdit, {
    classify: always("write", "medium"),
    stored: {
      recall(db, commandId) {
        const line = db.prepare("SELECT id, rev FROM revisions WHERE cmd = ?").get(commandId);
        if (line) return line as { id: string; rev: number };
        const note = noteWrittenBy(db, deps, commandId);
        return note && { id: note.id, rev: noteRev };
      },
    },
    async prepare({ id, text }, { db }) {
      const { at } = memory(db, id);
      const known = knownPeople(db);
      const extract = await deps.extractor({ text, known });
      return extract(text, { at: new Date(at), timeZone: deps.timeZone(), known });
    },
    apply({ id, text }, context, found: Extracted) {
      const { tx, commandId } = context;
      const earlier = memory(tx.db, id);
      if (earlier.content === text) {
        throw new Fault("memory.unchanged", `The memory ${id} says just that already; nothing was written.`);
      }
      if (earlier.proposal)
        throw new Fault("proposal.closed", `${id} is a proposal: it is accepted or dismissed as it is, not edited.`);
      if (earlier.kind in noteFolders) return editNote(deps, context, earlier, text);
      if (earlier.fact) {
        const { id: fact, rev } = reviseFact(tx, deps, commandId, withOrigins(earlier, context), { object: text });
        return { id: fact, rev };
      }
      const draft = draftOf(withOrigins(earlier, context));
      const record = store(tx, deps, commandId, { ...draft, ...found, content: text }, earlier);
      return { id: record.id, rev: record.rev };
    },
  });
}

/** Whoever changes the words of a memory is one of its origins from then on. */
const withOrigins = (record: MemoryRecord, { origins }: OwnContext): MemoryRecord => ({
  ...record,
  origins: [...new Set([...record.origins, ...origins])],
});

/** A file that may be edited by hand has no revisions. */
const noteRev = 1;

function editNote(
  deps: { kinds: readonly DocumentKind[] },
  { tx, commandId, origins: by }: OwnContext,
  { id, origins }: MemoryRecord,
  text: string,
) {
  const { file } = tx.db.prepare("SELECT file FROM memories WHERE id = ?").get(id) as { file: string };
  const front = { id, ...authors(origins, by) };
  // What else stands in a file by hand, its title for one, is nobody's word because its text was changed.
  const isByHand = origins.some(isHandOrigin);
  writeDocument(tx, deps.kinds, commandId, file, editMarkdown(file, documentText(tx, file), front, text), isByHand);
  return { id, rev: noteRev };
}
