import { importPreview, importRun } from "@mh/contract/import.ts";
import type { ImportResult } from "@mh/contract/memory.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import { canonicalPath } from "../../disk/outside-path.ts";
import { defineOutside, type OutsideContext } from "../../kernel/skill.ts";
import { commandRow } from "../../kernel/state.ts";
import type { Database } from "../../ports/database.ts";
import { FilesRead, readBy } from "../import/files-read.ts";
import { Followed, type Gone } from "../import/followed.ts";
import type { Ended, Found } from "../import/found.ts";
import { unchangedSince } from "../import/known-files.ts";
import type { OpenSource, Source, SourceOptions, Step } from "../import/source.ts";
import { Tally } from "../import/tally.ts";
import { TasksInNotes } from "./offer-tasks.ts";

export interface ImportDeps {
  open: OpenSource;
  /** The gate, for the groups of an import. */
  act: (command: Command) => Promise<Outcome>;
  /** Sees committed state only. */
  reader: Database;
  sha256Hex: (text: string) => string;
  timeZone: () => string;
  /** Lets everything else have its turn, where it is time for that. */
  pause: () => Promise<void> | undefined;
}

/** A group is one command: as many as share one sync, few enough to see progress and to be cancelled between. */
const groupItems = 500;
const groupChars = 250_000;
/** Of an import that was cut off, the next one of the same takes up the task where so many commands came between. */
const commandsBetweenMax = 20_000;

const looks = ({ path }: { path: string }) => ({
  ...{ effect: "local" as const, risk: "low" as const },
  scope: { paths: [canonicalPath(path)] },
});

/** Reads what an import would take in, and takes nothing. */
export function previewImportSkill(deps: Pick<ImportDeps, "open" | "pause">) {
  return defineOutside(importPreview, {
    // What is shown quotes what was read: it is not kept.
    stored: "once",
    classify: looks,
    async run(args, { principal, signal, progress }) {
      const source = await deps.open(canonicalPath(args.path), principal, { ...optionsOf(args), signal });
      const tally = new Tally();
      for await (const { group, read } of groupsOf(source, source.found(), signal, deps.pause)) {
        for (const each of group) tally.found(each);
        progress(stepOf(source, read, `${itemsIn(tally)} found`));
      }
      return { ...readOf(source, source.name, tally), samples: tally.samples };
    },
  });
}

/**
 * Takes in memories from a file or folder, group by group as commands caused by this one, which are undone together.
 * Known ones are not taken in twice: an import that was cut off is gone on with by running it again, under its task.
 */
export function runImportSkill(deps: ImportDeps) {
  return defineOutside(importRun, {
    stored: "kept",
    classify: looks,
    async run(args, context) {
      const { principal, signal, progress } = context;
      const options = { ...optionsOf(args), signal, unchanged: unchangedFor(deps.reader, principal, args.source) };
      const source = await deps.open(canonicalPath(args.path), principal, options);
      const task = taskOfCutOff(deps.reader, context) ?? context.task ?? context.commandId;
      const tally = new Tally();
      const followed = new Followed(deps.reader, deps.sha256Hex);
      const steps = args.source === undefined ? followed.steps(source) : source.found();
      const files = new FilesRead(principal, args.source);
      const inNotes = new TasksInNotes(deps.timeZone());
      for await (const each of groupsOf(source, steps, signal, deps.pause)) {
        const { read } = each;
        await take(deps, { source, task, args, files, inNotes }, context, each, tally);
        progress(stepOf(source, read, `${tally.counts.added.toLocaleString("en")} added`));
      }
      await offerToRetire(deps, context, task, followed.gone);
      const tasks = await offerTasks(deps, context, task, inNotes);
      const { added, updated, duplicate } = tally.counts;
      const name = args.source ?? followed.source ?? source.name;
      return { ...readOf(source, name, tally), added, updated, duplicate, gone: followed.gone.length, tasks, task };
    },
  });
}

interface Import {
  source: Source;
  task: string;
  args: { source?: string | undefined; update?: boolean | undefined };
  files: FilesRead;
  inNotes: TasksInNotes;
}

/** One command for what can be taken in of a group; what was refused while reading stays in its place. */
async function take(
  deps: ImportDeps,
  { source, task, args, files, inNotes }: Import,
  { principal, commandId, now }: OutsideContext,
  { group, under }: Group,
  tally: Tally,
): Promise<void> {
  for (const each of group) tally.found(each);
  const taken = group.flatMap((each) => ("item" in each ? [each] : []));
  const ended = files.endedIn(group);
  if (taken.length === 0) return;
  const items = taken.map(({ item }) => filedUnder(args.source, item, source));
  const outcome = await deps.act({
    ...{ principal, skill: "memory.import", cause: commandId, task: { id: task, words: "" } },
    args: {
      ...{ source: args.source ?? under.source, from: under.from, items },
      ...(args.update && { update: true }),
      ...(ended.length > 0 && { files: ended }),
    },
  });
  const { results } = givenBy(outcome) as { results: ImportResult[] };
  for (const [n, { status, reason }] of results.entries()) tally.ended(status, reason, taken[n]?.where ?? "");
  files.ended(results);
  await inNotes.take(taken, results, new Date(now).toISOString());
}

const proposedMax = 500;

