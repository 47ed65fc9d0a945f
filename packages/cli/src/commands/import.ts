import { visible } from "@mh/core/model/visible.ts";
import { type Format, type Found, formats, openSource, type Source } from "@mh/host/import-source.ts";
import { Option } from "commander";
import { type CommandModule, type Context, exitCodes, valueFrom } from "../command.ts";
import type { Client } from "../connect.ts";
import type { Printer } from "../print.ts";

interface Options {
  format?: Format;
  dryRun?: boolean;
  update?: boolean;
  source?: string;
}

type Status = "added" | "updated" | "duplicate" | "refused";
type Result = { id: string | null; externalId: string | null; status: Status; reason?: string };

/** A group is one command: as many as share one sync, few enough to see progress. */
const groupItems = 500;
const groupChars = 4_000_000;

export const command: CommandModule = {
  uses: ["memory.import"],
  build(parser, context) {
    parser
      .argument("<path>", "a folder of Markdown notes, a note, or an NDJSON file")
      .addOption(new Option("--format <name>", "what it is, where the name does not tell").choices([...formats]))
      .option("--source <name>", "the source to file it under")
      .option("--update", "take in changed texts as new revisions")
      .option("--dry-run", "say what would be taken in; write nothing")
      .addHelpText(
        "after",
        '\nImporting twice is the same as once: after Ctrl-C or a crash, run it again.\nNDJSON lines: {"id"?, "content", "at"?, "source"?, "session"?, "speaker"?, "tags"?}\n\nExample:\n  mh import ~/notes --dry-run',
      )
      .action((path: string, options: Options) => importAll(context, path, options));
  },
};

async function importAll(context: Context, path: string, options: Options): Promise<void> {
  const { print, signal } = context;
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const source = openSource(path, { format: options.format, timeZone });
  const counts: Record<Status, number> = { added: 0, updated: 0, duplicate: 0, refused: 0 };
  const tell = (result: Result, where: string) => {
    counts[result.status] += 1;
    report(print, result, where);
  };
  if (options.dryRun) return dryRun(print, source);
  await using client = await context.connect({ make: true });
  for (const { group, read } of groupsOf(source)) {
    if (signal.aborted) break;
    for (const [n, result] of (await take(context, client, source, group, options)).entries())
      tell(result, group[n]?.where ?? "");
    const percent = source.bytes === 0 ? 100 : Math.floor((read * 100) / source.bytes);
    print.progress(`Importing ${bar(percent)} ${percent} %  ${counts.added.toLocaleString("en")} added`);
    // Ctrl-C is heard between two groups.
    await new Promise((resolve) => setImmediate(resolve));
  }
  print.progress("");
  finish(context, counts, signal.aborted);
}

/** One command for what can be taken in; what was refused while reading stays in its place. */
async function take(
  context: Context,
  client: Client,
  source: Source,
  group: readonly Found[],
  options: Options,
): Promise<Result[]> {
  const items = group.flatMap((each) => ("item" in each ? [each.item] : []));
  let results: Result[] = [];
  if (items.length > 0) {
    const args = {
      source: options.source ?? source.name,
      from: source.from,
      items,
      ...(options.update && { update: true }),
    };
    results = valueFrom<{ results: Result[] }>(context, await client.act("memory.import", args)).results;
  }
  const next = results.values();
  return group.map((each) =>
    "item" in each
      ? (next.next().value as Result)
      : { id: null, externalId: each.externalId, status: "refused", reason: each.refused },
  );
}

function* groupsOf(source: Source): Generator<{ group: Found[]; read: number }> {
  let group: Found[] = [];
  let chars = 0;
  let last = 0;
  for (const { each, read } of source.found()) {
    group.push(each);
    chars += "item" in each ? each.item.content.length : 0;
    last = read;
    if (group.length < groupItems && chars < groupChars) continue;
    yield { group, read };
    [group, chars] = [[], 0];
  }
  if (group.length > 0) yield { group, read: last };
}

function report(print: Printer, result: Result, where: string): void {
  if (print.isJson) return print.json(result);
  if (result.status === "refused" || result.reason)
    print.note(`${visible(where)}: ${result.status}: ${visible(result.reason ?? "")}`);
}

function dryRun(print: Printer, source: Source): void {
  let items = 0;
  let refused = 0;
  for (const { each } of source.found()) {
    if ("item" in each) {
      items += 1;
      if (items <= 5 && !print.isJson)
        print.line(
          `  ${visible(each.where)}: ${visible(each.item.content.replaceAll(/\s+/g, " ").slice(0, print.width - 24))}`,
        );
    } else {
      refused += 1;
      report(print, { id: null, externalId: each.externalId, status: "refused", reason: each.refused }, each.where);
    }
  }
  if (print.isJson) return print.json({ dryRun: true, items, refused });
  if (items > 5) print.line(`  … and ${(items - 5).toLocaleString("en")} more`);
  print.line(
    `Would take in ${items.toLocaleString("en")} memories (${source.format}); ${refused} refused. Nothing was written.`,
  );
}

function finish({ print }: Context, counts: Record<Status, number>, isAborted: boolean): void {
  const { added, updated, duplicate, refused } = counts;
  const text = `${added} added, ${duplicate} known already, ${updated} updated, ${refused} refused.`;
  if (isAborted) {
    print.note(`Stopped: ${text} Run the same command again to go on.`);
    process.exitCode = exitCodes.interrupted;
    return;
  }
  if (added + updated + duplicate + refused === 0) print.note("There is nothing to import in it.");
  if (print.isJson) return print.note(text);
  print.line(text);
  if (refused > 0 && added + updated + duplicate === 0) process.exitCode = exitCodes.failed;
}

const bar = (percent: number): string => "█".repeat(Math.floor(percent / 5)).padEnd(20, "░");
