import type { ArgsOf } from "@mh/contract/contract.ts";
import { type Evidence, factWhy, type StandingFact } from "@mh/contract/facts.ts";
import type { Hit, memorySearch } from "@mh/contract/memory-look.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { defineQuery, type QueryContext } from "../kernel/skill.ts";
import { entityKey } from "../memory/project.ts";
import { memory } from "../memory/store.ts";
import { localDay } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { holdsAll, tellingWords } from "./claim-words.ts";
import { factsWith, factText } from "./facts.ts";
import { type FactListDeps, withStanding } from "./list.ts";
import { keysOf, nameKept } from "./names-of.ts";
import { isManyValued } from "./standing.ts";
import { sentencesOf } from "./statements/sentences.ts";
import { isDenied, type Statement, statementsIn } from "./statements/statements.ts";

export interface WhyDeps extends FactListDeps {
  find: (args: ArgsOf<typeof memorySearch>, context: QueryContext) => Promise<{ hits: Hit[] }>;
}

type Side = "for" | "against" | undefined;
type Claimed = Pick<Statement, "subject" | "predicate" | "object" | "holds">;

/** So many memories that a claim finds are read for what they say of it. */
const memoriesRead = 60;

/**
 * What speaks for a claim and what against: facts on record, and sentences of memories. A claim that the rules of statements
 * read is compared by what it says; any other one by its words, and by whether these deny it.
 */
export function whySkill(deps: WhyDeps) {
  return defineQuery(factWhy, {
    async run({ claim, limit }, context) {
      const { read, ...sides } = await sidesOf(deps, claim, context);
      return { read, for: sides.for.slice(0, limit), against: sides.against.slice(0, limit) };
    },
  });
}

/** All that speaks for a claim and against it: facts first, then memories, the latest first. */
export async function sidesOf(deps: WhyDeps, claim: string, context: QueryContext) {
  const { db, now } = context;
  const { owner } = deps.config();
  const read = statementsIn(claim).map(({ subject, predicate, object, holds }): Claimed => {
    return { subject: nameKept(subject, owner), predicate, object: nameKept(object, owner), holds };
  });
  const sides = { for: [] as Evidence[], against: [] as Evidence[] };
  for (const each of withStanding(db, factsNamed(db, claim, read, owner), localDay(now, deps.timeZone()))) {
    const side = sideOfFact(db, each, claim, read, owner);
    if (side) sides[side].push(ofFact(deps, db, each));
  }
  const { hits } = await deps.find({ q: claim, k: memoriesRead, kinds: ["episodic"], archived: "too" }, context);
  for (const { record } of [...hits].sort((a, b) => (a.record.at < b.record.at ? 1 : -1))) {
    for (const [side, quote] of saidBy(db, record, claim, read, owner)) sides[side].push(ofMemory(record, quote));
  }
  return { read, ...sides };
}

const namedWordsMax = 4;

