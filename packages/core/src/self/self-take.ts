import { type SelfEnd, selfTake } from "@mh/contract/self.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { type DocumentKind, writeDocument } from "../documents/document.ts";
import { defineAdmin, type OwnContext } from "../kernel/skill.ts";
import { draftOf, type MemoryDeps, store } from "../memory/store.ts";
import { fromBase64 } from "../ports/bytes.ts";
import type { Files } from "../ports/files.ts";
import { type ArchivedFile, documentIn, otherPlace, placeOf, standingOfFile, standingOfMemory } from "./standing.ts";

export interface SelfTakeDeps extends MemoryDeps {
  files: Files;
  kinds: readonly DocumentKind[];
}

/**
 * Takes in a group of what an archive holds, in one commit. What is here already stays as it is; what differs stays, too,
 * unless it was changed later there and that was asked for: then it is a new revision of what is here.
 */
export function takeSelfSkill(deps: SelfTakeDeps) {
  return defineAdmin(selfTake, {
    stored: "kept",
    apply({ memories, files, newer }, context) {
      const written: string[] = [];
      const isTaken = (end: SelfEnd) => end === "new" || (newer && end === "newerThere");
      const ends = memories.map((record) => {
        const end = standingOfMemory(context.tx.db, record);
        if (isTaken(end)) written.push(putMemory(deps, context, record));
        return end;
      });
      const fileEnds = files.map((each) => {
        const file = { ...each, bytes: fromBase64(each.data) };
        const end = standingOfFile({ ...deps, read: (path) => context.tx.read(path), db: context.tx.db }, file);
        if (isTaken(end)) written.push(putFile(deps, context, file));
        return end;
      });
      return { memories: ends, files: fileEnds, written };
    },
  });
}

function putMemory(deps: SelfTakeDeps, { tx, commandId }: OwnContext, record: MemoryRecord): string {
  const rev = tx.db.prepare("SELECT coalesce(max(rev), 0) AS rev FROM revisions WHERE id = ?").get(record.id);
  return store(tx, deps, commandId, draftOf(record), { ...record, ...(rev as { rev: number }) }).id;
}

/** Agents and skills wait where they lie until the owner allows them; rules and prompts, which would count at once, lie aside. */
function putFile(deps: SelfTakeDeps, { tx, commandId }: OwnContext, file: ArchivedFile & { byHand: boolean }): string {
  const document = documentIn(deps.kinds, file);
  const place = otherPlace(tx.db, deps.kinds, file) ?? placeOf(file.path);
  if (document) writeDocument(tx, deps.kinds, commandId, place, document.text, file.byHand);
  else tx.write(place, file.bytes, file.byHand);
  return place;
}
