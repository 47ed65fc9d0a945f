import type { Command } from "@commander-js/extra-typings";
import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import type { StandingFact } from "@mh/contract/facts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { hang, type Printer, shortId } from "../print.ts";
import { beginsAt } from "../told-time.ts";
import { dayTold, toldOn } from "./told.ts";

interface FactsOptions {
  n: number;
  predicate?: string;
  on?: string;
  asOf?: string;
  against?: boolean;
}

/** What facts say: now, before, and against each other. */
export function addKnown(parser: Command, context: Context): void {
  parser
    .command("facts [name]")
    .description("What facts say: what holds, what held before, and what contradicts what.")
    .option("-n <number>", "how many", wholeNumber(1, 1000), 100)
    .option("--predicate <predicate>", "only those that say this of it, as works-at")
    .option("--on <day>", "how they stood on this day; in plain words, too")
    .option("--as-of <time>", "what was on record at this time, whatever was learned since")
    .option("--against", "only those that another one contradicts")
    .addHelpText(
      "after",
      "\nExamples:\n  mh memory facts Sarah --on 2025-06-01\n  mh memory facts Sarah --as-of yesterday",
    )
    .action((name, options) => facts(context, name, options));
  parser
    .command("about <name>")
    .description("All that is known of a person, a place or a project: facts now and before, relations, last mentions.")
    .option("-n <number>", "how many of the latest memories", wholeNumber(1, 100), 5)
    .addHelpText("after", "\nExample:\n  mh memory about Sarah")
    .action((name, { n }) => about(context, name, n));
  parser
    .command("reach <name>")
    .description("Who and what is connected with somebody, over several facts.")
    .option("--steps <number>", "how many facts a way may have", wholeNumber(1, 5), 2)
    .option("-n <number>", "how many", wholeNumber(1, 500), 100)
    .addHelpText("after", "\nExample:\n  mh memory reach Sarah --steps 3")
    .action((name, { steps, n }) => reach(context, name, steps, n));
}

async function facts(context: Context, name: string | undefined, options: FactsOptions): Promise<void> {
  const { print } = context;
  const { n, predicate, on, asOf, against } = options;
  const args: ArgsFor<"fact.list"> = {
    limit: n,
    ...(name !== undefined && { about: name }),
    ...(predicate && { predicate }),
    ...(on && { on: dayOf(await beginsAt(on)) }),
    ...(asOf && { recordedBy: await beginsAt(asOf) }),
    ...(against && { contradicted: true }),
  };
  const found = await actOnce(context, "fact.list", args);
  if (print.isJson) return print.json(found);
  if (found.facts.length === 0) return print.line(against ? "No two facts contradict each other." : "No fact says so.");
  print.page();
  for (const each of found.facts) printFact(print, each);
  if (found.more) print.note("There is more: -n shows it.");
}

export async function about(context: Context, name: string, last: number): Promise<void> {
  const { print } = context;
  const card = await actOnce(context, "memory.about", { name, last });
  if (print.isJson) return print.json(card);
  print.page();
  const { bold, dim } = print.color;
  const kinds = card.kinds.map(({ kind }) => kind).join(", ");
  const span = card.firstAt && card.lastAt ? `${print.day(card.firstAt)} to ${print.day(card.lastAt)}` : "";
  const head = [kinds, `in ${counted(card.mentions, "memory", "memories")}`, span].filter(Boolean).join(", ");
  print.line(`${bold(visible(card.name))}  ${dim(head)}`);
  if (card.aliases.length > 0)
    print.line(hang("  also  ", card.aliases.map((each) => visible(each)).join(", "), print.width));
  if (card.lastContact) {
    const { at, how, memory } = card.lastContact;
    print.line(hang("  last contact  ", `${print.moment(at)}  ${dim(`${how}  ${shortId(memory)}`)}`, print.width));
  }
  if (card.topics.length > 0)
    print.line(
      hang("  topics  ", card.topics.map(({ name, times }) => `${visible(name)} ${times}×`).join(", "), print.width),
    );
  for (const each of card.relationships) printRelationship(print, each);
  for (const each of card.memories)
    print.line(hang(`  ${dayTold(print, each)}  `, `“${visible(each.text)}”  ${dim(shortId(each.id))}`, print.width));
  if (card.together.length > 0) {
    const names = card.together.map((each) => `${visible(each.name)} ${each.times}×`).join(", ");
    print.line(hang("  together with  ", names, print.width));
  }
}

/** A fact, read from the end that was asked for, with how it stands. */
export function printRelationship(print: Printer, each: ValueFor<"relationship.show">["relationships"][number]): void {
  const { id, direction, type, other, fact, standing, until, against } = each;
  const stands = [standing !== "now" && standing, against.length > 0 && "contradicted"];
  const more = [...stands, factTimes(fact, until), fact.status].filter(Boolean).join(", ");
  const text = direction === "out" ? `${type} → ${visible(other)}` : `${visible(other)} → ${type}`;
  print.line(hang("  ", `${text}  ${print.color.dim(`${more}  ${shortId(id)}`)}`, print.width));
}

async function reach(context: Context, name: string, steps: number, limit: number): Promise<void> {
  const { print } = context;
  const found = await actOnce(context, "relationship.reach", { name, steps, limit });
  if (print.isJson) return print.json(found);
  if (found.reached.length === 0) return print.line("No fact leads from there.");
  print.page();
  for (const each of found.reached) {
    const way = each.way.map(({ subject, predicate, object, standing }) => {
      return `${visible(subject)} —${visible(predicate)}→ ${visible(object)}${standing === "now" ? "" : ` (${standing})`}`;
    });
    print.line(hang("  ".repeat(each.steps), `${visible(each.name)}  ${print.color.dim(way.join("; "))}`, print.width));
  }
  if (found.more) print.note("There is more: -n shows it.");
}

/** A fact with its times, and under it what says otherwise. */
function printFact(print: Printer, each: StandingFact): void {
  const { id, fact, standing, until, against } = each;
  const { dim, yellow } = print.color;
  const { subject, predicate, object } = fact;
  const lead = standing === "now" ? "" : `${standing}  `;
  const text = `${visible(subject)} — ${visible(predicate)}: ${visible(object)}`;
  const more = [factTimes(fact, until), toldOn(print, each), fact.status, sure(fact.confidence), shortId(id)];
  print.line(hang("", `${lead}${text}  ${dim(more.filter(Boolean).join(", "))}`, print.width));
  for (const other of against) {
    const since = other.since ? `since ${other.since}, ` : "";
    const rest = `${since}told ${print.day(`${other.told}T12:00:00Z`)}, ${shortId(other.id)}`;
    print.line(hang(`  ${yellow("against")}  `, `${visible(other.object)}  ${dim(rest)}`, print.width));
  }
}

/** "since 2024-01-01 until 2026-03-01"; empty where nothing is told. */
const factTimes = ({ validFrom }: { validFrom?: string | undefined }, until: string | null): string =>
  [validFrom && `since ${validFrom}`, until && `until ${until}`].filter(Boolean).join(" ");

const sure = (confidence: number): string => (confidence === 1 ? "" : `${Math.round(confidence * 100)} % sure`);

/** The day of an instant where this process is. */
const dayOf = (iso: string): string => new Intl.DateTimeFormat("en-CA", { dateStyle: "short" }).format(new Date(iso));
