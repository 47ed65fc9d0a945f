import { z } from "zod";
import type { Transaction } from "../journal/transaction.ts";
import { type DocumentKind, documentText, writeDocument } from "../memory/documents/document.ts";
import { editMarkdown } from "../memory/documents/markdown.ts";
import { noteFolders } from "../memory/documents/notes.ts";
import { reviseFact } from "../memory/facts.ts";
import { type Extracted, memory, store } from "../memory/store.ts";
import { Fault } from "../model/fault.ts";
import type { MemoryRecord } from "../model/memory.ts";
import { always, defineOwn } from "../spine/skill.ts";
import { type CaptureDeps, contentSchema, knownPeople } from "./memory-capture.ts";
import { writeManifest } from "./write-manifest.ts";

const input = z.strictObject({ id: z.string(), text: contentSchema });
const output = z.strictObject({ id: z.string(), rev: z.number() });

/**
 * Writes a new revision of a memory; the earlier ones stay in its file. Of a fact the text is its new object. A procedure
 * or preference gets a new text, its front matter stays.
 */
export function editSkill(deps: CaptureDeps & { kinds: readonly DocumentKind[] }) {
  return defineOwn<z.infer<typeof input>, z.infer<typeof output>, Extracted>({
    manifest: writeManifest("memory.edit", "Correct a memory", {
      input,
      output,
      event: "memory.edited",
      control: ["id"],
    }),
    classify: always("write", "medium"),
    async prepare({ id, text }, { db }) {
      const { at } = memory(db, id);
      const extract = await deps.extractor();
      return extract(text, { at: new Date(at), timeZone: deps.timeZone(), known: knownPeople(db) });
    },
    apply({ id, text }, { tx, commandId, principal }, found) {
      const earlier = memory(tx.db, id);
      if (earlier.content === text) {
        throw new Fault("memory.unchanged", `The memory ${id} says just that already; nothing was written.`);
      }
      if (earlier.kind in noteFolders) return editNote(deps, tx, commandId, earlier, text);
      if (earlier.fact) {
        const { id: fact, rev } = reviseFact(tx, deps, commandId, earlier, { object: text });
        return { id: fact, rev };
      }
      const { v, op, id: _id, rev, cmd, recordedAt, count, ...draft } = earlier;
      const origins = [...new Set([...draft.origins, principal])];
      const record = store(tx, deps, commandId, { ...draft, ...found, origins, content: text }, earlier);
      return { id: record.id, rev: record.rev };
    },
    recall(db, commandId) {
      return db.prepare("SELECT id, rev FROM memories WHERE cmd = ?").get(commandId) as
        | { id: string; rev: number }
        | undefined;
    },
  });
}

function editNote(
  deps: { kinds: readonly DocumentKind[] },
  tx: Transaction,
  commandId: string,
  { id }: MemoryRecord,
  text: string,
) {
  const { file } = tx.db.prepare("SELECT file FROM memories WHERE id = ?").get(id) as { file: string };
  writeDocument(tx, deps.kinds, commandId, file, editMarkdown(file, documentText(tx, file), { id }, text));
  return { id, rev: 1 };
}
