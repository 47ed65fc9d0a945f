import { importPreview, importRun } from "@mh/contract/import.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import { canonicalPath } from "../../disk/outside-path.ts";
import { defineOutside, type OutsideContext } from "../../kernel/skill.ts";
import { commandRow } from "../../kernel/state.ts";
import type { Database } from "../../ports/database.ts";
import type { Found } from "../import/found.ts";
import type { OpenSource, Source, SourceOptions } from "../import/source.ts";
import { Tally } from "../import/tally.ts";

export interface ImportDeps {
  open: OpenSource;
  /** The gate, for the groups of an import. */
  act: (command: Command) => Promise<Outcome>;
  /** Sees committed state only. */
  reader: Database;
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
      const source = await deps.open(canonicalPath(args.path), principal, optionsOf(args));
      const tally = new Tally();
      for await (const { group, read } of groupsOf(source, signal, deps.pause)) {
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
      const source = await deps.open(canonicalPath(args.path), principal, optionsOf(args));
      const task = taskOfCutOff(deps.reader, context) ?? context.task ?? context.commandId;
      const tally = new Tally();
      for await (const { group, read } of groupsOf(source, signal, deps.pause)) {
        await take(deps, { source, task, args }, context, group, tally);
        progress(stepOf(source, read, `${tally.counts.added.toLocaleString("en")} added`));
      }
      const { added, updated, duplicate } = tally.counts;
      return { ...readOf(source, args.source ?? source.name, tally), added, updated, duplicate, task };
    },
  });
}

interface Import {
  source: Source;
  task: string;
  args: { source?: string | undefined; update?: boolean | undefined };
}

/** One command for what can be taken in of a group; what was refused while reading stays in its place. */
async function take(
  deps: ImportDeps,
  { source, task, args }: Import,
  { principal, commandId }: OutsideContext,
  group: readonly Found[],
  tally: Tally,
): Promise<void> {
  for (const each of group) tally.found(each);
  const taken = group.flatMap((each) => ("item" in each ? [each] : []));
  if (taken.length === 0) return;
  const items = taken.map(({ item }) => filedUnder(args.source, item, source));
  const outcome = await deps.act({
    ...{ principal, skill: "memory.import", cause: commandId, task: { id: task, words: "" } },
    args: {
      ...{ source: args.source ?? source.name, from: source.from, items },
      ...(args.update && { update: true }),
    },
  });
  const { results } = givenBy(outcome) as { results: { status: Status; reason?: string }[] };
  for (const [n, { status, reason }] of results.entries()) tally.ended(status, reason, taken[n]?.where ?? "");
}

type Status = Parameters<Tally["ended"]>[0];

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
  return name !== undefined && item.source === source.name ? { ...item, source: name } : item;
}

async function* groupsOf(
  source: Source,
  signal: AbortSignal,
  pause: ImportDeps["pause"],
): AsyncGenerator<{ group: Found[]; read: number }> {
  let group: Found[] = [];
  let chars = 0;
  let last = 0;
  for await (const { each, read } of source.found()) {
    await pause();
    signal.throwIfAborted();
    group.push(each);
    chars += "item" in each ? each.item.content.length : 0;
    last = read;
    if (group.length < groupItems && chars < groupChars) continue;
    yield { group, read };
    [group, chars] = [[], 0];
  }
  if (group.length > 0) yield { group, read: last };
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

const optionsOf = ({ format, map }: SourceOptions): SourceOptions => ({ format, map });

const itemsIn = ({ kinds }: Tally): string => {
  const { episodic, artifact, semantic } = kinds;
  return (episodic + artifact + semantic).toLocaleString("en");
};

const stepOf = ({ bytes }: Source, read: number, note: string): ProgressUpdate => ({
  ...{ done: Math.min(read, bytes), total: bytes, unit: "bytes", note },
});

function readOf({ format, files, bytes }: Source, source: string, tally: Tally) {
  const { kinds, span, counts } = tally;
  return { format, source, files, bytes, kinds, ...span, refused: counts.refused, remarks: tally.remarks() };
}
