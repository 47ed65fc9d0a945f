import { proposalAccept, proposalDismiss } from "@mh/contract/proposals.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { ProposalStatus } from "@mh/contract/values/proposal.ts";
import { addFact, type FactDeps } from "../facts/fact.ts";
import { reviseFact } from "../facts/facts.ts";
import { isOwnWords } from "../facts/spot.ts";
import { spokenSentences } from "../facts/statements/sentences.ts";
import { defineAdmin, type OwnContext } from "../kernel/skill.ts";
import { archive } from "../memory/archive.ts";
import { merge } from "../memory/consolidate.ts";
import { memoryRow } from "../memory/project.ts";
import { type NoteDeps, writeNote } from "../memory/skills/note.ts";
import { draftOf, type MemoryDeps, memory, retract, store } from "../memory/store.ts";
import { withoutEnd } from "../model/plain-sentence.ts";
import type { Database } from "../ports/database.ts";
import { writeTask } from "../tasks/task-write.ts";
import { doesOf, openProposal, type ProposalRecord, proposalText } from "./proposals.ts";

type Deps = FactDeps & NoteDeps;
interface Came {
  made: string[];
  contradicts: { id: string; object: string }[];
}

/**
 * Does what was proposed, all of it or nothing, in one commit. What comes of it keeps the origins of the proposal beside the
 * owner: accepting a text does not make its words the owner's own.
 */
export function acceptSkill(deps: Deps) {
  return defineAdmin(proposalAccept, {
    stored: "kept",
    apply({ ids }, context) {
      // Each before any is done: one of them may dismiss another.
      const records = unique(ids).map((id) => openProposal(context.tx.db, id));
      const came = records.map((record) => carryOut(deps, record, context));
      for (const record of records) close(deps, record, "accepted", context);
      return {
        ids: records.map(({ id }) => id),
        made: came.flatMap(({ made }) => made),
        contradicts: came.flatMap(({ contradicts }) => contradicts),
      };
    },
  });
}

export function dismissSkill(deps: MemoryDeps) {
  return defineAdmin(proposalDismiss, {
    stored: "kept",
    apply({ ids }, context) {
      const records = unique(ids).map((id) => openProposal(context.tx.db, id));
      for (const record of records) close(deps, record, "dismissed", context);
      return { ids: records.map(({ id }) => id), made: [], contradicts: [] };
    },
  });
}

function carryOut(deps: Deps, record: ProposalRecord, context: OwnContext): Came {
  const { tx, commandId } = context;
  const does = doesOf(record);
  const as = { ...context, origins: [...new Set([...record.origins, ...context.origins])] };
  switch (does.type) {
    case "fact": {
      const { type: _, ...fact } = does;
      const sources = liveSources(record, context);
      const { id, contradicts } = addFact(deps, { ...fact, status: "confirmed", sources }, as);
      return { made: [id], contradicts };
    }
    case "routine": {
      const learned = { sources: liveSources(record, context), proposal: record.id };
      const { id } = writeNote(deps, "procedural", as, { ...does, tags: ["routine"], ...learned });
      return { made: [id], contradicts: [] };
    }
    case "preference": {
      const sources = liveSources(record, context);
      const own = isSaidByOwner(tx.db, does.text, sources) ? context : as;
      const { id } = writeNote(deps, "preference", own, { text: does.text, sources, proposal: record.id });
      return { made: [id], contradicts: [] };
    }
    case "task": {
      liveSources(record, context);
      return { made: [writeTask(deps, as, does.title, { due: does.due }).id], contradicts: [] };
    }
    case "memory":
      return { made: [remembered(deps, does.text, record, as).id], contradicts: [] };
    case "reflection":
    case "review":
      return { made: [], contradicts: [] };
    case "merge":
      merge(tx, deps, commandId, mergeOf(does, record, as));
      return { made: [does.keep], contradicts: [] };
    case "retire": {
      const fact = factOf(does.fact, record, as);
      const change = does.on === undefined ? { status: "revoked" as const } : { validTo: endOf(fact, does.on) };
      return { made: [reviseFact(tx, deps, commandId, fact, change).id], contradicts: [] };
    }
    case "forsake":
      for (const id of does.memories) {
        const row = memoryRow(tx.db, id);
        // What says something else since it was proposed is not what the owner was shown.
        if (row && memory(tx.db, id).recordedAt <= record.at)
          retract(tx, deps, commandId, memory(tx.db, id), { why: "retired" });
      }
      return { made: [], contradicts: [] };
    case "archive": {
      // What says something else since it was proposed is not what the owner was shown.
      const old = does.memories.flatMap((id) => (memoryRow(tx.db, id) ? [memory(tx.db, id)] : []));
      const same = old.filter(({ recordedAt }) => recordedAt <= record.at);
      if (same.length === 0)
        throw new Fault(
          "proposal.refused",
          `What it would archive is gone or changed. \`mh proposal dismiss ${record.id}\``,
        );
      for (const each of same) archive(tx, deps, commandId, each);
      return { made: [], contradicts: [] };
    }
    case "dismiss":
      for (const id of does.proposals) {
        // One that was answered meanwhile keeps its answer.
        const other = memoryRow(tx.db, id) && memory(tx.db, id);
        if (other?.proposal?.status === "open") close(deps, openProposal(tx.db, id), "dismissed", context);
      }
      return { made: [], contradicts: [] };
  }
}

