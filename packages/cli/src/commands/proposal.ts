import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { aboutText } from "../about-text.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { clip, hang, shortId, wrap } from "../print.ts";

export type ProposalView = ValueFor<"proposal.list">["proposals"][number];

export const command: CommandModule = {
  uses: ["proposal.list", "proposal.accept", "proposal.dismiss"],
  build(parser, context) {
    parser.addHelpText("after", "\nExamples:\n  mh proposal\n  mh proposal accept a1b2c3d4 e5f6a7b8");
    parser
      .command("list", { isDefault: true })
      .description("What agents propose, with what it rests on. Nothing of it is done before you accept it.")
      .option("--all", "what you answered, too")
      .addHelpText("after", "\nExample:\n  mh proposal list --all")
      .action(({ all }) => list(context, all === true));
    parser
      .command("accept <id...>")
      .description("Do what was proposed; `mh undo` takes it back.")
      .addHelpText("after", "\nExample:\n  mh proposal accept a1b2c3d4")
      .action((ids) => answer(context, "proposal.accept", ids));
    parser
      .command("dismiss <id...>")
      .description("Do nothing of it; it is not proposed again.")
      .addHelpText("after", "\nExample:\n  mh proposal dismiss a1b2c3d4 e5f6a7b8")
      .action((ids) => answer(context, "proposal.dismiss", ids));
  },
};

async function list(context: Context, all: boolean): Promise<void> {
  const { print } = context;
  const { proposals, more } = await actOnce(context, "proposal.list", all ? { all } : {});
  if (print.isJson) return print.json({ proposals, more });
  if (proposals.length === 0) return print.line(all ? "Nothing was ever proposed." : "Nothing is proposed.");
  print.page();
  showProposals(context, proposals);
  print.note(`\n${counted(proposals.length, "proposal")}${more ? "; there are earlier ones" : ""}.`);
  if (!all) print.note("`mh proposal accept ID` does it, `mh proposal dismiss ID` does not.");
}

const titles: Record<ProposalView["does"]["type"], string> = {
  fact: "Fact",
  routine: "Routine",
  preference: "Preference",
  task: "Task",
  memory: "Memory",
  reflection: "Reflection",
  review: "Look over",
  merge: "Merge",
  retire: "Fact",
  forsake: "Retire",
  archive: "Archive",
  dismiss: "Tidy",
};

/** Each with why and on what it rests; what another would dismiss stands below that one. */
export function showProposals(context: Context, proposals: readonly ProposalView[]): void {
  const { print } = context;
  const { dim } = print.color;
  for (const each of proposals.filter(({ foldedInto }) => foldedInto === null)) {
    const status = each.status === "open" ? "" : dim(`  ${each.status}`);
    print.line(
      hang(`${dim(shortId(each.id))}  `, `${titles[each.does.type]}: ${visible(each.text)}${status}`, print.width),
    );
    const by = each.origins.filter((origin) => origin !== "owner").join(", ");
    print.line(indented(context, `${each.why}${by && ` From ${by}.`}`));
    for (const { id, text } of each.sources)
      print.line(indented(context, `${shortId(id)} ${clip(aboutText(text), 100)}`));
    if (each.lost > 0)
      print.line(indented(context, `${counted(each.lost, "memory", "memories")} that it rests on is gone.`));
    for (const folded of proposals.filter(({ foldedInto }) => foldedInto === each.id))
      print.line(indented(context, `${shortId(folded.id)} ${clip(aboutText(folded.text), 100)}`));
  }
}

const indented = ({ print }: Context, text: string): string =>
  hang("          ", print.color.dim(visible(text)), print.width);

async function answer(context: Context, skill: "proposal.accept" | "proposal.dismiss", ids: string[]): Promise<void> {
  const { print } = context;
  const { ids: answered, made, contradicts } = await actOnce(context, skill, { ids });
  if (print.isJson) return print.json({ ids: answered, made, contradicts });
  const verb = skill === "proposal.accept" ? "Accepted" : "Dismissed";
  const came = made.length > 0 ? ` (${made.map(shortId).join(", ")})` : "";
  print.line(`${verb}: ${counted(answered.length, "proposal")}${came}.`);
  for (const { id, object } of contradicts)
    print.line(wrap(`${shortId(id)} says otherwise and stays: ${visible(object)}`, print.width));
}
