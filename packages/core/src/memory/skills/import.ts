import type { InputOf } from "@mh/contract/contract.ts";
import { type ImportedItem, type ImportResult, memoryImport } from "@mh/contract/memory.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Fact, factSchema, type MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import { defineOwn, type OwnContext, type PrepareContext } from "../../kernel/skill.ts";
import type { Database } from "../../ports/database.ts";
import { archivedAs } from "../archive.ts";
import { followedReason, isTaken } from "../import/files-read.ts";
import { noteFile } from "../import/known-files.ts";
import { sourcesLike } from "../import/vault.ts";
import { type Draft, type Extracted, memoryBySource, mergedInto, store, wasForgotten } from "../store.ts";
import { type CaptureDeps, knownPeople } from "./capture.ts";
import { isOvertaken } from "./overtaken.ts";

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
    prepare: (args, context) => extractedFrom(deps, args, context),
    apply(args, context, found: FoundIn) {
      const { db } = context.tx;
      const forgotten = forgottenWords(db, deps);
      const results = args.items.map((each, n) =>
        take(deps, args, context, { ...each, found: () => found(n), forgotten }),
      );
      for (const file of args.files ?? []) {
        const end = file.first + file.items;
        const sources = args.items.slice(file.first, end).map((item) => item.source ?? args.source);
        // One of which something was refused, or waits for --update, is read again.
        if (results.slice(file.first, end).every(isTaken)) noteFile(db, file, sources);
      }
      return { results };
    },
  });
}

/** What was found in the words of each item, by its number. */
export type FoundIn = (n: number) => Extracted;

export async function extractedFrom(
  deps: CaptureDeps,
  args: Pick<Args, "source" | "items">,
  { db, turn }: Pick<PrepareContext, "db" | "turn">,
): Promise<FoundIn> {
  const extract = await deps.extractor();
  const known = knownPeople(db);
  const timeZone = deps.timeZone();
  const read = ({ content, at, speaker }: ImportedItem): Extracted =>
    extract(content, { at: new Date(at ?? deps.clock.now()), timeZone, known, ...(speaker && { speaker }) });
  const found: (Extracted | undefined)[] = [];
  for (const each of args.items) {
    await turn();
    // What is known as it is needs no reading.
    found.push(isKnown(db, args, each) ? undefined : read(each));
  }
  return (n) => found[n] ?? read(args.items[n] as ImportedItem);
}

type Taken = ImportedItem & { found: () => Extracted; forgotten: (words: string) => boolean };

function take(deps: CaptureDeps, args: Args, context: OwnContext, { found, forgotten, ...each }: Taken): ImportResult {
  const { db } = context.tx;
  const { externalId } = each;
  const source = sourceOf(db, args, each);
  const gone = goneBefore(db, source, externalId);
  if (gone) return gone;
  const there = memoryBySource(db, source, externalId);
  const earlier = there ?? (each.formerly === undefined ? undefined : memoryBySource(db, source, each.formerly));
  const isChanged = there !== undefined && there.content !== each.content;
  const isWanted = isChanged ? args.update : there && hasOtherTimes(there, each, context);
  if (there && !isWanted) return known(there, each);
  if (earlier && !isOwner(context.principal) && !isTheirs(earlier, context.principal)) {
    return { id: earlier.id, externalId, status: "refused", reason: "somebody else brought it in or changed it" };
  }
  if (!earlier && forgotten(each.content)) return forgottenBefore(externalId);
  const draft = { ...draftOf(each, source, context, found()), ...archivedAs(earlier, each.content) };
  const record = store(context.tx, deps, context.commandId, draft, earlier);
  const moved = earlier && !there ? { reason: followedReason } : {};
  return { id: record.id, externalId, status: earlier ? "updated" : "added", ...moved };
}

const hasOtherTimes = (there: MemoryRecord, each: ImportedItem, { now, principal }: OwnContext): boolean =>
  isOvertaken(there, each, now) && (isOwner(principal) || isTheirs(there, principal));

