import type { Command } from "@commander-js/extra-typings";
import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context } from "../command.ts";
import { textOf } from "../input.ts";
import { counted } from "../numbers.ts";
import { each } from "../options.ts";
import { hang, shortId, wrap } from "../print.ts";

interface FactOptions {
  since?: string;
  until?: string;
  confidence?: string;
  source?: string[];
  replace?: boolean;
}

/** What is stated rather than lived: facts, how things are done, preferences. */
export function addFacts(parser: Command, context: Context): void {
  const { print } = context;
  parser
    .command("fact <subject> <predicate> <object...>")
    .description("State a fact. What it contradicts is shown, and stays unless it is replaced.")
    .option("--since <day>", "it holds from then on")
    .option("--until <day>", "it no longer holds from then on")
    .option("--confidence <number>", "0 to 1")
    .option("--source <id>", "a memory that says so; several: say it again", each)
    .option("--replace", "end the facts that it contradicts")
    .addHelpText("after", '\nExample:\n  mh memory fact Sarah works-at "Lindau Energie" --since 2026-03-01 --replace')
    .action((subject, predicate, words, options) =>
      fact(context, { subject, predicate, object: words.join(" ") }, options),
    );
  for (const [verb, status, text] of [
    ["confirm", "confirmed", "Confirm a fact."],
    ["revoke", "revoked", "Revoke a fact: it stays on record and no longer counts."],
  ] as const) {
    parser
      .command(`${verb} <id>`)
      .description(text)
      .addHelpText("after", `\nExample:\n  mh memory ${verb} a1b2c3d4`)
      .action(async (id) => {
        const value = await actOnce(context, "fact.review", { id, status });
        if (print.isJson) return print.json(value);
        print.line(`${status[0]?.toUpperCase()}${status.slice(1)}: ${shortId(value.id)}.`);
      });
  }
  parser
    .command("learn <title> <text...>")
    .description("Keep how something is done, as a Markdown file of its own.")
    .option("--tag <tag>", "a tag; several: say it again", each)
    .addHelpText("after", '\nExample:\n  mh memory learn "Restart the router" "Hold the button for ten seconds"')
    .action(async (title, words, { tag }) => {
      const args = { title, text: textOf(words), ...(tag && { tags: tag }) };
      noteKept(context, await actOnce(context, "memory.learn", args, { make: true }));
    });
  parser
    .command("prefer <text...>")
    .description("Keep what you like, want or do not want.")
    .option("--tag <tag>", "a tag; several: say it again", each)
    .addHelpText("after", '\nExample:\n  mh memory prefer "No calls before ten"')
    .action(async (words, { tag }) => {
      const args = { text: textOf(words), ...(tag && { tags: tag }) };
      noteKept(context, await actOnce(context, "memory.prefer", args, { make: true }));
    });
  parser
    .command("consolidate")
    .description("See what says the same twice; --apply merges it. No memory goes without a trace.")
    .option("--apply", "merge")
    .addHelpText("after", "\nExample:\n  mh memory consolidate --apply")
    .action(({ apply }) => consolidate(context, apply ?? false));
}

async function fact(
  context: Context,
  stated: { subject: string; predicate: string; object: string },
  { since, until, confidence, source, replace }: FactOptions,
): Promise<void> {
  const { print } = context;
  const args: ArgsFor<"fact.add"> = {
    ...stated,
    ...(since && { validFrom: since }),
    ...(until && { validTo: until }),
    ...(confidence !== undefined && { confidence: Number(confidence) }),
    ...(source && { sources: source }),
    ...(replace && { replace }),
  };
  const value = await actOnce(context, "fact.add", args, { make: true });
  if (print.isJson) return print.json(value);
  const { green, yellow, dim } = print.color;
  print.line(`${green(value.known ? "Known already." : "Stated.")} ${dim(shortId(value.id))}`);
  for (const each of value.replaced)
    print.line(hang("  ended  ", `${visible(each.object)} ${dim(shortId(each.id))}`, print.width));
  for (const each of value.before)
    print.line(hang("  before  ", `${visible(each.object)} ${dim(shortId(each.id))}`, print.width));
  for (const each of value.after) {
    const since = each.since ? `, since ${each.since}` : "";
    print.line(hang("  later   ", `${visible(each.object)}${since} ${dim(shortId(each.id))}`, print.width));
  }
  for (const each of value.contradicts) {
    print.line(hang(`  ${yellow("against")}  `, `${visible(each.object)} ${dim(shortId(each.id))}`, print.width));
  }
  if (value.contradicts.length > 0) print.note("Both stay. --replace ends the older, mh memory revoke takes one back.");
}

function noteKept({ print }: Context, value: ValueFor<"memory.learn" | "memory.prefer">): void {
  if (print.isJson) return print.json(value);
  const text = `${print.color.green("Kept.")} ${print.color.dim(shortId(value.id))}  ${visible(value.path)}`;
  print.line(wrap(text, print.width));
}

async function consolidate(context: Context, apply: boolean): Promise<void> {
  const { print } = context;
  const found = apply
    ? (await actOnce(context, "memory.consolidate", {})).merged
    : (await actOnce(context, "memory.propose", {})).merges;
  if (print.isJson) return print.json({ applied: apply, merges: found });
  if (found.length === 0) return print.line("Nothing says the same twice.");
  const gone = found.reduce((sum, { others }) => sum + others.length, 0);
  for (const { content, others } of found.slice(0, 10)) {
    print.line(wrap(`${others.length + 1} × ${visible(content.replaceAll(/\s+/g, " "))}`, print.width));
  }
  if (found.length > 10) print.line(`… and ${counted(found.length - 10, "more", "more")}`);
  if (apply)
    print.line(
      `Merged: ${counted(gone, "memory", "memories")} into ${counted(found.length, "other")}. mh undo takes it back.`,
    );
  else print.note(`\n${counted(gone, "memory", "memories")} could be merged: mh memory consolidate --apply`);
}
