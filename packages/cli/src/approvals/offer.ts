import type { Command } from "@commander-js/extra-typings";
import type { ValueFor } from "@mh/contract/contracts.ts";
import type { RuleOffer } from "@mh/contract/values/offer.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context, Exit, exitCodes } from "../command.ts";
import { answered } from "../consent.ts";
import { judgedPast, showPast } from "../policy/past.ts";
import { hang, type Printer, shortId, wrap } from "../print.ts";

interface OfferOptions {
  yes?: boolean;
  dryRun?: boolean;
  never?: boolean;
}

type Draft = ValueFor<"approval.offer">;

/** `mh approvals routine` and `mh approvals ask-instead`: a rule is drafted, shown on the past, and adopted by the owner. */
export function addOfferCommands(parser: Command, context: Context): void {
  parser
    .command("routine <id>")
    .description("Let what you approved again and again pass without asking, by a rule of yours.")
    .option("--never", "do not offer it again")
    .option("--yes", "adopt it without asking")
    .option("--dry-run", "only show it")
    .addHelpText("after", "\nExample:\n  mh approvals routine 0199c1a2 --dry-run")
    .action((id, options) => (options.never ? decline(context, id) : offer(context, id, "allow", options)));
  parser
    .command("ask-instead <id>")
    .description("Be asked about what was denied, from now on, by a rule of yours.")
    .option("--yes", "adopt it without asking")
    .option("--dry-run", "only show it")
    .addHelpText("after", "\nExample:\n  mh approvals ask-instead 0199c1a2 --dry-run")
    .action((id, options) => offer(context, id, "ask", options));
}

/** What is offered, with the commands that show and decline it. */
export function offerText({ id, title, times }: RuleOffer): string {
  const short = shortId(id);
  return `${visible(title)}: you approved this ${times} times. \`mh approvals routine ${short}\` shows the rule, \`--never\` declines it.`;
}

async function offer(context: Context, id: string, to: "ask" | "allow", options: OfferOptions): Promise<void> {
  const { print } = context;
  const draft = await actOnce(context, "approval.offer", { id, to });
  const { inForce } = await actOnce(context, "policy.list", {});
  const after = [...inForce.filter((rule) => !draft.gone.includes(rule.id)), ...draft.added];
  const past = await judgedPast(context, { before: inForce, after });
  if (!print.isJson) {
    showDraft(print, draft);
    showPast(print, past);
  }
  const isLeft = options.dryRun || (!options.yes && !print.canAsk);
  if (isLeft && print.isJson) print.json({ ...draft, past, adopted: false });
  if (options.dryRun) return;
  if (!options.yes) {
    const later = "Nothing is written: nobody is here to answer. With --yes it is.";
    if (!(await answered(print, "Adopt this rule?", later))) {
      print.note("Not adopted.");
      throw new Exit(exitCodes.denied);
    }
  }
  const goes = inForce.filter((rule) => draft.gone.includes(rule.id));
  const adopted = await adopt(context, draft, [...draft.added, ...goes]);
  if (print.isJson) return print.json({ ...draft, past, adopted });
  const undo = "`mh undo`, then `mh policy adopt`, takes it back.";
  print.line(
    adopted
      ? wrap(`In force: ${visible(draft.title)}. ${undo}`, print.width)
      : wrap("Written. Other changes of your rules wait, too: `mh policy adopt` puts them all in force.", print.width),
  );
}

function showDraft(print: Printer, { title, before, after, added, gone, files }: Draft): void {
  print.line(print.color.bold(wrap(visible(title), print.width)));
  print.line(`The command that you named: ${before} becomes ${after}.\n`);
  for (const { id, text } of added) {
    if (gone.includes(id)) print.line(wrap(`In the place of your rule ${visible(id)}:`, print.width));
    print.line(`${visible(text, { multiline: true })}\n`);
  }
  print.line(hang("Written to  ", files.map(({ name }) => `persona/policy/${visible(name)}`).join(", "), print.width));
}

/** Writes the files, and adopts just these changes. False where others wait beside them: they are adopted by hand. */
async function adopt(context: Context, { files }: Draft, changed: readonly PolicyRule[]): Promise<boolean> {
  for (const file of files) await actOnce(context, "policy.write", file);
  const { pending } = await actOnce(context, "policy.list", {});
  // While both stand, a rule and the one in its place have other ids.
  if (!pending.every(({ rule }) => changed.some(({ text }) => text === rule.text))) return false;
  if (pending.length > 0) await actOnce(context, "policy.adopt", { shown: pending });
  return true;
}

async function decline(context: Context, id: string): Promise<void> {
  const { print } = context;
  const value = await actOnce(context, "offer.decline", { id });
  if (print.isJson) return print.json({ ...value, declined: true });
  print.line(`It is not offered again: ${shortId(value.id)}.`);
}
