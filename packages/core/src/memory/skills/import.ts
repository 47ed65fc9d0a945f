import { Fault } from "@mh/contract/values/fault.ts";
import {
  entitySchema,
  eventTimeSchema,
  type Fact,
  factSchema,
  linkSchema,
  type MemoryRecord,
} from "@mh/contract/values/memory.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import { contentSchema, instantSchema } from "@mh/contract/values/text.ts";
import { z } from "zod";
import { defineOwn } from "../../kernel/legacy.ts";
import type { OwnContext } from "../../kernel/skill.ts";
import { writeManifest } from "../../kernel/write-manifest.ts";
import type { Database } from "../../ports/database.ts";
import { type Draft, type Extracted, memoryBySource, mergedInto, store, wasForgotten } from "../store.ts";
import { type CaptureDeps, knownPeople } from "./capture.ts";

const itemsPerImport = 1000;
/** What an agent brings in at a time without asking. */
const smallImport = 50;

const item = z.strictObject({
  /** Kept as `externalId`; with the source it is what makes importing twice the same as once. */
  externalId: z.string().min(1).max(2000),
  content: contentSchema,
  at: instantSchema.optional(),
  source: z.string().min(1).max(2000).optional(),
  session: z.string().max(2000).optional(),
  speaker: z.string().max(200).optional(),
  tags: z.array(z.string()).optional(),
  links: z.array(linkSchema).optional(),
  entities: z.array(entitySchema).max(1000).optional(),
  kind: z.enum(["episodic", "artifact", "semantic"]).optional(),
  /** What a semantic item states. */
  fact: factSchema.pick({ subject: true, predicate: true, object: true, validFrom: true, validTo: true }).optional(),
  eventAt: z.array(eventTimeSchema).max(1000).optional(),
  /** Whom it came from. An importer never speaks for the owner, and an agent that imports is named besides. */
  origin: z
    .string()
    .max(500)
    .regex(/^(mail|web|file|mcp|peer):/, "an origin is mail:, web:, file:, mcp: or peer: and what it was")
    .optional(),
});
type Item = z.infer<typeof item>;

const input = z.strictObject({
  /** The source of items that name none. */
  source: z.string().min(1).max(2000),
  /** Where the items were read: the source of those whose id is taken by other words under `source`. */
  from: z.string().max(4096),
  items: z.array(item).min(1).max(itemsPerImport),
  /** Write a new revision where the content differs from what was imported before. */
  update: z.boolean().optional(),
});

const status = z.enum(["added", "updated", "duplicate", "refused"]);
const output = z.strictObject({
  results: z.array(
    z.strictObject({
      id: z.string().nullable(),
      externalId: z.string(),
      status,
      /** Why it was refused; of one that is there, in what it is not what was sent. */
      reason: z.string().optional(),
    }),
  ),
});
type Result = z.infer<typeof output>["results"][number];

/**
 * Takes in memories from elsewhere, up to a thousand a command. Deduplicates by source and external id, never by text.
 * What anybody but the owner brings in says who brought it, is evidence of nothing, and changes only what they brought.
 */
export function importSkill(deps: CaptureDeps) {
  return defineOwn<z.infer<typeof input>, z.infer<typeof output>, Extracted[]>({
    manifest: writeManifest("memory.import", "Take in memories from elsewhere", {
      input,
      output,
      event: "memory.imported",
    }),
    classify: ({ items }) => ({ effect: "write", risk: items.length <= smallImport ? "low" : "medium", scope: {} }),
    async prepare(args, { db }) {
      const extract = await deps.extractor();
      const known = knownPeople(db);
      const timeZone = deps.timeZone();
      return args.items.map(({ content, at, speaker }) =>
        extract(content, { at: new Date(at ?? deps.clock.now()), timeZone, known, ...(speaker && { speaker }) }),
      );
    },
    apply(args, context, found) {
      return { results: args.items.map((each, n) => take(deps, args, context, each, found[n] as Extracted)) };
    },
    recall(db, commandId, args) {
      const written = new Map(
        (db.prepare("SELECT id, rev FROM revisions WHERE cmd = ?").all(commandId) as { id: string; rev: number }[]).map(
          ({ id, rev }) => [id, rev],
        ),
      );
      return args && { results: args.items.map((each) => resultNow(db, args, each, written)) };
    },
  });
}

/** How an item stands now; where the command itself wrote it, as what. */
function resultNow(
  db: Database,
  args: z.infer<typeof input>,
  each: Item,
  written: ReadonlyMap<string, number>,
): Result {
  const { source: usual = args.source, externalId } = each;
  const source = sourceOf(db, args, each);
  const gone = goneBefore(db, source, externalId);
  const earlier = memoryBySource(db, source, externalId) ?? memoryBySource(db, usual, externalId);
  if (!earlier) return gone ?? { id: null, externalId, status: "refused", reason: "it is gone" };
  const rev = written.get(earlier.id);
  return { ...known(earlier, each), status: rev === undefined ? "duplicate" : rev === 1 ? "added" : "updated" };
}

function take(
  deps: CaptureDeps,
  args: z.infer<typeof input>,
  context: OwnContext,
  each: Item,
  found: Extracted,
): Result {
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
function goneBefore(db: Database, source: string, externalId: string): Result | undefined {
  if (wasForgotten(db, source, externalId)) {
    return { id: null, externalId, status: "refused", reason: "it was forgotten before, and stays so" };
  }
  const merged = mergedInto(db, source, externalId);
  if (!merged || memoryBySource(db, source, externalId)) return undefined;
  return { id: merged, externalId, status: "duplicate", reason: "it was merged into another memory" };
}

const isTheirs = ({ origins }: MemoryRecord, principal: Principal): boolean =>
  origins.includes(principal) && !origins.some((origin) => isOwner(origin as Principal));

function known({ id, content }: MemoryRecord, each: Item): Result {
  const isSame = content === each.content;
  const reason = isSame ? {} : { reason: "its text changed since; --update takes the new one in" };
  return { id, externalId: each.externalId, status: "duplicate", ...reason };
}

/**
 * Two files may use the same small ids for different things. An item that names no source belongs to the default one,
 * unless other words stand under its id there: then its own file is its source, so that nothing is taken for known.
 */
function sourceOf(db: Database, args: z.infer<typeof input>, each: Item): string {
  if (each.source) return each.source;
  const earlier = memoryBySource(db, args.source, each.externalId);
  if (args.update || !earlier || earlier.content === each.content) return args.source;
  return `${args.source}:${args.from}`;
}

function draftOf(each: Item, source: string, context: OwnContext, found: Extracted): Draft {
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

const factOf = (fact: NonNullable<Item["fact"]>, isOwn: boolean): Fact =>
  factSchema.parse({ ...fact, status: isOwn ? "observed" : "inferred" });
