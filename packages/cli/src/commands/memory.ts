import { Option } from "@commander-js/extra-typings";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { type MemoryKind, memoryKinds } from "@mh/contract/values/memory-kinds.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, alsoTell, type CommandModule, type Context, valueFrom } from "../command.ts";
import { confirmDestroy } from "../consent.ts";
import { textOf } from "../input.ts";
import { addFacts } from "../memory/facts.ts";
import { addKnown } from "../memory/known.ts";
import { addLooks } from "../memory/look.ts";
import { printRests, restsOf } from "../memory/rests.ts";
import { dayTold, momentTold } from "../memory/told.ts";
import { showTraces } from "../memory/traces.ts";
import { counted, thousands } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { clip, shortId, table, wrap } from "../print.ts";

export const command: CommandModule = {
  uses: [
    "memory.list",
    "memory.show",
    "memory.evidence",
    "decision.held",
    "memory.edit",
    "memory.forget",
    "memory.archive",
    "memory.unarchive",
    "memory.traces",
    "memory.vouch",
    "memory.embed",
    "relationship.list",
    "approval.show",
    "approval.approve",
    "relationship.relate",
    "relationship.show",
    "memory.timeline",
    "memory.map",
    "memory.stats",
    "memory.learn",
    "memory.prefer",
    "memory.propose",
    "memory.consolidate",
    "fact.add",
    "fact.list",
    "memory.about",
    "relationship.reach",
    "fact.review",
  ],
  build(parser, context) {
    parser.addHelpText("after", "\nExamples:\n  mh memory list --about Sarah\n  mh memory forget 0199c1a2");
    parser
      .command("list")
      .description("The latest memories, or all of them.")
      .option("-n <number>", "how many", wholeNumber(1, 1000), 20)
      .option("--all", "all, oldest first")
      .option("--about <name>", "that speak of somebody or something")
      .option("--archived", "those that were archived")
      .addOption(new Option("--kind <kind>", "of one kind").choices([...memoryKinds]))
      .addHelpText("after", "\nExample:\n  mh memory list --all --json > memories.ndjson")
      .action((options) => list(context, options));
    parser
      .command("show <id>")
      .description("One memory, whole.")
      .addHelpText("after", "\nExample:\n  mh memory show 0199c1a2")
      .action((id) => show(context, id));
    parser
      .command("edit <id> <text...>")
      .description("Correct what a memory says; the earlier words stay in its file.")
      .addHelpText("after", '\nExample:\n  mh memory edit 0199c1a2 "Met with Sara about the ML project"')
      .action(async (id, words) => {
        const value = await actOnce(context, "memory.edit", { id, text: textOf(words) });
        if (context.print.isJson) return context.print.json(value);
        context.print.line(`Corrected: revision ${value.rev} of ${shortId(value.id)}.`);
      });
    parser
      .command("vouch <id...>")
      .description("Take memories that were written by hand as your own words.")
      .addHelpText("after", "\nExample:\n  mh memory vouch 0199c1a2")
      .action(async (ids) => {
        const value = await actOnce(context, "memory.vouch", { ids });
        if (context.print.isJson) return context.print.json(value);
        context.print.line(`Yours from now on: ${value.ids.map(shortId).join(", ")}.`);
      });
    parser
      .command("archive <id...>")
      .description("Leave memories out of lists and of the first search; `mh search --archived` still finds them.")
      .addHelpText("after", "\nExample:\n  mh memory archive 0199c1a2")
      .action((ids) => shelve(context, "memory.archive", ids));
    parser
      .command("unarchive <id...>")
      .description("Bring archived memories back.")
      .addHelpText("after", "\nExample:\n  mh memory unarchive 0199c1a2")
      .action((ids) => shelve(context, "memory.unarchive", ids));
    parser
      .command("forget <id>")
      .description("Remove what a memory says, everywhere and for good. Asks first.")
      .option("--yes", "do not ask")
      .option("--check", "of one that was forgotten: look once more whether words of it are left anywhere")
      .addHelpText("after", "\nExamples:\n  mh memory forget 0199c1a2\n  mh memory forget 0199c1a2 --check")
      .action((id, { yes, check }) => (check ? showTraces(context, id) : forget(context, id, yes ?? false)));
    parser
      .command("embed")
      .description("Make the vectors by which memories are found by meaning; the daemon does it by itself.")
      .addHelpText("after", "\nExamples:\n  mh config set memory.embedder use\n  mh memory embed")
      .action(() => embed(context));
    parser
      .command("people")
      .description("The people your memories speak of.")
      .addHelpText("after", "\nExample:\n  mh memory people")
      .action(() => people(context));
    addLooks(parser, context);
    addKnown(parser, context);
    addFacts(parser, context);
  },
};

async function embed(context: Context): Promise<void> {
  const { print } = context;
  const value = await actOnce(context, "memory.embed", {}, { doing: "Embedding" });
  if (print.isJson) return print.json(value);
  const { embedder, made, refused, vectors } = value;
  if (embedder === null)
    return print.line("The settings name no embedder, and there are no vectors. `mh help models` says how to get one.");
  print.line(`${counted(made, "vector")} made by ${visible(embedder)}; there are ${thousands(vectors)} now.`);
  if (refused > 0) print.note(`It makes none of ${counted(refused, "text")}; these are found by their words.`);
}

interface ListOptions {
  n: number;
  all?: boolean;
  about?: string;
  archived?: boolean;
  kind?: MemoryKind;
}