/** Facts whose subject or object the claim names, in its own words. */
function factsNamed(db: Database, claim: string, read: readonly Claimed[], owner: string) {
  const words = claim.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}.'’&@-]*/gu) ?? [];
  const runs = words.flatMap((_, from) =>
    Array.from({ length: namedWordsMax }, (_, n) =>
      words
        .slice(from, from + n + 1)
        .join(" ")
        .replace(/['’]s$|[.]$/, ""),
    ),
  );
  const names = [...runs.map((run) => nameKept(run, owner)), ...read.map(({ subject }) => subject)];
  const keys = [...new Set(names.map(entityKey))].filter((key) => isNamed(db, key));
  return factsWith(db, [...new Set(keys.flatMap((key) => keysOf(db, key, owner)))], true);
}

function isNamed(db: Database, key: string): boolean {
  const sql =
    "SELECT 1 FROM facts WHERE subject_key = :key UNION ALL SELECT 1 FROM facts WHERE object_key = :key LIMIT 1";
  return db.prepare(sql).get({ key }) !== undefined;
}

function sideOfFact(db: Database, each: StandingFact, claim: string, read: readonly Claimed[], owner: string): Side {
  const { fact, standing } = each;
  const holds = standing === "now" ? "yes" : standing === "before" ? "over" : "no";
  for (const claimed of read) {
    const subjects = keysOf(db, claimed.subject, owner);
    if (claimed.predicate !== fact.predicate || !subjects.includes(entityKey(fact.subject))) continue;
    return sideOf(claimed, { ...claimed, object: fact.object, holds });
  }
  if (read.length > 0) return undefined;
  const words = tellingWords(claim);
  const [about, object] = [
    tellingWords(`${fact.subject} ${fact.predicate.replaceAll("-", " ")}`),
    tellingWords(fact.object),
  ];
  if (!holdsAll(words, about)) return undefined;
  const says = holdsAll(words, object);
  if (says) return (holds === "yes") === isDenied(claim) ? "against" : "for";
  return holds === "yes" && !isDenied(claim) && !isManyValued(fact.predicate) && words.size > about.size
    ? "against"
    : undefined;
}

/** Of two statements of the same of the same: whether the second supports the first. */
function sideOf(claimed: Claimed, said: Claimed): Side {
  const [claimedWords, saidWords] = [tellingWords(claimed.object), tellingWords(said.object)];
  // "The clinic in Bonn" is a clinic; and whether a clinic is the one in Bonn is not said.
  if (entityKey(claimed.object) === entityKey(said.object) || holdsAll(saidWords, claimedWords)) {
    const denies = (each: Claimed) => each.holds !== "yes";
    if (claimed.holds === "over" && said.holds === "no") return undefined;
    return denies(claimed) === denies(said) ? "for" : "against";
  }
  if (holdsAll(claimedWords, saidWords)) return undefined;
  const excludes = said.holds === "yes" && !isManyValued(said.predicate);
  if (!excludes) return undefined;
  return claimed.holds === "yes" ? "against" : "for";
}

/** The sentences of a memory that speak for the claim or against it. "I" is the one who said it, as far as that is known. */
function saidBy(
  db: Database,
  record: MemoryRecord,
  claim: string,
  read: readonly Claimed[],
  owner: string,
): ["for" | "against", string][] {
  const found = new Map<string, "for" | "against">();
  const writer =
    record.speaker ?? (record.origins.every((origin) => origin === "owner") ? nameKept("I", owner) : undefined);
  const statements = read.length > 0 ? statementsIn(record.content) : [];
  for (const statement of statements) {
    const ofWriter = (name: string) => (name === "I" ? writer : name);
    const [subject, object] = [ofWriter(statement.subject), ofWriter(statement.object)];
    // "my sister" of somebody else is nobody's that is known.
    if (subject === undefined || object === undefined || (subject.startsWith("my ") && record.speaker)) continue;
    for (const claimed of read) {
      if (claimed.predicate !== statement.predicate) continue;
      if (!keysOf(db, claimed.subject, owner).includes(entityKey(subject))) continue;
      const side = sideOf(claimed, { ...claimed, object, holds: statement.holds });
      if (side) found.set(statement.quote, side);
    }
  }
  const words = tellingWords(claim);
  // A sentence that is understood has been compared by what it says.
  const understood = new Set(statements.map(({ quote }) => quote));
  for (const { text } of sentencesOf(record.content)) {
    if (understood.has(text) || !holdsAll(tellingWords(text), words)) continue;
    found.set(text, isDenied(text) === isDenied(claim) ? "for" : "against");
  }
  return [...found].map(([quote, side]) => [side, quote]);
}

function ofFact({ check }: WhyDeps, db: Database, { id, fact, standing, until }: StandingFact): Evidence {
  const record = memory(db, id);
  check(db, record);
  return { ...ofMemory(record, factText(fact)), kind: "fact", standing, until, sources: fact.sources };
}

function ofMemory(
  { id, at, datedBy, recordedAt, speaker, source, origins, cmd }: MemoryRecord,
  quote: string,
): Evidence {
  const came = {
    at,
    ...(datedBy && { datedBy }),
    recordedAt,
    ...(speaker !== undefined && { speaker }),
    source,
    origins,
    cmd,
  };
  return { id, kind: "memory", quote, ...came, sources: [] };
}
