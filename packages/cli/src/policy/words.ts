import type { Command } from "@commander-js/extra-typings";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context, Exit, exitCodes } from "../command.ts";
import { answered } from "../consent.ts";
import { wrap } from "../print.ts";
import { judgedPast, showPast } from "./past.ts";

interface WordOptions {
  yes?: boolean;
  dryRun?: boolean;
}

const kinds = {
  forbid: ["Forbid something in plain words.", 'mh policy forbid "send mail to anyone outside my contacts"'],
  ask: ["Be asked before something, in plain words.", 'mh policy ask "agents run programs after 20:00"'],
  allow: ["Propose that somebody may do something.", 'mh policy allow "agent mail sends mail to sarah@example.org"'],
} as const;

/** `mh policy forbid | ask | allow`: a sentence becomes a rule, is shown with what it changes, and is written. */
export function addWordCommands(parser: Command, context: Context): void {
  for (const [kind, [description, example]] of Object.entries(kinds) as [
    keyof typeof kinds,
    (typeof kinds)[keyof typeof kinds],
  ][]) {
    parser
      .command(`${kind} <sentence...>`)
      .description(description)
      .option("--yes", "write it without asking")
      .option("--dry-run", "only show it")
      .addHelpText("after", `\nExample:\n  ${example}`)
      .action((words, options) => write(context, kind, words.join(" "), options));
  }
}

async function write(
  context: Context,
  kind: keyof typeof kinds,
  sentence: string,
  options: WordOptions,
): Promise<void> {
  const { print } = context;
  const home = context.environment.HOME;
  // A shell leaves `~` alone inside quotes.
  const spelled = home ? sentence.replaceAll(/(^|\s)~(?=\/|\s|$)/g, `$1${home}`) : sentence;
  const draft = await actOnce(context, "policy.draft", { kind, sentence: spelled });
  const { inForce } = await actOnce(context, "policy.list", {});
  const rules = { before: inForce, added: { name: `${draft.slug}.cedar`, text: draft.text } };
  const past = await judgedPast(context, rules);
  if (!print.isJson) {
    print.line(print.color.bold(wrap(visible(draft.title), print.width)));
    print.line(`\n${visible(draft.cedar, { multiline: true })}`);
    showExamples(context, draft);
    showPast(print, past);
  }
  const isLeft = options.dryRun || (!options.yes && !print.canAsk);
  if (isLeft && print.isJson) print.json({ ...draft, past, written: null });
  if (options.dryRun) return;
  if (!options.yes) await confirmed(context);
  const args = { name: rules.added.name, text: draft.text };
  const { path } = await actOnce(context, "policy.write", args);
  if (print.isJson) return print.json({ ...draft, past, written: path });
  print.line(`Written to ${path}. ${kind === "allow" ? "It waits for `mh policy adopt`." : "It is in force."}`);
}

async function confirmed({ print }: Context): Promise<void> {
  const later = "Nothing is written: nobody is here to answer. With --yes it is.";
  if (await answered(print, "Write this rule?", later)) return;
  print.note("Not written.");
  throw new Exit(exitCodes.denied);
}

function showExamples({ print }: Context, { examples }: ValueFor<"policy.draft">): void {
  const told = examples.map(({ request, before, after }) => {
    const { scope = {}, ...rest } = request;
    const parts = [...Object.entries(rest), ...Object.entries(scope)].filter(([name]) => name !== "outsiders");
    const words = parts.map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
    const verdict = before === after ? `${after}, as now` : `${before} becomes ${after}`;
    return `  ${verdict}: ${visible(words.join(", "))}`;
  });
  print.line("For instance, where nothing else speaks against it:");
  for (const line of told) print.line(wrap(line, print.width));
}
