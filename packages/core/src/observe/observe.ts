import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import {
  observeBrowser,
  observeFiles,
  observeForget,
  observeGit,
  observeList,
  observeShell,
} from "@mh/contract/observe.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { type ObservedSource, observedSources } from "@mh/contract/values/observed-sources.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { always, defineOutside, defineOwn, defineQuery, type OutsideContext } from "../kernel/skill.ts";
import { isChangedByOwner } from "../memory/skills/file.ts";
import { type ForgetDeps, forgetWhole } from "../memory/skills/forget.ts";
import { memory, memoryBySource, wasForgotten } from "../memory/store.ts";
import type { Config } from "../model/config.ts";
import { instantOf, localDay } from "../model/wall-clock.ts";
import { decodeLossy } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import type { Disk } from "../ports/disk.ts";
import { databaseAt, type HeldDatabase } from "./database-at.ts";
import { countIn, dayTexts } from "./days.ts";
import { type Taken, together } from "./events.ts";
import { gitEvents } from "./git.ts";
import { recentEvents } from "./recent.ts";
import { filesOf, isObserved, observeSettings, placesOf } from "./settings.ts";
import { shellEvents } from "./shell.ts";

export interface ObserveDeps {
  disk: Disk;
  /** Sees committed state only. */
  reader: Database;
  timeZone: () => string;
  /** The folder of whom this runs as. */
  userFolder: string;
  /** A text without the values of secrets that mh knows. */
  redact: (text: string) => string;
  /** Reads the visits of a browser's history. */
  visits: (history: HeldDatabase) => Promise<Taken>;
  /** Keeps a group of days, as a command that this one caused. */
  file: (group: ArgsFor<"memory.file">, context: OutsideContext) => Promise<ValueFor<"memory.file">>;
}

type Value = ValueFor<"observe.shell">;
type Day = Value["days"][number];

/** What is kept of a source is known by this, and comes from there: nobody's words are the owner's for it. */
const observedAs = (source: ObservedSource): string => `observed:${source}`;

const contracts = { shell: observeShell, git: observeGit, browser: observeBrowser, files: observeFiles };
const bytesMax = 64 * 2 ** 20;
const daysMax = 31;
const textMax = 20_000;
const dayMs = 24 * 3_600_000;

/**
 * Reads what a source says of the last days, and keeps it a day a memory; a day that is kept as it is stays. Nothing is kept
 * while the owner has not turned it on, and only they see what it would take.
 */
export function observeSkill(source: ObservedSource, deps: ObserveDeps) {
  return defineOutside(contracts[source], {
    stored: "kept",
    classify: (_args, config) => ({
      effect: "read",
      risk: "low",
      scope: { paths: placesOf(config, source, deps.userFolder) },
    }),
    async run({ preview = false }, context) {
      const on = isObserved(context.config, source);
      if (!on && !(preview && isOwner(context.principal)))
        throw new Fault(
          "observe.off",
          `Nothing is observed there. \`mh observe on ${source}\` turns it on, \`mh observe preview ${source}\` shows what it would take.`,
        );
      const { files, missing, taken } = await readAll(deps, source, context.config);
      // A day is taken whole or not at all: half of one would take the place of what was kept.
      const since = Date.parse(beginningOf(localDay(context.now - daysMax * dayMs, deps.timeZone()), deps.timeZone()));
      const recent = taken.events.filter(({ ms }) => ms >= since && ms <= context.now + dayMs);
      const clean = recent.map(({ ms, what }) => ({ ms, what: deps.redact(what.replace(/[\s\p{Cc}]+/gu, " ")) }));
      const yesterday = localDay(context.now - dayMs, deps.timeZone());
      const texts = dayTexts(source, clean, deps.timeZone());
      const days = [...texts].map(([day, text]) =>
        dayOf(deps.reader, source, { day, text: text.slice(0, textMax).toWellFormed() }, yesterday),
      );
      const kept = preview ? 0 : await keep(deps, source, days, context);
      const older = { why: `what is older than ${daysMax} days`, count: taken.events.length - recent.length };
      return { on, files, missing, days, left: [...taken.left, older].filter(({ count }) => count > 0), kept };
    },
  });
}

