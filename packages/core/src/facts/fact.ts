import type { InputOf, OutputOf } from "@mh/contract/contract.ts";
import { factAdd, factReview, relationshipRelate } from "@mh/contract/facts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Entity, type Fact, factSchema, type MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { always, defineOwn, type OwnContext } from "../kernel/skill.ts";
import { entityKey } from "../memory/project.ts";
import { linesWrittenBy } from "../memory/read-lines.ts";
import { type MemoryDeps, memory, store } from "../memory/store.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import { contradictions, factsAbout, factText, reviseFact } from "./facts.ts";

type AddInput = InputOf<typeof factAdd>;
type AddOutput = OutputOf<typeof factAdd>;

/** States something about somebody or something. What it contradicts is shown, and stays unless it is replaced. */
export function addFactSkill(deps: MemoryDeps) {
  return defineOwn(factAdd, {
    // What it contradicts stands in no line of its own.
    stored: "kept",
    apply: (args, context) => addFact(deps, args, context),
  });
}

/** Relates two people, projects or things. The relationship is a fact, and reads from both ends. */
export function relateSkill(deps: MemoryDeps) {
  return defineOwn(relationshipRelate, {
    stored: "kept",
    apply({ a, b, type, since }, context) {
      if (entityKey(a) === entityKey(b)) throw new Fault("args.invalid", `${a} cannot be related to itself.`);
      return addFact(deps, { subject: a, predicate: type, object: b, ...(since && { validFrom: since }) }, context, [
        b,
      ]);
    },
  });
}

/** Confirms a fact, or revokes it: it stays on record, and no longer counts. */
export function reviewFactSkill(deps: MemoryDeps & { files: Files }) {
  return defineOwn(factReview, {
    classify: always("write", "medium"),
    stored: {
      recall(db, commandId) {
        const [line] = linesWrittenBy(db, deps, commandId);
        return line?.op === "put" && line.fact ? { id: line.id, status: line.fact.status } : undefined;
      },
    },
    apply({ id, status }, { tx, commandId, principal }) {
      const earlier = factRecord(tx.db, id);
      if (status === "confirmed" && !isOwner(principal))
        throw new Fault("args.invalid", "Only the owner confirms a fact. What an agent concludes stays inferred.");
      if (earlier.fact?.status === status) throw new Fault("fact.unchanged", `The fact ${id} is ${status} already.`);
      return { id: reviseFact(tx, deps, commandId, earlier, { status }).id, status };
    },
  });
}

export function addFact(
  deps: MemoryDeps,
  args: AddInput,
  context: OwnContext,
  entities: readonly string[] = [],
): AddOutput {
  const { tx, commandId } = context;
  const fact = factOf(args, context);
  const same = factsAbout(tx.db, fact.subject, fact.predicate).find(
    ({ fact: other }) => other && entityKey(other.object) === entityKey(fact.object) && other.validTo === fact.validTo,
  );
  if (same) return { id: again(deps, same, fact, context), known: true, contradicts: [], replaced: [] };
  const against = contradictions(tx.db, fact);
  const replaced = args.replace ? against : [];
  for (const each of replaced) reviseFact(tx, deps, commandId, each, { validTo: fact.validFrom ?? dayOf(tx.now) });
  const record = store(tx, deps, commandId, {
    kind: "semantic",
    content: factText(fact),
    at: new Date(tx.now).toISOString(),
    eventAt: [],
    entities: [fact.subject, ...entities].map((name) => entityFor(tx.db, name)),
    tags: [],
    source: "fact",
    origins: context.origins,
    links: [
      ...fact.sources.map((to) => ({ type: "source", to })),
      ...replaced.map(({ id }) => ({ type: "supersedes", to: id })),
    ],
    fact,
  });
  const brief = ({ id, fact: other }: MemoryRecord) => ({ id, object: other?.object ?? "" });
  return {
    id: record.id,
    known: false,
    contradicts: args.replace ? [] : against.map(brief),
    replaced: replaced.map(brief),
  };
}

function factOf(args: AddInput, { tx, principal }: OwnContext): Fact {
  const { replace: _, status, sources = [], ...rest } = args;
  if (args.validFrom && args.validTo && args.validTo <= args.validFrom) {
    throw new Fault("args.invalid", "A fact ends after it begins.");
  }
  return factSchema.parse({
    ...rest,
    // What an agent concludes is inferred until the owner says otherwise.
    status: isOwner(principal) ? (status ?? "observed") : "inferred",
    sources: sources.map((id) => memory(tx.db, id).id),
  });
}

/** The same was stated before: what it rests on is joined. */
function again(deps: MemoryDeps, same: MemoryRecord, fact: Fact, { tx, commandId }: OwnContext): string {
  const known = same.fact as Fact;
  const sources = [...new Set([...known.sources, ...fact.sources])];
  const confidence = Math.max(known.confidence, fact.confidence);
  if (sources.length === known.sources.length && confidence === known.confidence) return same.id;
  return reviseFact(tx, deps, commandId, same, { sources, confidence }).id;
}

function entityFor(db: Database, name: string): Entity {
  const sql = "SELECT name, kind FROM entities WHERE key = ? GROUP BY kind ORDER BY count(*) DESC LIMIT 1";
  const known = db.prepare(sql).get(entityKey(name)) as Entity | undefined;
  return { name, kind: known?.kind ?? "thing" };
}

function factRecord(db: Database, id: string): MemoryRecord {
  const record = memory(db, id);
  if (record.fact) return record;
  throw new Fault(
    "args.invalid",
    `${id} is no fact but ${record.kind}. \`mh memory list --kind semantic\` shows facts.`,
  );
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