/** What no note says any more is the owner's to retire: it is put into their review list. Another's import only counts it. */
async function offerToRetire(
  deps: ImportDeps,
  context: OutsideContext,
  task: string,
  gone: readonly Gone[],
): Promise<void> {
  const { principal, commandId } = context;
  if (!isOwner(principal)) return;
  for (let at = 0; at < gone.length; at += proposedMax) {
    const memories = gone.slice(at, at + proposedMax).map(({ id }) => id);
    const why = `${memories.length === 1 ? "Its note is" : "Their notes are"} no longer there, or no longer say it.`;
    givenBy(
      await deps.act({
        ...{ principal, skill: "proposal.make", cause: commandId, task: { id: task, words: "" } },
        args: { does: { type: "forsake", memories }, why, sources: [] },
      }),
    );
  }
}

/** What the owner's notes say is to be done is theirs to take up: it is put into their review list. */
async function offerTasks(deps: ImportDeps, context: OutsideContext, task: string, inNotes: TasksInNotes) {
  const { principal, commandId } = context;
  if (!isOwner(principal)) return { found: 0, offered: 0 };
  const { found, offered } = inNotes.offered();
  let count = 0;
  for (const { title, due, quote, memory } of offered) {
    const outcome = await deps.act({
      ...{ principal, skill: "proposal.make", cause: commandId, task: { id: task, words: "" } },
      args: {
        does: { type: "task", title, ...(due !== undefined && { due }) },
        ...{ why: `Your note says so: “${quote}”`, sources: [memory] },
      },
    });
    const { known } = givenBy(outcome) as { known: boolean };
    if (!known) count += 1;
  }
  return { found, offered: count };
}

/** Says whether anything of a file changed since the same principal imported it in the same way. */
function unchangedFor(db: Database, principal: Principal, source: string | undefined): SourceOptions["unchanged"] {
  return (stamp) => unchangedSince(db, { ...stamp, readAs: readBy(stamp, principal, source) });
}

function givenBy(outcome: Outcome): unknown {
  switch (outcome.status) {
    case "done":
      return outcome.value;
    case "failed":
      throw new Fault(outcome.fault.code, outcome.fault.message);
    case "denied":
    case "parked": {
      const what = outcome.status === "denied" ? "was denied" : "waits for approval";
      const message = `A group of the import ${what}: ${outcome.reason}. \`mh why ${outcome.id}\`; then run the import again.`;
      throw new Fault("import.refused", message);
    }
    case "repeated":
    case "interrupted":
      throw new Fault("import.refused", `A group of the import was not taken in: ${outcome.message}`);
  }
}

/** What a format files under its own name (mail, calendar) is filed under the owner's; a record's own source stays. */
function filedUnder<T extends { source?: string }>(name: string | undefined, item: T, source: Source): T {
  return name !== undefined && source.names.includes(item.source ?? "") ? { ...item, source: name } : item;
}

type Group = { group: (Found | Ended)[]; read: number; under: { source: string; from: string } };

async function* groupsOf(
  source: Source,
  steps: AsyncGenerator<Step>,
  signal: AbortSignal,
  pause: ImportDeps["pause"],
): AsyncGenerator<Group> {
  const whole = { source: source.name, from: source.from };
  let group: Group = { group: [], read: 0, under: whole };
  let items = 0;
  let chars = 0;
  for await (const { each, read, under = whole } of steps) {
    await pause();
    signal.throwIfAborted();
    const isItem = "item" in each;
    const isOther = isItem && (under.source !== group.under.source || under.from !== group.under.from);
    // The end of a file goes with the last of its items.
    const isFull = items >= groupItems || chars >= groupChars;
    if (isItem && items > 0 && (isOther || isFull)) {
      yield group;
      group = { group: [], read, under };
      items = chars = 0;
    }
    if (isOther) group.under = under;
    group.group.push(each);
    group.read = read;
    items += isItem ? 1 : 0;
    chars += isItem ? each.item.content.length : 0;
  }
  if (group.group.length > 0) yield group;
}

/**
 * The task of the same import where it was cut off before: the two are one thing to undo. Only as long as something of
 * it is there; what was undone is a thing of the past.
 */
function taskOfCutOff(db: Database, { commandId }: OutsideContext): string | undefined {
  const row = commandRow(db, commandId);
  if (!row) return undefined;
  const before = db
    .prepare(
      `SELECT id, status FROM commands
         WHERE rowid > (SELECT max(rowid) FROM commands) - ? AND id <> ? AND args_hash = ? AND principal = ? AND skill = ?
         ORDER BY rowid DESC LIMIT 1`,
    )
    .get(commandsBetweenMax, commandId, row.args_hash, row.principal, row.skill) as
    | { id: string; status: string }
    | undefined;
  if (!before || !["interrupted", "failed"].includes(before.status)) return undefined;
  const taken = db
    .prepare(
      `SELECT task FROM changes JOIN commands ON commands.id = changes.cmd
         WHERE commands.cause = ? AND undone_by IS NULL AND changes.status = 'done' ORDER BY number DESC LIMIT 1`,
    )
    .get(before.id) as { task: string } | undefined;
  return taken?.task;
}

const optionsOf = ({ format, map, dateOrder }: SourceOptions): SourceOptions => ({ format, map, dateOrder });

const itemsIn = ({ kinds }: Tally): string => {
  const { episodic, artifact, semantic } = kinds;
  return (episodic + artifact + semantic).toLocaleString("en");
};

const stepOf = ({ bytes }: Source, read: number, note: string): ProgressUpdate => ({
  ...{ done: Math.min(read, bytes), total: bytes, unit: "bytes", note },
});

function readOf({ format, files, bytes }: Source, source: string, tally: Tally) {
  const { kinds, span, counts } = tally;
  return {
    format,
    source,
    files,
    bytes,
    inventory: tally.inventory(),
    kinds,
    ...span,
    refused: counts.refused,
    remarks: tally.remarks(),
  };
}