/** What it rests on and is still there. Throws `proposal.refused` where nothing is. */
function liveSources({ id, links }: ProposalRecord, { tx }: OwnContext): string[] {
  const live = links.map(({ to }) => to).filter((to) => memoryRow(tx.db, to));
  if (live.length > 0) return live;
  throw new Fault("proposal.refused", `What the proposal ${id} rests on is gone. \`mh proposal dismiss ${id}\``);
}

/** Whether the owner said it, word for word: who found the sentence has no part in it. */
const isSaidByOwner = (db: Database, text: string, sources: readonly string[]): boolean =>
  sources.map((id) => memory(db, id)).some((each) => isOwnWords(each) && isSaidIn(each.content, text.trim()));

/** As all that was said, or as a whole sentence with which nobody else is quoted. */
const isSaidIn = (content: string, text: string): boolean =>
  content.trim() === text ||
  spokenSentences(content).some((each) => !each.isOthers && each.text === withoutEnd(text).trim());

/** Throws `proposal.refused` where one of them is gone, or says something else by now. */
function mergeOf({ keep, others }: { keep: string; others: string[] }, { id, at }: ProposalRecord, { tx }: OwnContext) {
  const records = [keep, ...others].map((each) => memory(tx.db, each));
  const changed = records.find(({ recordedAt, kind }) => recordedAt > at || kind !== "episodic");
  if (!changed) return { keep: records[0] as MemoryRecord, others: records.slice(1) };
  throw new Fault("proposal.refused", `${changed.id} changed since it was proposed. \`mh proposal dismiss ${id}\``);
}

/** Throws `proposal.refused` where it counts no longer, or says something else than what the owner was shown. */
function factOf(id: string, proposed: ProposalRecord, { tx }: OwnContext): MemoryRecord {
  const record = memory(tx.db, id);
  if (proposalText(tx.db, doesOf(proposed)) !== proposed.content)
    throw new Fault(
      "proposal.refused",
      `The fact ${id} changed since it was proposed. \`mh proposal dismiss ${proposed.id}\``,
    );
  if (record.fact && record.fact.status !== "revoked") return record;
  throw new Fault("proposal.refused", `The fact ${id} does not count any longer. Dismiss the proposal.`);
}

/** Throws `proposal.refused` where it began only then, or ended before. */
function endOf({ id, fact }: MemoryRecord, on: string): string {
  if ((fact?.validFrom ?? "") < on && fact?.validTo === undefined) return on;
  throw new Fault("proposal.refused", `The fact ${id} does not hold up to ${on}. Dismiss the proposal.`);
}

function remembered(deps: Deps, text: string, { at, links }: ProposalRecord, { tx, commandId, origins }: OwnContext) {
  return store(tx, deps, commandId, {
    ...{ kind: "episodic", content: text, at, eventAt: [], entities: [], tags: [] },
    ...{ source: "capture", origins, links },
  });
}

function close(deps: MemoryDeps, record: ProposalRecord, status: ProposalStatus, { tx, commandId }: OwnContext): void {
  store(tx, deps, commandId, { ...draftOf(record), proposal: { ...record.proposal, status } }, record);
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];
