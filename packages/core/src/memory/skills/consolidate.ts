import { z } from "zod";
import { defineOwn, defineQuery } from "../../kernel/legacy.ts";
import { readManifest } from "../../kernel/read-manifest.ts";
import { always } from "../../kernel/skill.ts";
import { writeManifest } from "../../kernel/write-manifest.ts";
import { type Merge, merge, proposedMerges } from "../consolidate.ts";
import type { MemoryDeps } from "../store.ts";

const input = z.strictObject({ limit: z.number().int().min(1).max(10_000).default(1000) });
type Input = z.infer<typeof input>;
const proposal = z.strictObject({ keep: z.string(), others: z.array(z.string()), content: z.string() });
type Proposal = z.infer<typeof proposal>;

/** What an agent merges at a time without asking; every merge can be undone. */
const smallMerge = 50;

/** What consolidating would do. */
export function proposeSkill() {
  return defineQuery<Input, { merges: Proposal[] }>({
    manifest: readManifest(
      "memory.propose",
      "See what could be merged",
      input,
      z.strictObject({ merges: z.array(proposal) }),
    ),
    classify: always("read"),
    run: ({ limit }, { db }) => ({ merges: proposedMerges(db, limit).map(proposalOf) }),
  });
}

/** Merges what says the same. No memory goes without a line that says where it went. */
export function consolidateSkill(deps: MemoryDeps) {
  const output = z.strictObject({ merged: z.array(proposal) });
  return defineOwn<Input, { merged: Proposal[] }>({
    manifest: writeManifest("memory.consolidate", "Merge memories that say the same", {
      input,
      output,
      event: "memory.consolidated",
    }),
    classify: ({ limit }) => ({ effect: "write", risk: limit <= smallMerge ? "low" : "medium", scope: {} }),
    apply({ limit }, { tx, commandId }) {
      const merges = proposedMerges(tx.db, limit);
      for (const each of merges) merge(tx, deps, commandId, each);
      return { merged: merges.map(proposalOf) };
    },
  });
}

const proposalOf = ({ keep, others }: Merge): Proposal => ({
  keep: keep.id,
  others: others.map(({ id }) => id),
  content: keep.content.slice(0, 200),
});
