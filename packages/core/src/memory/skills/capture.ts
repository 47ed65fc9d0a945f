import type { InputOf, OutputOf } from "@mh/contract/contract.ts";
import { memoryCapture } from "@mh/contract/memory.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { defineOwn, type OwnContext } from "../../kernel/skill.ts";
import { localDay } from "../../model/wall-clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Files } from "../../ports/files.ts";
import { linesWrittenBy } from "../read-lines.ts";
import { recalled } from "../recalled.ts";
import { countAgain, type Draft, type Extracted, type MemoryDeps, sameWords, store } from "../store.ts";

/** Finds entities, tags and dates in a text; `at` is when it was said. */
export type Extractor = (
  text: string,
  context: { at: Date; timeZone: string; known: readonly string[]; speaker?: string },
) => Extracted;

export interface CaptureDeps extends MemoryDeps {
  files: Files;
  /** With a text, the extractor for that one alone. */
  extractor: (only?: { text: string; known: readonly string[] }) => Promise<Extractor>;
  timeZone: () => string;
  clock: { now(): number };
}

/** Remembers what somebody says. The same words by the same speaker on the same local day are one memory with a count. */
export function captureSkill(deps: CaptureDeps) {
  return defineOwn(memoryCapture, {
    stored: {
      recall(db, commandId, args) {
        const [line] = linesWrittenBy(db, deps, commandId);
        if (line) return line.op === "put" ? answer(line) : undefined;
        // Of what was on record before nothing was written.
        const known = args && recalled(db, args.text);
        return known && onRecord(known);
      },
    },
    async prepare(args, { db }) {
      const known = knownPeople(db);
      const extract = await deps.extractor({ text: args.text, known });
      const at = new Date(args.at ?? deps.clock.now());
      const speaker = args.speaker ? { speaker: args.speaker } : {};
      return extract(args.text, { at, timeZone: deps.timeZone(), known, ...speaker });
    },
    apply(args, context, found: Extracted) {
      // What an agent recalls and writes down again is no second memory, and makes the first no stronger.
      const known = isOwner(context.principal) ? undefined : recalled(context.tx.db, args.text);
      if (known) return onRecord(known);
      const draft = draftOf(args, context, found);
      const earlier = sameWords(context.tx.db, deps.crypto, draft.content, draft.speaker);
      const dayOf = ({ at }: { at: string }) => localDay(Date.parse(at), deps.timeZone());
      // What the owner lived is no artifact because somebody wrote it down before them.
      const holds = ({ kind, archived }: MemoryRecord) =>
        archived === undefined && (kind === draft.kind || draft.kind === "artifact");
      const today = earlier.find((m) => m.source === "capture" && dayOf(m) === dayOf(draft) && holds(m));
      if (today) return answer(countAgain(context.tx, deps, context.commandId, today));
      const links = earlier.slice(0, 1).map(({ id }) => ({ type: "repeats", to: id }));
      return answer(store(context.tx, deps, context.commandId, { ...draft, links }));
    },
  });
}

/** Names of people that memories speak of, the most mentioned first. */
export function knownPeople(db: Database): string[] {
  const sql = "SELECT name FROM people ORDER BY mentions DESC, key LIMIT 500";
  return (db.prepare(sql).all() as { name: string }[]).map((row) => row.name);
}

function draftOf(args: InputOf<typeof memoryCapture>, context: OwnContext, found: Extracted): Draft {
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

/** It was there before; what it names and how it is filed is for those who may read it. */
const onRecord = ({ id, count }: MemoryRecord): OutputOf<typeof memoryCapture> => ({
  ...{ id, entities: [], tags: [], eventAt: [], deduplicated: true, count },
});

function answer({ id, entities, tags, eventAt, count }: MemoryRecord): OutputOf<typeof memoryCapture> {
  const times = eventAt.map(({ from, to, text }) => ({ from, to, text }));
  return { id, entities, tags, eventAt: times, deduplicated: count > 1, count };
}
