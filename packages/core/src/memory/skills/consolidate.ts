import { type MergeView, memoryConsolidate, memoryPropose } from "@mh/contract/memory.ts";
import { contradictionsIn } from "../../facts/facts.ts";
import { changeOf } from "../../kernel/changes.ts";
import { defineOwn, defineQuery } from "../../kernel/skill.ts";
import type { Database } from "../../ports/database.ts";
import type { Files } from "../../ports/files.ts";
import { type Merge, merge, proposedMerges } from "../consolidate.ts";
import { linesWrittenBy } from "../read-lines.ts";
import type { MemoryDeps } from "../store.ts";

/** What an agent merges at a time without asking; every merge can be undone. */
const smallMerge = 50;

/** What consolidating would do. */
export function proposeSkill() {
  return defineQuery(memoryPropose, {
    run: ({ limit }, { db }) => ({
      merges: proposedMerges(db, limit).map(viewOf),
      contradictions: contradictionsIn(db).map(([earlier, later]) => ({
        ...{ earlier: earlier.id, later: later.id, text: earlier.content, instead: later.content },
      })),
    }),
  });
}

/** Merges what says the same. No memory goes without a line that says where it went. */
export function consolidateSkill(deps: MemoryDeps & { files: Files }) {
  return defineOwn(memoryConsolidate, {
    classify: ({ limit }) => ({ effect: "write", risk: limit <= smallMerge ? "low" : "medium", scope: {} }),
    stored: {
      recall(db, commandId) {
        const merged = mergedBy(db, deps, commandId);
        return merged && { merged };
      },
    },
    apply({ limit }, { tx, commandId }) {
      const merges = proposedMerges(tx.db, limit);
      for (const each of merges) merge(tx, deps, commandId, each);
      return { merged: merges.map(viewOf) };
    },
  });
}

const viewOf = ({ keep, others }: Merge): MergeView => ({
  keep: keep.id,
  others: others.map(({ id }) => id),
  content: beginningOf(keep),
});

const beginningOf = ({ content }: { content: string }): string => content.slice(0, 200);

/** What a command merged, from its lines; undefined where some of them are gone, forgotten or by hand. */
function mergedBy(db: Database, deps: { files: Files } & MemoryDeps, command: string): MergeView[] | undefined {
  const change = changeOf(db, command);
  // It found nothing to merge, and wrote nothing.
  if (!change) return [];
  const lines = linesWrittenBy(db, deps, command);
  const forgot = db.prepare("SELECT 1 FROM changes, json_each(changes.removed) WHERE json_each.key = ? LIMIT 1");
  if (lines.length !== change.lines || forgot.get(command)) return undefined;
  const into = (id: string) => lines.filter((line) => line.op === "retract" && line.into === id).map(({ id }) => id);
  const kept = lines.flatMap((line) => (line.op === "put" ? [line] : [])).sort((a, b) => (a.id < b.id ? -1 : 1));
  return kept.map((line) => ({ keep: line.id, others: into(line.id).sort(), content: beginningOf(line) }));
}
