import type { OutputOf } from "@mh/contract/contract.ts";
import { proposalList } from "@mh/contract/proposals.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { defineQuery } from "../kernel/skill.ts";
import { memoryRow } from "../memory/project.ts";
import type { CheckMemory } from "../memory/skills/read.ts";
import type { Database } from "../ports/database.ts";
import { doesOf, type ProposalRecord, proposalsIn } from "./proposals.ts";

type Listed = OutputOf<typeof proposalList>["proposals"][number];

/** What waits for the owner's answer, with how the memories begin that it rests on. */
export function listProposalsSkill(check: CheckMemory) {
  return defineQuery(proposalList, {
    run({ all, limit }, { db }) {
      const found = proposalsIn(db, limit + 1, all !== true);
      for (const each of found) check(db, each);
      const foldedInto = folds(found);
      const shown = found.slice(0, limit).reverse();
      return { proposals: shown.map((each) => viewOf(db, each, foldedInto)), more: found.length > limit };
    },
  });
}

/** Which open proposal would dismiss which. */
function folds(records: readonly ProposalRecord[]): ReadonlyMap<string, string> {
  const into = new Map<string, string>();
  for (const record of records) {
    const does = doesOf(record);
    if (does.type !== "dismiss" || record.proposal.status !== "open") continue;
    for (const id of does.proposals) into.set(id, record.id);
  }
  return into;
}

function viewOf(db: Database, record: ProposalRecord, foldedInto: ReadonlyMap<string, string>): Listed {
  const { id, at, content, origins, links, proposal } = record;
  const sources = links.flatMap(({ to }) => {
    const row = memoryRow(db, to);
    return row ? [{ id: to, text: (JSON.parse(row.record) as MemoryRecord).content.slice(0, 200) }] : [];
  });
  return {
    ...{ id, at, does: doesOf(record), text: content, why: proposal.why, status: proposal.status, origins, sources },
    lost: links.length - sources.length,
    foldedInto: proposal.status === "open" ? (foldedInto.get(id) ?? null) : null,
  };
}
