import { entitySchema, type MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { contentSchema, instantSchema } from "@mh/contract/values/text.ts";
import { z } from "zod";
import { defineOwn } from "../../kernel/legacy.ts";
import { always, type OwnContext } from "../../kernel/skill.ts";
import { writeManifest } from "../../kernel/write-manifest.ts";
import type { Database } from "../../ports/database.ts";
import { localDay } from "../days.ts";
import { countAgain, type Draft, type Extracted, type MemoryDeps, sameWords, store } from "../store.ts";

const input = z.strictObject({
  text: contentSchema,
  at: instantSchema.optional(),
  tags: z.array(z.string().min(1).max(100)).max(100).optional(),
  speaker: z.string().min(1).max(200).optional(),
  session: z.string().min(1).max(500).optional(),
});

const output = z.strictObject({
  id: z.string(),
  entities: z.array(entitySchema),
  tags: z.array(z.string()),
  eventAt: z.array(z.strictObject({ from: z.string(), to: z.string(), text: z.string() })),
  deduplicated: z.boolean(),
  count: z.number(),
});

/** Finds entities, tags and dates in a text; `at` is when it was said. */
export type Extractor = (
  text: string,
  context: { at: Date; timeZone: string; known: readonly string[]; speaker?: string },
) => Extracted;

export interface CaptureDeps extends MemoryDeps {
  extractor: () => Promise<Extractor>;
  timeZone: () => string;
  clock: { now(): number };
}

/** Remembers what somebody says. The same words by the same speaker on the same local day are one memory with a count. */
export function captureSkill(deps: CaptureDeps) {
  return defineOwn<z.infer<typeof input>, z.infer<typeof output>, Extracted>({
    manifest: writeManifest("memory.capture", "Remember a text", { input, output, event: "memory.captured" }),
    classify: always("write"),
    async prepare(args, { db }) {
      const extract = await deps.extractor();
      const at = new Date(args.at ?? deps.clock.now());
      const speaker = args.speaker ? { speaker: args.speaker } : {};
      return extract(args.text, { at, timeZone: deps.timeZone(), known: knownPeople(db), ...speaker });
    },
    apply(args, context, found) {
      const draft = draftOf(args, context, found);
      const earlier = sameWords(context.tx.db, deps.crypto, draft.content, draft.speaker);
      const zone = deps.timeZone();
      const today = earlier.find((m) => m.source === "capture" && localDay(m.at, zone) === localDay(draft.at, zone));
      if (today) return answer(countAgain(context.tx, deps, context.commandId, today));
      const links = earlier.slice(0, 1).map(({ id }) => ({ type: "repeats", to: id }));
      return answer(store(context.tx, deps, context.commandId, { ...draft, links }));
    },
    recall(db, commandId) {
      const row = db.prepare("SELECT record FROM memories WHERE cmd = ?").get(commandId);
      return row ? answer(JSON.parse((row as { record: string }).record) as MemoryRecord) : undefined;
    },
  });
}

/** Names of people that memories speak of, the most mentioned first. */
export function knownPeople(db: Database): string[] {
  const sql = "SELECT name FROM people ORDER BY mentions DESC, key LIMIT 500";
  return (db.prepare(sql).all() as { name: string }[]).map((row) => row.name);
}

function draftOf(args: z.infer<typeof input>, context: OwnContext, found: Extracted): Draft {
  const { text, tags = [], speaker, session, at } = args;
  return {
    // What an agent writes is an artifact: kept and listed, but never evidence of what the owner lived.
    kind: isOwner(context.principal) ? "episodic" : "artifact",
    content: text,
    at: at ? new Date(at).toISOString() : new Date(context.now).toISOString(),
    eventAt: found.eventAt,
    entities: found.entities,
    tags: [...new Set([...tags, ...found.tags])],
    source: "capture",
    origins: context.origins,
    links: [],
    ...(speaker && { speaker }),
    ...(session && { session }),
  };
}

function answer({ id, entities, tags, eventAt, count }: MemoryRecord): z.infer<typeof output> {
  const times = eventAt.map(({ from, to, text }) => ({ from, to, text }));
  return { id, entities, tags, eventAt: times, deduplicated: count > 1, count };
}
