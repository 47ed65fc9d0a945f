import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { type Proposed, proposedSchema } from "@mh/contract/values/proposal.ts";
import { factText } from "../facts/facts.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { entityKey, memoryRow } from "../memory/project.ts";
import { memory } from "../memory/store.ts";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";

/** Proposals are memories of this source: artifacts, which are listed and forgotten like others and are evidence of nothing. */
export const proposalSource = "proposal";

/** A proposal as it is stored. */
export type ProposalRecord = MemoryRecord & { proposal: NonNullable<MemoryRecord["proposal"]> };

/**
 * A line by hand proposes nothing: it comes from its file alone. One that a command wrote comes from who proposed it, too,
 * though what it rests on was written by hand.
 */
const byCommand = "EXISTS (SELECT 1 FROM json_each(record, '$.origins') WHERE value NOT LIKE 'file:%')";

/** Those that commands wrote, the latest first. */
export function proposalsIn(db: Database, limit: number, open: boolean): ProposalRecord[] {
  const sql = `SELECT record FROM memories WHERE source = ? AND external_id IS NOT NULL AND ${byCommand}
    AND record ->> '$.proposal.status' ${open ? "= 'open'" : "IS NOT NULL"} ORDER BY id DESC LIMIT ?`;
  return (db.prepare(sql).all(proposalSource, limit) as { record: string }[]).map(({ record }) => JSON.parse(record));
}

/** The proposal that does the same, whatever became of it. */
export function proposalLike(db: Database, key: string): ProposalRecord | undefined {
  const sql = `SELECT record FROM memories WHERE source = ? AND external_id = ? AND ${byCommand}
    AND record ->> '$.proposal.status' IS NOT NULL`;
  const row = db.prepare(sql).get(proposalSource, key) as { record: string } | undefined;
  return row && JSON.parse(row.record);
}

/** The memories that were in a proposal of that type, whatever became of it: nobody is asked twice. */
export function proposedOnce(db: Database, type: Proposed["type"]): ReadonlySet<string> {
  const sql = `SELECT each.value AS id FROM memories, json_each(record, '$.proposal.does.memories') each
    WHERE source = ? AND external_id IS NOT NULL AND record ->> '$.proposal.does.type' = ?`;
  return new Set((db.prepare(sql).all(proposalSource, type) as { id: string }[]).map(({ id }) => id));
}

/** How many of somebody's wait for an answer. */
export function openBy(db: Database, principal: string): number {
  const sql = `SELECT count(*) AS n FROM memories WHERE source = ? AND external_id IS NOT NULL
    AND record ->> '$.proposal.status' = 'open'
    AND EXISTS (SELECT 1 FROM json_each(record, '$.origins') WHERE value = ?)`;
  return (db.prepare(sql).get(proposalSource, principal) as { n: number }).n;
}

const proposals: Named = {
  from: `(SELECT id FROM memories WHERE source = '${proposalSource}' AND ${byCommand}
    AND record ->> '$.proposal.status' IS NOT NULL)`,
  ...{ column: "id", code: "proposal.not-found", one: "proposal", many: "proposals", list: "mh proposal list --all" },
};

/** An open proposal by its id. Throws `proposal.not-found` and `proposal.closed`. */
export function openProposal(db: Database, id: string): ProposalRecord {
  const { proposal, ...record } = memory(db, idNamed(db, proposals, id)) as ProposalRecord;
  if (proposal.status !== "open")
    throw new Fault("proposal.closed", `The proposal ${id} was ${proposal.status} already.`);
  return { ...record, proposal };
}

export const doesOf = ({ proposal }: ProposalRecord): Proposed => proposedSchema().parse(proposal.does);

/** Names what a proposal does: the same is not proposed twice. A period has one reflection of each author. */
export function keyOf(crypto: Pick<Crypto, "sha256Hex">, does: Proposed, principal: string): string {
  return crypto.sha256Hex(canonical([does.type, ...partsOf(does, principal)]));
}

function partsOf(does: Proposed, principal: string): unknown[] {
  switch (does.type) {
    case "fact":
      return [entityKey(does.subject), does.predicate, entityKey(does.object)];
    case "routine":
      return [entityKey(does.title)];
    case "task":
      return [entityKey(does.title), ...(does.due === undefined ? [] : [does.due])];
    case "memory":
    case "preference":
      return [does.text.normalize("NFC").replace(/\s+/g, " ")];
    case "reflection":
    case "review":
      return [principal, does.period];
    case "merge":
      return [[does.keep, ...does.others].sort()];
    case "retire":
      return [does.fact, ...(does.on === undefined ? [] : ["over"])];
    case "forsake":
    case "archive":
      return [[...does.memories].sort()];
    case "dismiss":
      return [[...does.proposals].sort()];
  }
}

/** What a proposal says, in words. */
export function proposalText(db: Database, does: Proposed): string {
  switch (does.type) {
    case "fact":
      return factText(does);
    case "routine":
      return `${does.title}\n${does.text}`;
    case "task":
      return `${does.title}${does.due === undefined ? "" : ` (due ${does.due.replace("T", " ")})`}`;
    case "memory":
    case "preference":
    case "reflection":
    case "review":
      return does.text;
    case "merge":
      return [does.keep, ...does.others].map((id) => memory(db, id).content).join("\n= ");
    case "retire":
      return `No longer${does.on ? ` since ${does.on}` : ""}: ${memory(db, does.fact).content}`;
    case "forsake":
      return `No longer in your notes: ${excerptsOf(db, does.memories)}`;
    case "archive":
      return `${does.memories.length === 1 ? "One memory" : `${does.memories.length} memories`}: ${excerptsOf(db, does.memories)}`;
    case "dismiss":
      return `Dismiss ${does.proposals.length === 1 ? "a proposal" : `${does.proposals.length} proposals`}`;
  }
}

function excerptsOf(db: Database, ids: readonly string[]): string {
  const excerpts = [...new Set(ids.map((id) => excerptOf(db, id)))];
  const shown = excerpts.slice(0, excerptsMax);
  const left = excerpts.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join("\n= ");
}
const excerptsMax = 20;

/** How a memory begins; one that was retired or forgotten meanwhile says nothing. */
function excerptOf(db: Database, id: string): string {
  const row = memoryRow(db, id);
  return row ? (JSON.parse(row.record) as MemoryRecord).content.replace(/\s+/g, " ").slice(0, 120).toWellFormed() : "…";
}
