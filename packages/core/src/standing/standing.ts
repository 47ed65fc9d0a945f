import {
  standingAdd,
  standingList,
  standingPause,
  standingRemove,
  standingResume,
  standingShow,
} from "@mh/contract/standing.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { standingTag } from "@mh/contract/values/standing-tag.ts";
import { documentText, writeDocument } from "../documents/document.ts";
import { editMarkdown } from "../documents/markdown.ts";
import { ownersOnly } from "../kernel/owners-only.ts";
import { defineAdmin, defineOwn, defineQuery, type OwnContext } from "../kernel/skill.ts";
import type { ReadWhen } from "../memory/extract/when.ts";
import { type NoteDeps, noteWrittenBy, writeNote } from "../memory/skills/note.ts";
import type { Database } from "../ports/database.ts";
import { type Kept, keptIn, keptOne, onlyTime, pausedTag } from "./notes.ts";
import { actionOf, conditionOf, halvesOf, spokenOf, timeText } from "./parse.ts";
import { matchesOf } from "./standing-table.ts";
import { matchView, type ViewDeps, viewOf } from "./view.ts";

export interface StandingDeps extends NoteDeps, ViewDeps {
  /** Loaded at first use. */
  readWhen: () => Promise<ReadWhen>;
  clock: { now(): number };
}

/**
 * Keeps what the owner wants done when something comes, as a note in their own words. Rules read it; words that cannot be read are
 * refused, and nothing is guessed.
 */
export function addStandingSkill(deps: StandingDeps) {
  return defineOwn(standingAdd, {
    stored: { recall: (db, commandId) => writtenBy(db, deps, commandId) },
    prepare: ({ text }) => asKept(deps, text),
    apply(_args, context, text: string) {
      ownersOnly(context.principal, standingAdd.name);
      const same = keptIn(context.tx.db).find((each) => each.text.toLowerCase() === text.toLowerCase());
      if (same) throw new Fault("standing.known", `You said so already: ${same.id}. \`mh when\` shows it.`);
      const { id } = writeNote(deps, "procedural", context, { text, tags: [standingTag] });
      return viewOf(context.tx.db, deps, keptOne(context.tx.db, id));
    },
  });
}

export function listStandingSkill(deps: ViewDeps) {
  return defineQuery(standingList, {
    run: (_args, { db }) => ({ standing: keptIn(db).map((each) => viewOf(db, deps, each)) }),
  });
}

export function showStandingSkill(deps: ViewDeps) {
  return defineQuery(standingShow, {
    run({ id }, { db }) {
      const kept = keptOne(db, id);
      const matched = matchesOf(db, kept.id, 50).map((row) => matchView(db, deps, kept, row));
      return { ...viewOf(db, deps, kept), matched };
    },
  });
}

export function pauseStandingSkill(deps: StandingDeps) {
  return defineAdmin(standingPause, {
    stored: { recall: (db, commandId) => writtenBy(db, deps, commandId) },
    apply: ({ id }, context) => retag(deps, context, id, [standingTag, pausedTag]),
  });
}

/** It goes on, for what comes from now on; what stands in its file by hand is the owner's words from then on. */
export function resumeStandingSkill(deps: StandingDeps) {
  return defineAdmin(standingResume, {
    stored: { recall: (db, commandId) => writtenBy(db, deps, commandId) },
    apply({ id }, context) {
      const resumed = retag(deps, context, id, [standingTag]);
      const { tx, commandId, principal } = context;
      tx.append({ phase: "matched", id: commandId, principal, body: { what: "resumed", standing: resumed.id } });
      return viewOf(tx.db, deps, keptOne(tx.db, resumed.id));
    },
  });
}

export function removeStandingSkill(deps: StandingDeps) {
  return defineAdmin(standingRemove, {
    stored: "kept",
    apply({ id }, { tx, commandId }) {
      const { path, text, ...kept } = keptOne(tx.db, id);
      writeDocument(tx, deps.kinds, commandId, path, undefined);
      return { id: kept.id, text };
    },
  });
}

function retag(deps: StandingDeps, { tx, commandId }: OwnContext, id: string, tags: string[]) {
  const { path, ...kept } = keptOne(tx.db, id);
  const before = documentText(tx, path);
  const text = editMarkdown(path, before, { tags, by: undefined });
  if (text === before && kept.status !== "waits")
    throw new Fault("memory.unchanged", `“${kept.text}” is ${kept.status} already.`);
  writeDocument(tx, deps.kinds, commandId, path, text);
  return viewOf(tx.db, deps, keptOne(tx.db, kept.id));
}

function writtenBy(db: Database, deps: StandingDeps, commandId: string) {
  const id = noteWrittenBy(db, deps, commandId)?.id;
  const kept: Kept | undefined = keptIn(db).find((each) => each.id === id);
  return kept && viewOf(db, deps, kept);
}

/** The sentence as it is kept: one time that a calendar knows is written out, so that it means the same tomorrow. */
async function asKept({ clock, timeZone, readWhen }: StandingDeps, text: string): Promise<string> {
  const halves = halvesOf(text);
  const condition = halves && conditionOf(halves.when);
  if (!halves || !condition)
    throw unclear(text, halves ? `“${halves.when}” is nothing that it can wait for` : undefined);
  if (!actionOf(halves.does)) throw unclear(text, `“${halves.does}” is nothing that it can do`);
  const readTime = async (words: string) => (await readWhen())(words, new Date(clock.now()), timeZone());
  if (condition.type === "event" && (await readTime(condition.who)) !== undefined)
    throw unclear(text, `“${condition.who}” names a time and no event; say when it is to ring, on a day or at a time`);
  const when = condition.type === "words" ? await readTime(condition.time) : undefined;
  if (condition.type === "words" && !when) throw unclear(text, `“${condition.time}” is nothing that it can wait for`);
  const at = when === undefined || when.includes("T") ? when : `${when}T${usualTime}`;
  const kept = sentence(`${at === undefined ? halves.when : timeText(at)}, ${halves.does}`);
  const only = onlyTime(spokenOf(kept)?.condition ?? null, timeZone());
  if (only !== undefined && only <= clock.now()) throw unclear(text, `“${halves.when}” is over`);
  return kept;
}

/** Of a day without a time. */
const usualTime = "09:00";

function sentence(text: string): string {
  const whole = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
  if (spokenOf(whole)) return whole;
  throw unclear(text, undefined);
}

const unclear = (text: string, why: string | undefined): Fault =>
  new Fault(
    "standing.unclear",
    `“${text}” cannot be read${why === undefined ? "" : `: ${why}`}. Say it as in “when Sarah writes, remind me of the cost sheet”; \`mh help reminders\` shows what can be waited for.`,
  );
