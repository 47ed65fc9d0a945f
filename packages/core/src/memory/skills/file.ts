import type { ArgsOf } from "@mh/contract/contract.ts";
import { type ImportResult, memoryFile } from "@mh/contract/memory.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import { defineOwn, type OwnContext } from "../../kernel/skill.ts";
import type { Database } from "../../ports/database.ts";
import { archivedAs } from "../archive.ts";
import { memoryRow } from "../project.ts";
import { type Extracted, memoryBySource, mergedInto, retract, store } from "../store.ts";
import type { CaptureDeps } from "./capture.ts";
import { draftFrom, extractedFrom, type FoundIn, forgottenBefore, forgottenWords, goneBefore } from "./import.ts";

type Args = ArgsOf<typeof memoryFile>;

/**
 * Files what a run read in a place of the owner's. It is theirs, also where an agent had it done, and its words are of that place: nobody
 * is vouched for by them. What the owner forgot or changed stays as they left it.
 */
export function fileSkill(deps: CaptureDeps) {
  return defineOwn(memoryFile, {
    stored: "kept",
    prepare: (args, context) => extractedFrom(deps, args, context),
    apply(args, context, found: FoundIn) {
      const { tx, commandId } = context;
      const forgotten = forgottenWords(tx.db, deps);
      const results = args.items.map((item, n) =>
        take(deps, args, context, item, { found: () => found(n), forgotten }),
      );
      const retired: string[] = [];
      for (const externalId of args.gone) {
        const there = memoryBySource(tx.db, args.source, externalId);
        if (!there || isChangedByOwner(there)) continue;
        retract(tx, deps, commandId, there, { why: "retired" });
        retired.push(there.id);
      }
      return { results, retired };
    },
  });
}

function take(
  deps: CaptureDeps,
  { source, origin }: Args,
  { tx, commandId, now }: OwnContext,
  item: Args["items"][number],
  { found, forgotten }: { found: () => Extracted; forgotten: (words: string) => boolean },
): ImportResult {
  const { externalId } = item;
  const gone = goneBefore(tx.db, source, externalId);
  if (gone && (gone.id === null || isMergedInto(tx.db, source, item))) return gone;
  const earlier = memoryBySource(tx.db, source, externalId);
  if (earlier && isChangedByOwner(earlier))
    return { id: earlier.id, externalId, status: "refused", reason: "you changed it, and it stays so" };
  if (!earlier && forgotten(item.content)) return forgottenBefore(externalId);
  const draft = { ...draftFrom(item, now, found()), kind: kindOf(origin), source, origins: [origin] };
  const stands = { ...draft, ...archivedAs(earlier, item.content) };
  const { id } = store(tx, deps, commandId, stands, earlier);
  return { id, externalId, status: earlier ? "updated" : "added" };
}

/** What a machine noted of what the owner did is nobody's word, and evidence of nothing that was said. */
const kindOf = (origin: string) => (origin.startsWith("observed:") ? ("artifact" as const) : ("episodic" as const));

/** Whether another memory took it in, is there and says the same: of one that was moved since, the other says nothing. */
export function isMergedInto(
  db: Database,
  source: string,
  { externalId, content }: { externalId: string; content: string },
): boolean {
  const into = mergedInto(db, source, externalId);
  const row = into === undefined ? undefined : memoryRow(db, into);
  return row !== undefined && (JSON.parse(row.record) as MemoryRecord).content === content;
}

/** An owner's own word in it: what is written elsewhere takes nothing from it. */
export const isChangedByOwner = ({ origins }: MemoryRecord): boolean =>
  origins.some((origin) => isOwner(origin as Principal));
