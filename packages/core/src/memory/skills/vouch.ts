import type { Waiting } from "@mh/contract/adoption.ts";
import { memoryVouch } from "@mh/contract/memory.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { type DocumentKind, documentText, writeDocument } from "../../documents/document.ts";
import type { QueryContext } from "../../feature.ts";
import { defineAdmin, type OwnContext } from "../../kernel/skill.ts";
import { shortId } from "../../model/short-id.ts";
import { isHandOrigin } from "../hand-written.ts";
import { isDocument, type MemoryDeps, memory, store } from "../store.ts";

/** The owner reviewed what was written by hand: it counts as the owner's words from then on, as it now stands. */
export function vouchSkill(deps: MemoryDeps & { kinds: readonly DocumentKind[] }) {
  return defineAdmin(memoryVouch, {
    stored: "kept",
    apply({ ids }, context) {
      const records = ids.map((id) => memory(context.tx.db, id));
      for (const record of records) vouch(deps, context, record);
      return { ids: records.map(({ id }) => id) };
    },
  });
}

function vouch(deps: MemoryDeps & { kinds: readonly DocumentKind[] }, context: OwnContext, record: MemoryRecord): void {
  const { tx, commandId } = context;
  if (!record.origins.some(isHandOrigin))
    throw new Fault("memory.unchanged", `A command wrote the memory ${record.id}; there is nothing to review.`);
  const { file } = tx.db.prepare("SELECT file FROM memories WHERE id = ?").get(record.id) as { file: string };
  if (isDocument(file)) return writeDocument(tx, deps.kinds, commandId, file, documentText(tx, file));
  const { v, op, id, rev, cmd, recordedAt, count, fact, ...draft } = record;
  const origins = [...new Set([...record.origins.filter((origin) => !isHandOrigin(origin)), ...context.origins])];
  const confirmed = fact && { ...fact, status: fact.status === "revoked" ? fact.status : ("confirmed" as const) };
  store(tx, deps, commandId, { ...draft, origins, ...(confirmed && { fact: confirmed }) }, record);
}

const shownMax = 200;

/** Lines of memory files that no command wrote. Files that are meant to be edited by hand are not among them. */
export function waitingLines({ db }: QueryContext): Waiting[] {
  const sql = `SELECT id, content FROM memories WHERE by_hand = 1 ORDER BY id LIMIT ${shownMax}`;
  return (db.prepare(sql).all() as { id: string; content: string }[]).map(({ id, content }) => ({
    ...{ kind: "memory", name: id, state: "new", wider: [`count as your words: ${content.slice(0, 200)}`] },
    command: `mh memory vouch ${shortId(id)}`,
  }));
}