/** Whether an item is taken in already as it is, as far as that can be told before it is its turn. */
function isKnown(db: Database, args: Pick<Args, "source">, each: ImportedItem): boolean {
  return memoryBySource(db, each.source ?? args.source, each.externalId)?.content === each.content;
}

/** Tells the words of what was forgotten, wherever they stand now: they come in by no other door. */
export function forgottenWords(db: Database, { crypto, hmacKey }: CaptureDeps): (words: string) => boolean {
  const any = "SELECT 1 FROM tombstones INDEXED BY tombstones_imported WHERE external_id IS NOT NULL LIMIT 1";
  const isAny = db.prepare(any).get() !== undefined;
  if (!isAny) return () => false;
  const find = db.prepare("SELECT 1 FROM tombstones WHERE content_hmac = ? AND external_id IS NOT NULL");
  return (words) => find.get(crypto.hmacHex(hmacKey, words)) !== undefined;
}

/** What was forgotten is not taken in again, nor what another memory took in. */
export function goneBefore(db: Database, source: string, externalId: string): ImportResult | undefined {
  if (wasForgotten(db, source, externalId)) return forgottenBefore(externalId);
  const merged = mergedInto(db, source, externalId);
  if (!merged || memoryBySource(db, source, externalId)) return undefined;
  return { id: merged, externalId, status: "duplicate", reason: "it was merged into another memory" };
}

export const forgottenBefore = (externalId: string): ImportResult => ({
  ...{ id: null, externalId, status: "refused", reason: "it was forgotten before, and stays so" },
});

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
  const { externalId, content } = each;
  const earlier = memoryBySource(db, args.source, externalId);
  if (args.update || !earlier || earlier.content === content) return args.source;
  const own = `${args.source}:${args.from}`;
  if (memoryBySource(db, own, externalId)) return own;
  // The file may have been elsewhere when it was taken in.
  const others = sourcesLike(db, `${args.source}:`);
  return others.find((other) => memoryBySource(db, other, externalId)?.content === content) ?? own;
}

function draftOf(each: ImportedItem, source: string, context: OwnContext, found: Extracted): Draft {
  const { externalId, kind = "episodic", fact, origin = `file:${source}` } = each;
  if ((kind === "semantic") !== (fact !== undefined)) {
    throw new Fault("args.invalid", `${externalId}: a semantic item has a fact, and no other has one.`);
  }
  const isOwn = isOwner(context.principal);
  return {
    ...draftFrom(each, context.now, found),
    // As with what they capture and state: kept and listed, but never evidence of what the owner lived.
    kind: kind === "episodic" && !isOwn ? "artifact" : kind,
    source,
    origins: isOwn ? [origin] : [origin, ...context.origins],
    ...(fact && { fact: factOf(fact, isOwn) }),
  };
}

/** What an item says itself, and what was found in its words. */
export function draftFrom(each: ImportedItem, now: number, found: Extracted) {
  const {
    externalId,
    content,
    at,
    datedBy = "property",
    session,
    speaker,
    tags = [],
    links = [],
    entities = [],
    eventAt = [],
  } = each;
  const named = new Set(entities.map(({ name }) => name.toLowerCase()));
  return {
    content,
    at: new Date(at ?? now).toISOString(),
    datedBy: at === undefined ? "import" : datedBy,
    eventAt: eventAt.length > 0 ? eventAt : found.eventAt,
    entities: [...entities, ...found.entities.filter(({ name }) => !named.has(name.toLowerCase()))],
    tags: [...new Set([...tags, ...found.tags])],
    externalId,
    links,
    ...(session && { session }),
    ...(speaker && { speaker }),
  };
}

const factOf = (fact: NonNullable<ImportedItem["fact"]>, isOwn: boolean): Fact =>
  factSchema().parse({ ...fact, status: isOwn ? "observed" : "inferred" });
