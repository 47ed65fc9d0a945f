import { type SelfEnd, type SelfForgotten, type SelfHistory, selfTake } from "@mh/contract/self.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryLine } from "@mh/contract/values/memory.ts";
import { type DocumentKind, writeDocument } from "../documents/document.ts";
import { defineAdmin, type OwnContext } from "../kernel/skill.ts";
import { whyUnusable } from "../memory/read-lines.ts";
import { forgottenElsewhere, type MemoryDeps, write } from "../memory/store.ts";
import { fromBase64 } from "../ports/bytes.ts";
import type { Files } from "../ports/files.ts";
import {
  type ArchivedFile,
  documentIn,
  idHere,
  lastHere,
  otherPlace,
  placeOf,
  standingOfFile,
  standingOfForgotten,
  standingOfMemory,
} from "./standing.ts";

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
    apply({ forgotten, memories, files, newer }, context) {
      const written: string[] = [];
      const isTaken = (end: SelfEnd) => end === "new" || (newer && end === "newerThere");
      const { db } = context.tx;
      const forgottenEnds = forgotten.map((each) => {
        const { end } = standingOfForgotten(db, each);
        if (isTaken(end)) written.push(putForgotten(deps, context, each));
        return end;
      });
      let revisions = 0;
      const ends = memories.map((history) => {
        const end = standingOfMemory(db, history);
        if (!isTaken(end)) return end;
        revisions += putHistory(deps, context, history) - (history.last.op === "put" ? 1 : 0);
        written.push(idHere(db, history));
        return end;
      });
      const fileEnds = files.map((each) => {
        const file = { ...each, bytes: fromBase64(each.data) };
        const end = standingOfFile({ ...deps, read: (path) => context.tx.read(path), db }, file);
        if (isTaken(end)) written.push(putFile(deps, context, file));
        return end;
      });
      return { forgotten: forgottenEnds, memories: ends, revisions, files: fileEnds, written };
    },
  });
}

/**
 * Writes what a memory said before and what it says now, each with the time at which it was recorded there. Where there are
 * lines of it here, only what was recorded later follows them. Gives how many lines that is.
 */
function putHistory(deps: SelfTakeDeps, { tx, commandId }: OwnContext, history: SelfHistory): number {
  const { earlier, last } = history;
  const id = idHere(tx.db, history);
  const here = lastHere(tx.db, id);
  const now = new Date(tx.now).toISOString();
  const lines = [...earlier, last].map((line) => ({ line, at: timeOf(line, last.id) }));
  const later = lines.filter(({ line, at }) => !here || line === last || at > here.recordedAt);
  for (const [n, { line, at }] of later.entries()) {
    const recordedAt = here && at <= here.recordedAt ? now : at;
    write(tx, deps, { ...line, id, rev: (here?.rev ?? 0) + n + 1, cmd: commandId, recordedAt }, now);
  }
  return later.length;
}

/** When a line was recorded. Throws `args.invalid` for one that the index cannot hold, or that is another memory's. */
function timeOf(line: MemoryLine, id: string): string {
  const why = line.id === id ? whyUnusable(line) : `${line.id} is another one`;
  if (why !== undefined) throw new Fault("args.invalid", `The memory ${id} cannot be taken in: ${why}.`);
  return new Date(line.recordedAt).toISOString();
}

/** What another home forgot never was a memory here, or is none any more: that is noted, and can be taken back. */
function putForgotten(deps: SelfTakeDeps, { tx, commandId }: OwnContext, forgotten: SelfForgotten): string {
  const { id, source, externalId, kind = "episodic", at } = forgotten;
  const now = new Date(tx.now).toISOString();
  write(
    tx,
    deps,
    {
      ...{ v: 1, op: "retract", id, rev: (lastHere(tx.db, id)?.rev ?? 0) + 1, cmd: commandId, kind },
      ...{ recordedAt: at ?? now, why: forgottenElsewhere, source },
      ...(externalId !== null && { externalId }),
    },
    now,
  );
  return id;
}

/** Agents and skills wait where they lie until the owner allows them; rules and prompts, which would count at once, lie aside. */
function putFile(deps: SelfTakeDeps, { tx, commandId }: OwnContext, file: ArchivedFile & { byHand: boolean }): string {
  const document = documentIn(deps.kinds, file);
  const place = otherPlace(tx.db, deps.kinds, file) ?? placeOf(file.path);
  if (document) writeDocument(tx, deps.kinds, commandId, place, document.text, file.byHand);
  else tx.write(place, file.bytes, file.byHand);
  return place;
}
