import { z } from "zod";
import { type Draft, type Extracted, memoryBySource, mergedInto, store, wasForgotten } from "../memory/store.ts";
import { Fault } from "../model/fault.ts";
import { entitySchema, eventTimeSchema, factSchema, linkSchema } from "../model/memory.ts";
import { isOwner } from "../model/principal.ts";
import type { Database } from "../ports/database.ts";
import { always, defineOwn, type OwnContext } from "../spine/skill.ts";
import { type CaptureDeps, contentSchema, instantSchema, knownPeople } from "./memory-capture.ts";
import { writeManifest } from "./write-manifest.ts";

export const itemsPerImport = 1000;

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
    z.strictObject({ id: z.string().nullable(), externalId: z.string(), status, reason: z.string().optional() }),
  ),
});
type Result = z.infer<typeof output>["results"][number];

/** Takes in memories from elsewhere, up to a thousand a command. Deduplicates by source and external id, never by text. */
export function importSkill(deps: CaptureDeps) {
  return defineOwn<z.infer<typeof input>, z.infer<typeof output>, Extracted[]>({
    manifest: writeManifest("memory.import", "Take in memories from elsewhere", {
      input,
      output,
      event: "memory.imported",
    }),
    classify: always("write", "medium"),
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
  });
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
  if (wasForgotten(db, source, externalId)) {
    return { id: null, externalId, status: "refused", reason: "it was forgotten before, and stays so" };
  }
  const earlier = memoryBySource(db, source, externalId);
  const merged = mergedInto(db, source, externalId);
  if (!earlier && merged) {
    return { id: merged, externalId, status: "duplicate", reason: "it was merged into another memory" };
  }
  const isChanged = earlier !== undefined && earlier.content !== each.content;
  if (earlier && !(isChanged && args.update)) {
    const reason = isChanged ? { reason: "its text changed since; --update takes the new one in" } : {};
    return { id: earlier.id, externalId, status: "duplicate", ...reason };
  }
  const record = store(context.tx, deps, context.commandId, draftOf(each, source, context, found), earlier);
  return { id: record.id, externalId, status: earlier ? "updated" : "added" };
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
  const named = new Set(entities.map(({ name }) => name.toLowerCase()));
  return {
    kind,
    content,
    at: at ? new Date(at).toISOString() : new Date(context.now).toISOString(),
    eventAt: eventAt.length > 0 ? eventAt : found.eventAt,
    entities: [...entities, ...found.entities.filter(({ name }) => !named.has(name.toLowerCase()))],
    tags: [...new Set([...tags, ...found.tags])],
    source,
    externalId,
    origins: isOwner(context.principal) ? [origin] : [origin, ...context.origins],
    links,
    ...(fact && { fact: factSchema.parse({ ...fact, ...(!isOwner(context.principal) && { status: "inferred" }) }) }),
    ...(session && { session }),
    ...(speaker && { speaker }),
  };
}
