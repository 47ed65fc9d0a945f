import { type Command, Option } from "@commander-js/extra-typings";
import type { ArgsFor } from "@mh/contract/contracts.ts";
import { datedWords } from "@mh/contract/values/dated-by.ts";
import { type MemoryKind, memoryKinds } from "@mh/contract/values/memory-kinds.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { clip, hang, shortId, table } from "../print.ts";
import { between } from "../told-time.ts";
import { printRelationship } from "./known.ts";

interface TimelineOptions {
  n: number;
  from?: string;
  to?: string;
  about?: string;
  kind?: MemoryKind;
  forward?: boolean;
}

/** Ways of looking at all of it: along time, in figures, by relationships. */
export function addLooks(parser: Command, context: Context): void {
  parser
    .command("timeline")
    .description("What was told and what happened, day by day.")
    .option("-n <number>", "how many", wholeNumber(1, 1000), 40)
    .option("--from <time>", "nothing before; in plain words, too")
    .option("--to <time>", "nothing after; a day counts whole")
    .option("--about <name>", "that speaks of somebody or something")
    .addOption(new Option("--kind <kind>", "of one kind").choices([...memoryKinds]))
    .option("--forward", "the earliest first")
    .addHelpText("after", "\nExample:\n  mh memory timeline --about Sarah --from 2026-01-01")
    .action((options) => timeline(context, options));
  parser
    .command("stats")
    .description("How much there is of what, and since when.")
    .addHelpText("after", "\nExample:\n  mh memory stats")
    .action(() => stats(context));
  parser
    .command("relate <a> <b> <type>")
    .description("Relate two people, projects or things; the relationship reads from both ends.")
    .option("--since <day>", "since when")
    .addHelpText("after", '\nExample:\n  mh memory relate Sarah "ML project" works-on --since 2026-03-01')
    .action(async (a, b, type, { since }) => {
      const args = { a, b, type, ...(since && { since }) };
      const value = await actOnce(context, "relationship.relate", args);
      if (context.print.isJson) return context.print.json(value);
      const end = value.known ? "known already" : shortId(value.id);
      context.print.line(`${visible(a)} —${type}→ ${visible(b)}  ${context.print.color.dim(end)}`);
    });
  parser
    .command("relationships <name>")
    .description("The relationships of somebody or something.")
    .addHelpText("after", "\nExample:\n  mh memory relationships Sarah")
    .action((name) => relationships(context, name));
  parser
    .command("map <around>")
    .description("What is near a memory, or somebody or something that memories name.")
    .option("-n <number>", "how much at most", wholeNumber(2, 150), 40)
    .addHelpText("after", "\nExample:\n  mh memory map Sarah")
    .action((around, { n }) => map(context, around, n));
}

async function map(context: Context, around: string, limit: number): Promise<void> {
  const { print } = context;
  const found = await actOnce(context, "memory.map", { around, limit });
  if (print.isJson) return print.json(found);
  print.page();
  for (const { label, kind, distance, id } of found.nodes) {
    const end = kind === "memory" ? shortId(id) : kind;
    print.line(hang("  ".repeat(distance), `${visible(label)}  ${print.color.dim(end)}`, print.width));
  }
  const against = found.edges.filter(({ why }) => why === "contradicts");
  if (against.length > 0) print.note(`${counted(against.length, "pair")} of facts cannot hold together.`);
  if (found.more) print.note("There is more: -n shows it.");
}

async function timeline(context: Context, { n, kind, from, to, about, forward }: TimelineOptions): Promise<void> {
  const { print } = context;
  const args: ArgsFor<"memory.timeline"> = {
    limit: n,
    ...(await between({ ...(from && { from }), ...(to && { to }) })),
    ...(about && { about }),
    ...(kind && { kinds: [kind] }),
    ...(forward && { forward }),
  };
  const { moments, more } = await actOnce(context, "memory.timeline", args);
  if (print.isJson) return print.json({ moments, more });
  if (moments.length === 0) return print.line("Nothing in that time.");
  const { bold, dim, cyan } = print.color;
  print.page();
  let day = "";
  for (const { at, why, memory } of moments) {
    const name = print.moment(at).replace(/ \d\d:\d\d$/, "");
    if (name !== day) print.line(bold(name));
    day = name;
    const told = (datedWords(memory) ?? "told").padEnd(7);
    const text = clip(
      visible(memory.content.replaceAll(/\s+/g, " ").trim()),
      Math.max(20, print.width - 15 - told.length),
    );
    print.line(`  ${why === "happens" ? cyan("happens") : dim(told)}  ${text}  ${dim(shortId(memory.id))}`);
  }
  if (more) print.note("There is more: -n, --from and --to.");
}

async function stats(context: Context): Promise<void> {
  const { print } = context;
  const found = await actOnce(context, "memory.stats", {});
  if (print.isJson) return print.json(found);
  const { kinds, sources, months, tasks, people, facts, forgotten, retracted, lines, bytes, firstAt, lastAt } = found;
  const listed = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, n]) => `${n} ${name}`)
      .join(", ") || "none";
  const rows = [
    ["memories", listed(kinds)],
    ["span", firstAt && lastAt ? `${print.day(firstAt)} to ${print.day(lastAt)}` : "none"],
    ["sources", listed(Object.fromEntries(sources.map(({ source, memories }) => [visible(source), memories])))],
    [
      "months",
      months
        .slice(0, 6)
        .map(({ month, memories }) => `${month}: ${memories}`)
        .join(", ") || "none",
    ],
    ["people", String(people)],
    ["facts", String(facts)],
    ["tasks", listed(tasks)],
    ["gone", `${forgotten} forgotten, ${retracted} taken back or merged`],
    ["on disk", `${counted(lines, "line")}, ${counted(Math.ceil(bytes / 1024), "KB", "KB")}`],
  ];
  print.line(table(rows, print.width));
}

async function relationships(context: Context, name: string): Promise<void> {
  const { print } = context;
  const found = await actOnce(context, "relationship.show", { name });
  if (print.isJson) return print.json(found);
  const { bold, dim } = print.color;
  print.line(`${bold(visible(found.name))}  ${dim(`in ${counted(found.mentions, "memory", "memories")}`)}`);
  for (const each of found.relationships) printRelationship(print, each);
  if (found.together.length === 0) return;
  const names = found.together.map((each) => `${visible(each.name)} ${each.times}×`).join(", ");
  print.line(hang("  together with  ", names, print.width));
}