async function list(context: Context, { n, all, about, archived, kind }: ListOptions): Promise<void> {
  await using client = await context.connect();
  context.print.page();
  // All of them are all: what is written into a file from here is whole.
  const among = archived ? ("only" as const) : all ? ("too" as const) : undefined;
  const filter = {
    ...(about && { about }),
    ...(kind && { kinds: [kind] }),
    ...(among && { archived: among }),
  } as const;
  let after: string | null | undefined;
  do {
    const args = all ? { limit: 1000, ...filter, ...(after && { after }) } : { limit: n, latest: true, ...filter };
    const page = valueFrom(context, await client.act("memory.list", args));
    for (const record of page.memories) printLine(context, record);
    after = all ? page.next : null;
  } while (after !== null && after !== undefined && !context.signal.aborted);
}

function printLine({ print }: Context, record: MemoryRecord): void {
  if (print.isJson) {
    const {
      id,
      externalId = null,
      content,
      at,
      datedBy,
      archived,
      kind,
      tags,
      entities,
      session = null,
      speaker = null,
      source,
      count,
    } = record;
    const when = { at, ...(datedBy && { datedBy }), ...(archived && { archived }) };
    return print.json({ id, externalId, content, ...when, kind, tags, entities, session, speaker, source, count });
  }
  const { dim } = print.color;
  const text = visible(record.content.replaceAll(/\s+/g, " ").trim());
  const when = dayTold(print, record).padEnd(16);
  print.line(`${dim(shortId(record.id))}  ${when}  ${clip(text, Math.max(20, print.width - 12 - when.length))}`);
}

async function show(context: Context, id: string): Promise<void> {
  const { print } = context;
  const value = await actOnce(context, "memory.show", { id });
  const { memory } = value;
  const evidence = await restsOf(context, memory);
  if (print.isJson) return print.json({ ...memory, linkedFrom: value.linkedFrom, ...(evidence && { evidence }) });
  print.page();
  print.line(wrap(visible(memory.content, { multiline: true }), print.width));
  print.line();
  const rows: string[][] = [
    ["id", memory.id],
    ["at", momentTold(print, memory)],
    [
      "recorded",
      `${print.moment(memory.recordedAt)}  revision ${memory.rev}${memory.count > 1 ? `, told ${memory.count} times` : ""}`,
    ],
    ["kind", memory.kind],
    ["source", [memory.source, memory.externalId].filter(Boolean).join("  ")],
    ["origins", memory.origins.join(", ")],
  ];
  if (memory.archived) rows.push(["archived", print.moment(memory.archived)]);
  if (memory.speaker) rows.push(["speaker", memory.speaker]);
  if (memory.session) rows.push(["session", memory.session]);
  if (memory.entities.length > 0) rows.push(["about", memory.entities.map((e) => `${e.name} (${e.kind})`).join(", ")]);
  if (memory.tags.length > 0) rows.push(["tags", memory.tags.join(", ")]);
  for (const when of memory.eventAt)
    rows.push(["when", `${when.text}: ${print.moment(when.from)} to ${print.moment(when.to)}`]);
  const { fact } = memory;
  if (fact) {
    rows.push(["fact", `${fact.status}, confidence ${fact.confidence}`]);
    if (fact.validFrom || fact.validTo) rows.push(["holds", `${fact.validFrom ?? "…"} to ${fact.validTo ?? "…"}`]);
    for (const source of fact.sources) rows.push(["rests on", source]);
  }
  for (const link of memory.links) rows.push(["link", `${link.type} ${link.to}`]);
  for (const from of value.linkedFrom) rows.push(["linked from", from]);
  print.line(
    table(
      rows.map((row) => row.map((cell) => visible(cell))),
      print.width,
    ),
  );
  if (!evidence) return;
  print.line();
  printRests(print, evidence);
}

async function shelve(
  context: Context,
  skill: "memory.archive" | "memory.unarchive",
  given: readonly string[],
): Promise<void> {
  const { ids } = await actOnce(context, skill, { ids: [...given] });
  if (context.print.isJson) return context.print.json({ ids });
  const did = skill === "memory.archive" ? "Archived" : "Brought back";
  context.print.line(`${did}: ${ids.map(shortId).join(", ")}.`);
}

async function forget(context: Context, id: string, yes: boolean): Promise<void> {
  const { print } = context;
  const value = await confirmDestroy(
    context,
    "memory.forget",
    { id },
    {
      yes,
      question: "Forget this? The text goes; the log keeps that something was forgotten.",
    },
  );
  if (!print.isJson) print.line(`Forgotten: ${shortId(value.id)}.`);
  const more = { externalId: value.externalId ?? null, status: "forgotten" };
  if (await alsoTell(context, () => showTraces(context, value.id, more))) return;
  if (print.isJson) print.json({ id: value.id, ...more });
  print.note(`\`mh memory forget ${shortId(value.id)} --check\` looks whether words of it are left.`);
}

async function people(context: Context): Promise<void> {
  const { print } = context;
  const { people: found } = await actOnce(context, "relationship.list", {});
  if (print.isJson) return print.json({ people: found });
  if (found.length === 0) return print.line("Your memories speak of nobody yet.");
  const rows = found.map((p) => [visible(p.name), `${p.mentions}×`, `last ${print.day(p.lastAt)}`]);
  print.page();
  print.line(table(rows, print.width));
}
