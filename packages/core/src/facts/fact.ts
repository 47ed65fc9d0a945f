import type { InputOf, OutputOf } from "@mh/contract/contract.ts";
import { factAdd, factReview, relationshipRelate } from "@mh/contract/facts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Entity, type Fact, factSchema, type MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { always, defineOwn, type OwnContext } from "../kernel/skill.ts";
import { entityKey } from "../memory/project.ts";
import { linesWrittenBy } from "../memory/read-lines.ts";
import { type MemoryDeps, memory, store } from "../memory/store.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import { contradictions, factsAbout, factText, reviseFact } from "./facts.ts";
import { brief } from "./list.ts";
import { nameKept } from "./names-of.ts";
import { isManyValued, mayEnd, type Stated, type StatedRecord, succeeds } from "./standing.ts";

export interface FactDeps extends MemoryDeps {
  config: () => Pick<Config, "owner">;
}

type AddInput = InputOf<typeof factAdd>;
type AddOutput = OutputOf<typeof factAdd>;

/** States something about somebody or something. What it contradicts is shown, and stays unless it is replaced. */
export function addFactSkill(deps: FactDeps) {
  return defineOwn(factAdd, {
    // What it contradicts stands in no line of its own.
    stored: "kept",
    apply: (args, context) => addFact(deps, args, context),
  });
}

/** Relates two people, projects or things. The relationship is a fact, and reads from both ends. */
export function relateSkill(deps: FactDeps) {
  return defineOwn(relationshipRelate, {
    stored: "kept",
    apply({ a, b, type, since }, context) {
      if (entityKey(a) === entityKey(b)) throw new Fault("args.invalid", `${a} cannot be related to itself.`);
      const fact = { subject: a, predicate: type, object: b, ...(since && { validFrom: since }) };
      return addFact(deps, fact, context, [nameKept(b, deps.config().owner)]);
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
  deps: FactDeps,
  args: AddInput,
  context: OwnContext,
  entities: readonly string[] = [],
): AddOutput {
  const { tx, commandId } = context;
  const stated = { at: new Date(tx.now).toISOString(), fact: factOf(deps, args, context) };
  const { fact } = stated;
  const others = factsAbout(tx.db, fact.subject, fact.predicate);
  const isOver = (known: StatedRecord) => fact.validFrom === undefined && others.some((each) => ends(each, known));
  const same = others.find((other) => isSame(other, stated) && !isOver(other));
  if (same) return { id: again(deps, same, fact, context), known: true, ...nothingElse };
  const against = contradictions(tx.db, stated);
  const validTo = fact.validFrom ?? dayOf(tx.now);
  const isEnded = (each: Fact) => mayEnd(fact, each) && (each.validFrom ?? "") <= validTo;
  const replaced = against.filter((each) => args.replace && isEnded(each.fact));
  for (const each of replaced) reviseFact(tx, deps, commandId, each, { validTo });
  const record = store(tx, deps, commandId, {
    kind: "semantic",
    content: factText(fact),
    at: stated.at,
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
  return {
    id: record.id,
    known: false,
    contradicts: against.filter((each) => !replaced.includes(each)).map(brief),
    replaced: replaced.map(brief),
    before: others.filter((other) => ends(stated, other)).map(brief),
    after: others.filter((other) => ends(other, stated)).map(brief),
  };
}

const ends = (later: Stated, known: Stated): boolean =>
  !isManyValued(known.fact.predicate) &&
  entityKey(later.fact.object) !== entityKey(known.fact.object) &&
  succeeds(later, known);

const nothingElse = { contradicts: [], replaced: [], before: [], after: [] };

function factOf(deps: FactDeps, args: AddInput, { tx, principal }: OwnContext): Fact {
  const { replace: _, status, sources = [], ...rest } = args;
  if (args.validFrom && args.validTo && args.validTo <= args.validFrom) {
    throw new Fault("args.invalid", "A fact ends after it begins.");
  }
  const { owner } = deps.config();
  return factSchema().parse({
    ...rest,
    subject: nameKept(args.subject, owner),
    object: nameKept(args.object, owner),
    // What an agent concludes is inferred until the owner says otherwise.
    status: isOwner(principal) ? (status ?? "observed") : "inferred",
    sources: sources.map((id) => memory(tx.db, id).id),
  });
}

/**
 * Whether a fact was stated before. Times that it does not tell are those of the known one; a beginning or an end that the
 * known one does not tell is told by now. What somebody concluded adds no times to what was seen.
 */
function isSame({ at, fact: known }: StatedRecord, { fact }: { fact: Fact }): boolean {
  if (entityKey(known.object) !== entityKey(fact.object)) return false;
  const mayTell = mayEnd(fact, known);
  const begins = fact.validFrom ?? known.validFrom;
  const isBegin =
    begins === known.validFrom ||
    (mayTell && known.validFrom === undefined && begins !== undefined && begins <= at.slice(0, 10));
  const until = fact.validTo ?? known.validTo;
  const isEnd = until === known.validTo || (mayTell && known.validTo === undefined);
  return isBegin && isEnd && !(begins !== undefined && until !== undefined && until <= begins) && holds(known, fact);
}

/** One that was told without times after the known one ended is another stretch of time. */
const holds = (known: Fact, { validFrom, validTo }: Fact): boolean =>
  known.validTo === undefined || validFrom !== undefined || validTo !== undefined;

const ranks: readonly Fact["status"][] = ["inferred", "observed", "confirmed"];

/** The same was stated before: what it rests on, and what it tells of its times, is joined. */
function again(deps: MemoryDeps, same: StatedRecord, fact: Fact, { tx, commandId }: OwnContext): string {
  const { fact: known } = same;
  const sources = [...new Set([...known.sources, ...fact.sources])];
  const confidence = Math.max(known.confidence, fact.confidence);
  const status = ranks.indexOf(fact.status) > ranks.indexOf(known.status) ? fact.status : known.status;
  const { validFrom = known.validFrom, validTo = known.validTo } = fact;
  const isNothingNew =
    sources.length === known.sources.length &&
    confidence === known.confidence &&
    status === known.status &&
    validFrom === known.validFrom &&
    validTo === known.validTo;
  if (isNothingNew) return same.id;
  const times = { ...(validFrom !== undefined && { validFrom }), ...(validTo !== undefined && { validTo }) };
  return reviseFact(tx, deps, commandId, same, { sources, confidence, status, ...times }).id;
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
