import { Fault } from "@mh/contract/values/fault.ts";
import { type CsvMap, csvFields } from "@mh/core/memory/import/csv-columns.ts";
import type { Found } from "@mh/core/memory/import/found.ts";
import { visible } from "@mh/core/model/visible.ts";
import { openSource } from "@mh/host/import/open-source.ts";
import { type Format, formats, type Source } from "@mh/host/import/source.ts";
import { InvalidArgumentError, Option } from "commander";
import { type CommandModule, type Context, exitCodes, valueFrom } from "../command.ts";
import type { Client } from "../connect.ts";
import { ImportReport, type Result } from "../import-report.ts";

interface Options {
  format?: Format;
  dryRun?: boolean;
  update?: boolean;
  source?: string;
  map?: CsvMap;
}

/** A group is one command: as many as share one sync, few enough to see progress. */
const groupItems = 500;
const groupChars = 4_000_000;

export const command: CommandModule = {
  uses: ["memory.import"],
  build(parser, context) {
    parser
      .argument("<path>", "a folder or file: notes, mail, calendars, contacts, tables, conversations")
      .addOption(
        new Option("--format <name>", "what it is, where its name and content do not tell").choices([...formats]),
      )
      .option("--source <name>", "the source to file it under")
      .option("--map <fields>", "a table's columns, as in content=Notes,at=Date", parseMap)
      .option("--update", "take in changed texts as new revisions")
      .option("--dry-run", "say what would be taken in; write nothing")
      .addHelpText("after", help)
      .action((path: string, options: Options) => importAll(context, path, options));
  },
};

const help = `
Reads
  markdown      a folder of notes (Obsidian, Logseq), or one note
  mbox, maildir mail: a file (or a folder of them), or a Maildir with its folders
  ics, vcard    calendars and contacts
  csv           tables; columns are found by name, or by --map (fields: ${csvFields.join(", ")})
  chatgpt, claude   the export: the zip, its folder, or conversations.json
  openclaw, silverbullet   a workspace, a space
  ndjson        lines: {"id"?, "content", "at"?, "source"?, "session"?, "speaker"?, "tags"?}

Importing twice is the same as once: after Ctrl-C or a crash, run it again and it goes on.

Example:
  mh import ~/notes --dry-run`;

async function importAll(context: Context, path: string, options: Options): Promise<void> {
  const { print, signal } = context;
  // What a script's unset variable leaves would be the whole folder it runs in.
  if (path.trim() === "") throw new Fault("usage", "Import what? Give a file or a folder, as in `mh import ~/notes`.");
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const source = await openSource(path, { format: options.format, timeZone, ...(options.map && { map: options.map }) });
  print.note(preview(source));
  const report = new ImportReport(print);
  if (options.dryRun) return dryRun(context, source, report);
  await using client = await context.connect({ make: true });
  for await (const { group, read } of groupsOf(source, signal)) {
    for (const [n, result] of (await take(context, client, source, group, options)).entries()) {
      const each = group[n] as Found;
      if (result === undefined) report.note(each);
      else report.result(result, each);
    }
    const percent = source.bytes === 0 ? 100 : Math.min(100, Math.floor((read * 100) / source.bytes));
    print.progress(`Importing ${bar(percent)} ${percent} %  ${report.counts.added.toLocaleString("en")} added`);
    // Ctrl-C is heard between two groups.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) break;
  }
  print.progress("");
  finish(context, report);
}

/** One command for what can be taken in; what was refused while reading stays in its place, a remark has no result. */
async function take(
  context: Context,
  client: Client,
  source: Source,
  group: readonly Found[],
  options: Options,
): Promise<(Result | undefined)[]> {
  const items = group.flatMap((each) => ("item" in each ? [each.item] : []));
  let results: Result[] = [];
  if (items.length > 0) {
    const args = {
      source: options.source ?? source.name,
      from: source.from,
      items: items.map((item) => filedUnder(options.source, item, source)),
      ...(options.update && { update: true }),
    };
    results = valueFrom<{ results: Result[] }>(context, await client.act("memory.import", args)).results;
  }
  const next = results.values();
  return group.map((each) => {
    if ("item" in each) return next.next().value as Result;
    return "refused" in each
      ? { id: null, externalId: each.externalId, status: "refused", reason: each.refused }
      : undefined;
  });
}

/** What a format files under its own name (mail, calendar) is filed under the owner's; a record's own source stays. */
function filedUnder<T extends { source?: string }>(name: string | undefined, item: T, source: Source): T {
  return name !== undefined && item.source === source.name ? { ...item, source: name } : item;
}

async function* groupsOf(source: Source, signal: AbortSignal): AsyncGenerator<{ group: Found[]; read: number }> {
  let group: Found[] = [];
  let chars = 0;
  let last = 0;
  for await (const { each, read } of source.found()) {
    if (signal.aborted) return;
    group.push(each);
    chars += "item" in each ? each.item.content.length : 0;
    last = read;
    if (group.length < groupItems && chars < groupChars) continue;
    yield { group, read };
    [group, chars] = [[], 0];
  }
  if (group.length > 0) yield { group, read: last };
}

async function dryRun({ print, signal }: Context, source: Source, report: ImportReport): Promise<void> {
  let seen = 0;
  for await (const { each, read } of source.found()) {
    if (signal.aborted) break;
    report.tried(each);
    seen += 1;
    if (seen % 500 !== 0) continue;
    const percent = source.bytes === 0 ? 100 : Math.floor((read * 100) / source.bytes);
    print.progress(`Reading ${bar(percent)} ${percent} %`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  print.progress("");
  if (signal.aborted) process.exitCode = exitCodes.interrupted;
  report.dryRun(source.format, signal.aborted);
}

function finish({ print, signal }: Context, report: ImportReport): void {
  const { added, updated, duplicate, refused } = report.counts;
  report.reasons();
  const text = `${added} added, ${duplicate} known already, ${updated} updated, ${refused} refused.`;
  if (signal.aborted) {
    print.note(`Stopped: ${text} Run the same command again to go on where it stopped.`);
    process.exitCode = exitCodes.interrupted;
    return;
  }
  if (added + updated + duplicate + refused === 0) print.note("There is nothing to import in it.");
  if (print.isJson) return print.note(text);
  print.line(text);
  if (refused > 0 && added + updated + duplicate === 0) process.exitCode = exitCodes.failed;
}

function preview({ format, files, bytes, name }: Source): string {
  const what = files === 1 ? "1 file" : `${files.toLocaleString("en")} files`;
  return `Reading ${format}: ${what}, ${sizeWords(bytes)}, as ${visible(name)}.`;
}

function sizeWords(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let size = bytes;
  let unit = 0;
  for (; size >= 1_000 && unit < units.length - 1; unit++) size /= 1_000;
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

/** "content=Notes,at=Date". */
function parseMap(text: string): CsvMap {
  const map: CsvMap = {};
  for (const pair of text.split(",")) {
    const [name = "", ...column] = pair.split("=");
    const field = csvFields.find((each) => each === name.trim());
    if (field === undefined || column.length === 0)
      throw new InvalidArgumentError(`"${pair}" is not like content=Notes; the fields are ${csvFields.join(", ")}.`);
    map[field] = column.join("=").trim();
  }
  return map;
}

const bar = (percent: number): string => "█".repeat(Math.floor(percent / 5)).padEnd(20, "░");
