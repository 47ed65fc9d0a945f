import type { OutputOf } from "@mh/contract/contract.ts";
import { proposalMake } from "@mh/contract/proposals.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { Proposed } from "@mh/contract/values/proposal.ts";
import { factsAbout } from "../facts/facts.ts";
import { defineOwn, type OwnContext } from "../kernel/skill.ts";
import { isArchivable } from "../memory/archive.ts";
import { entityKey, memoryRow, tombstoneOf } from "../memory/project.ts";
import { recalled } from "../memory/recalled.ts";
import { type MemoryDeps, memory, store, wasForgotten } from "../memory/store.ts";
import { isObservedOnly } from "../observe/settings.ts";
import type { Database } from "../ports/database.ts";
import { isOpen, tasksTitled } from "../tasks/documents.ts";
import { keyOf, openBy, openProposal, proposalLike, proposalSource, proposalText } from "./proposals.ts";

/** How many of one principal's may wait: a list that nobody reads protects nobody. */
const openMax = 50;

/**
 * Puts a proposal into the review list, with the origins of all that it rests on. What was proposed before, whatever became
 * of it, is not proposed again; what an assistant wrote is evidence for nothing.
 */
export function makeProposalSkill(deps: MemoryDeps) {
  return defineOwn(proposalMake, {
    stored: "kept",
    apply(args, context) {
      const { tx, commandId, principal } = context;
      const { why } = args;
      const does = withWholeIds(tx.db, args.does);
      const key = keyOf(deps.crypto, does, principal);
      const known = knownAs(tx.db, does, key);
      if (known) return known;
      const sources = evidenceOf(tx.db, does, args.sources);
      if (!isOwner(principal) && openBy(tx.db, principal) >= openMax)
        throw new Fault(
          "proposal.full",
          `${openMax} proposals of ${principal} wait for an answer already. \`mh proposal\` shows them.`,
        );
      const { id } = store(tx, deps, commandId, draftOf(tx.db, does, why, key, sources, context));
      return { id, status: "open" as const, known: false };
    },
  });
}

type Made = OutputOf<typeof proposalMake>;

function knownAs(db: Database, does: Proposed, key: string): Made | undefined {
  const before = proposalLike(db, key);
  if (before) return { id: before.id, status: before.proposal.status, known: true };
  if (wasForgotten(db, proposalSource, key)) return { id: null, status: "dismissed", known: true };
  if (does.type === "fact") {
    const same = factsAbout(db, does.subject, does.predicate).find(
      ({ fact }) => fact && entityKey(fact.object) === entityKey(does.object),
    );
    return same && { id: same.id, status: "accepted", known: true };
  }
  if (does.type === "task") {
    const same = tasksTitled(db, does.title).find(({ status, due }) => isOpen(status) || due === (does.due ?? null));
    return same && { id: same.id, status: "accepted", known: true };
  }
  if (does.type !== "memory") return undefined;
  const told = recalled(db, does.text);
  return told && { id: told.id, status: told.proposal?.status ?? "accepted", known: true };
}

/**
 * With each memory named once, by its whole id: another spelling is no other proposal, and what is shown is what is meant when
 * it is answered.
 */
function withWholeIds(db: Database, does: Proposed): Proposed {
  const whole = (id: string) => (memoryRow(db, id) || tombstoneOf(db, id) ? id : memory(db, id).id);
  const each = (ids: readonly string[]) => [...new Set(ids.map(whole))];
  switch (does.type) {
    case "retire":
      return { ...does, fact: whole(does.fact) };
    case "forsake":
    case "archive":
      return { ...does, memories: each(does.memories) };
    case "dismiss":
      return { ...does, proposals: each(does.proposals) };
    case "merge": {
      const [keep = "", ...others] = each([does.keep, ...does.others]);
      return { ...does, keep, others };
    }
    default:
      return does;
  }
}

/** The memories that it rests on. Throws `proposal.refused` where these are none that can bear it. */
function evidenceOf(db: Database, does: Proposed, sources: readonly string[]): MemoryRecord[] {
  const records = [...new Set(sources)].map((id) => memory(db, id));
  const refuse = (why: string) => new Fault("proposal.refused", `It was not proposed: ${why}.`);
  switch (does.type) {
    case "dismiss":
      for (const id of does.proposals) openProposal(db, id);
      return records;
    case "retire":
      if (!memory(db, does.fact).fact) throw refuse(`${does.fact} is no fact`);
      return records;
    case "merge": {
      if (does.others.length === 0) throw refuse(`${does.keep} is one memory alone`);
      const merged = [does.keep, ...does.others].map((id) => memory(db, id));
      const odd = merged.find(({ kind }) => kind !== "episodic");
      if (odd) throw refuse(`${odd.id} is ${odd.kind}, and only what was lived is merged`);
      return merged;
    }
    case "memory":
    case "review":
      return records;
    case "forsake":
      return does.memories.map((id) => memory(db, id));
    case "archive": {
      const old = does.memories.map((id) => memory(db, id));
      const odd = old.find((record) => !isArchivable(record));
      if (odd) throw refuse(`${odd.id} is ${odd.kind}, and only what was lived or written is archived`);
      return old;
    }
    default: {
      if (records.length === 0) throw refuse("it rests on no memory");
      // What was observed of the owner's doings is evidence of a habit, and of nothing that was said.
      const isSeen = (record: MemoryRecord) => does.type === "routine" && isObservedOnly(record);
      const written = records.find((record) => record.kind === "artifact" && !isSeen(record));
      if (written) throw refuse(`an agent or an assistant wrote ${written.id}, which is evidence of nothing`);
      return records;
    }
  }
}

function draftOf(
  db: Database,
  does: Proposed,
  why: string,
  key: string,
  sources: readonly MemoryRecord[],
  { now, origins }: OwnContext,
) {
  return {
    kind: "artifact" as const,
    content: proposalText(db, does),
    at: new Date(now).toISOString(),
    ...{ eventAt: [], entities: [], tags: ["proposal"], source: proposalSource, externalId: key },
    origins: [...new Set([...origins, ...sources.flatMap((record) => record.origins)])],
    links: sources.map(({ id }) => ({ type: "source", to: id })),
    proposal: { does, why, status: "open" as const },
  };
}
