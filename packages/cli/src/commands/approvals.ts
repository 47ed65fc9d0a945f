import { visible } from "@mh/core/model/visible.ts";
import {
  actOnce,
  actUnlocked,
  type CommandModule,
  type Context,
  Exit,
  exitCodes,
  explainEnd,
  valueFrom,
} from "../command.ts";
import { approves } from "../consent.ts";
import { showParked } from "../parked-view.ts";
import { shortId, table } from "../print.ts";

export const command: CommandModule = {
  uses: ["approval.list", "approval.show", "approval.approve", "approval.deny"],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText("after", "\nExamples:\n  mh approvals list\n  mh approvals approve 0199c1a2");
    parser
      .command("list", { isDefault: true })
      .description("Approval requests that wait for you.")
      .option("--all", "answered and lapsed ones, too")
      .addHelpText("after", "\nExample:\n  mh approvals list --all")
      .action(({ all }: { all?: boolean }) => list(context, all ?? false));
    parser
      .command("show <id>")
      .description("One approval request, whole.")
      .addHelpText("after", "\nExample:\n  mh approvals show 0199c1a2")
      .action(async (id: string) => {
        const view = await actOnce(context, "approval.show", { id });
        if (print.isJson) return print.json(view);
        showParked(print, view);
      });
    parser
      .command("approve <id>")
      .description("Approve it: it runs once, exactly as shown.")
      .option("--yes", "do not show it and ask again")
      .addHelpText("after", "\nExample:\n  mh approvals approve 0199c1a2")
      .action((id: string, { yes }: { yes?: boolean }) => approve(context, id, yes ?? false));
    parser
      .command("deny <id>")
      .description("Deny it.")
      .addHelpText("after", "\nExample:\n  mh approvals deny 0199c1a2")
      .action(async (id: string) => {
        const value = await actOnce(context, "approval.deny", { id });
        if (print.isJson) return print.json({ ...value, status: "refused" });
        print.line(`Refused: ${shortId(value.approval)}.`);
      });
  },
};

async function list(context: Context, all: boolean): Promise<void> {
  const { print } = context;
  const { approvals } = await actOnce(context, "approval.list", { all });
  if (print.isJson) return print.json({ approvals });
  if (approvals.length === 0) return print.line("No approval requests.");
  const rows = approvals.map((row) => [
    shortId(row.id),
    row.status === "open" ? `until ${print.day(row.expires_ms)}` : row.status,
    visible(row.principal),
    visible(row.skill.split("@", 1)[0] ?? ""),
    visible(row.reason),
  ]);
  print.page();
  print.line(table(rows, print.width));
}

async function approve(context: Context, id: string, yes: boolean): Promise<void> {
  const { print } = context;
  const view = await actOnce(context, "approval.show", { id });
  if (!yes && view.approval.status === "open") {
    const short = shortId(view.approval.id);
    const later = `mh approvals approve ${short} --yes`;
    if (!(await approves(context, view, "Run this once, exactly as shown?", later))) {
      print.note(`Left open. \`mh approvals deny ${short}\` refuses it.`);
      throw new Exit(exitCodes.waiting);
    }
  }
  await using client = await context.connect();
  const answer = await actUnlocked(context, client, "approval.approve", { id: view.approval.id, hash: view.hash });
  const { approval, run } = valueFrom(context, answer);
  const outcome = await client.wait(run);
  if (print.isJson) print.json({ approval, outcome });
  else if (outcome.status === "done") print.line(`Done, once: ${shortId(approval)}.`);
  if (outcome.status !== "done") throw new Exit(explainEnd(print, outcome));
}
