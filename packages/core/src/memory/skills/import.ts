import type { InputOf } from "@mh/contract/contract.ts";
import { type ImportedItem, type ImportResult, memoryImport } from "@mh/contract/memory.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Fact, factSchema, type MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import { defineOwn, type OwnContext } from "../../kernel/skill.ts";
import type { Database } from "../../ports/database.ts";
import { type Draft, type Extracted, memoryBySource, mergedInto, store, wasForgotten } from "../store.ts";
import { type CaptureDeps, knownPeople } from "./capture.ts";

type Args = InputOf<typeof memoryImport>;

/** What an agent brings in at a time without asking. */
const smallImport = 50;

/**
 * Takes in memories from elsewhere, up to a thousand a command. Deduplicates by source and external id, never by text.
 * What anybody but the owner brings in says who brought it, is evidence of nothing, and changes only what they brought.
 */
export function importSkill(deps: CaptureDeps) {
  return defineOwn(memoryImport, {
    // Of what was there before, or was refused, nothing was written that would tell. No words: ids and how each ended.
    stored: "kept",
    classify: ({ items }) => ({ effect: "write", risk: items.length <= smallImport ? "low" : "medium", scope: {} }),
    async prepare(args, { db, turn }) {
      const extract = await deps.extractor();
      const known = knownPeople(db);
      const timeZone = deps.timeZone();
      const found: Extracted[] = [];
      for (const { content, at, speaker } of args.items) {
        await turn();
        found.push(
          extract(content, { at: new Date(at ?? deps.clock.now()), timeZone, known, ...(speaker && { speaker }) }),
        );
      }
      return found;
    },
    apply(args, context, found: Extracted[]) {
      return { results: args.items.map((each, n) => take(deps, args, context, each, found[n] as Extracted)) };
    },
  });
}

function take(deps: CaptureDeps, args: Args, context: OwnContext, each: ImportedItem, found: Extracted): ImportResult {
  const { db } = context.tx;
  const { externalId } = each;
  const source = sourceOf(db, args, each);
  const gone = goneBefore(db, source, externalId);
  if (gone) return gone;
  const earlier = memoryBySource(db, source, externalId);
  const isChanged = earlier !== undefined && earlier.content !== each.content;
  if (earlier && !(isChanged && args.update)) return known(earlier, each);
  if (earlier && !isOwner(context.principal) && !isTheirs(earlier, context.principal)) {
    return { id: earlier.id, externalId, status: "refused", reason: "somebody else brought it in or changed it" };
  }
  const record = store(context.tx, deps, context.commandId, draftOf(each, source, context, found), earlier);
  return { id: record.id, externalId, status: earlier ? "updated" : "added" };
}

/** What was forgotten is not taken in again, nor what another memory took in. */
function goneBefore(db: Database, source: string, externalId: string): ImportResult | undefined {
  if (wasForgotten(db, source, externalId)) {
    return { id: null, externalId, status: "refused", reason: "it was forgotten before, and stays so" };
  }
  const merged = mergedInto(db, source, externalId);
  if (!merged || memoryBySource(db, source, externalId)) return undefined;
  return { id: merged, externalId, status: "duplicate", reason: "it was merged into another memory" };
}

const isTheirs = ({ origins }: MemoryRecord, principal: Principal): boolean =>
  origins.includes(principal) && !origins.some((origin) => isOwner(origin as Principal));

function known({ id, content }: MemoryRecord, each: ImportedItem): ImportResult {
  const isSame = content === each.content;
  const reason = isSame ? {} : { reason: "its text changed since; --update takes the new one in" };
  return { id, externalId: each.externalId, status: "duplicate", ...reason };
}

/**
 * Two files may use the same small ids for different things. An item that names no source belongs to the default one,
 * unless other words stand under its id there: then its own file is its source, so that nothing is taken for known.
 */
function sourceOf(db: Database, args: Args, each: ImportedItem): string {
  if (each.source) return each.source;
  const earlier = memoryBySource(db, args.source, each.externalId);
  if (args.update || !earlier || earlier.content === each.content) return args.source;
  return `${args.source}:${args.from}`;
}

function draftOf(each: ImportedItem, source: string, context: OwnContext, found: Extracted): Draft {
  const { externalId, content, at, session, speaker, tags = [], links = [], entities = [] } = each;
  const { kind = "episodic", fact, eventAt = [], origin = `file:${source}` } = each;
  if ((kind === "semantic") !== (fact !== undefined)) {
    throw new Fault("args.invalid", `${externalId}: a semantic item has a fact, and no other has one.`);
  }
  const isOwn = isOwner(context.principal);
  const named = new Set(entities.map(({ name }) => name.toLowerCase()));
  return {
    // As with what they capture and state: kept and listed, but never evidence of what the owner lived.
    kind: kind === "episodic" && !isOwn ? "artifact" : kind,
    content,
    at: at ? new Date(at).toISOString() : new Date(context.now).toISOString(),
    eventAt: eventAt.length > 0 ? eventAt : found.eventAt,
    entities: [...entities, ...found.entities.filter(({ name }) => !named.has(name.toLowerCase()))],
    tags: [...new Set([...tags, ...found.tags])],
    source,
    externalId,
    origins: isOwn ? [origin] : [origin, ...context.origins],
    links,
    ...(fact && { fact: factOf(fact, isOwn) }),
    ...(session && { session }),
    ...(speaker && { speaker }),
  };
}

const factOf = (fact: NonNullable<ImportedItem["fact"]>, isOwn: boolean): Fact =>
  factSchema.parse({ ...fact, status: isOwn ? "observed" : "inferred" });