async function readAll({ disk, visits, userFolder }: ObserveDeps, source: ObservedSource, config: Config) {
  const files: string[] = [];
  const missing: string[] = [];
  const taken: Taken[] = [];
  for (const path of filesOf(config, source, userFolder)) {
    try {
      taken.push(await eventsIn(source, path, { disk, visits }));
      files.push(path);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      missing.push(error.code === "file.not-found" ? path : `${path}: ${error.message}`);
    }
  }
  return { files, missing, taken: together(taken) };
}

async function eventsIn(
  source: ObservedSource,
  path: string,
  { disk, visits }: Pick<ObserveDeps, "disk" | "visits">,
): Promise<Taken> {
  const text = async () => decodeLossy(await disk.read(path, bytesMax));
  switch (source) {
    case "shell":
      return shellEvents(await text());
    case "git":
      return gitEvents(await text(), path);
    case "files":
      return recentEvents(await text());
    case "browser":
      return visits(await databaseAt(disk, path, bytesMax));
  }
}

function dayOf(db: Database, source: ObservedSource, { day, text }: Pick<Day, "day" | "text">, yesterday: string): Day {
  const there = memoryBySource(db, observedAs(source), day);
  const isLeft = there ? isChangedByOwner(there) : wasForgotten(db, observedAs(source), day);
  // A history that forgets its oldest lines takes nothing from what was kept of them.
  if (there && !isLeft && day < yesterday && countIn(text) < countIn(there.content))
    return { day, text: there.content, state: "same" };
  const state = isLeft ? "refused" : !there ? "new" : there.content === text ? "same" : "changed";
  return { day, text, state };
}

async function keep(
  deps: ObserveDeps,
  source: ObservedSource,
  days: readonly Day[],
  context: OutsideContext,
): Promise<number> {
  const fresh = days.filter(({ state }) => state === "new" || state === "changed");
  if (fresh.length === 0) return 0;
  const place = observedAs(source);
  const items = fresh.map(({ day, text }) => ({
    externalId: day,
    content: text,
    at: beginningOf(day, deps.timeZone()),
    tags: ["observed"],
  }));
  const { results } = await deps.file({ source: place, origin: place, items, gone: [] }, context);
  return results.filter(({ status }) => status === "added" || status === "updated").length;
}

function beginningOf(day: string, timeZone: string): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(instantOf({ year, month: month - 1, day: date, hour: 0, minute: 0 }, timeZone)).toISOString();
}

export function listObservedSkill({ userFolder }: Pick<ObserveDeps, "userFolder">) {
  return defineQuery(observeList, {
    run(_args, { db, config }) {
      const sources = observedSources.map((source) => {
        const kept = daysKept(db, source);
        return {
          source,
          paths: observeSettings.of(config)[source].paths,
          on: isObserved(config, source),
          places: filesOf(config, source, userFolder),
          days: kept.length,
          last: kept.at(-1)?.externalId ?? null,
        };
      });
      return { sources };
    },
  });
}

/** Forgets every day that a source gave, as `memory.forget` does for one memory; none of them is taken again. */
export function forgetObservedSkill(deps: ForgetDeps) {
  return defineOwn(observeForget, {
    classify: always("destroy", "medium"),
    stored: "kept",
    async pin({ source }, { db }) {
      const kept = daysKept(db, source);
      return {
        pins: [{ argument: "source", what: source, hash: `${kept.length} through ${kept.at(-1)?.id ?? "none"}` }],
      };
    },
    apply({ source }, { tx, commandId, note }) {
      const kept = daysKept(tx.db, source);
      const removed: Record<string, number> = {};
      for (const { id } of kept)
        forgetWhole(tx, deps, commandId, memory(tx.db, id), (more) => {
          for (const [cmd, lines] of Object.entries(more.removed ?? {})) removed[cmd] = (removed[cmd] ?? 0) + lines;
        });
      note({ removed });
      return { source, days: kept.length };
    },
  });
}

function daysKept(db: Database, source: ObservedSource): MemoryRecord[] {
  const sql = "SELECT record FROM memories WHERE source = ? AND external_id IS NOT NULL ORDER BY external_id";
  return (db.prepare(sql).all(observedAs(source)) as { record: string }[]).map(({ record }) => JSON.parse(record));
}
