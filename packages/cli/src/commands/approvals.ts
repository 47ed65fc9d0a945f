import type { ApprovalRow } from "@mh/contract/values/approval.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { addAgainCommand } from "../approvals/again.ts";
import { answerValues } from "../approvals/answer-values.ts";
import { addBlockedCommand } from "../approvals/blocked.ts";
import { addOfferCommands, offerText } from "../approvals/offer.ts";
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
import { openDaemonPage } from "../daemon-page.ts";
import { each } from "../options.ts";
import { showParked } from "../parked-view.ts";
import { showPlans } from "../plan-view.ts";
import { hang, type Printer, shortId, wrap } from "../print.ts";

export const command: CommandModule = {
  uses: [
    ...[
      "approval.list",
      "approval.show",
      "approval.approve",
      "approval.deny",
      "approval.again",
      "approval.blocked",
      "approval.offer",
    ],
    ...["offer.decline", "policy.list", "policy.write", "policy.adopt"],
  ],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText("after", "\nExamples:\n  mh approvals\n  mh approvals approve 0199c1a2\n  mh approvals blocked");
    parser
      .command("list", { isDefault: true })
      .description("What waits for you, the plans in force, and rules that are offered to you.")
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
        print.page();
        showParked(print, view);
      });
    parser
      .command("open <id>")
      .description("Show it in your browser, and answer it there: by the page of the daemon.")
      .option("--print", "show the address with its token instead of opening it")
      .addHelpText("after", "\nExample:\n  mh approvals open 0199c1a2")
      .action((id: string, options: { print?: boolean }) => openPage(context, id, options.print ?? false));
    parser
      .command("approve <id>")
      .description("Approve it: it runs once, exactly as shown.")
      .option("--yes", "do not show it and ask again")
      .option("--set <name=value>", "a value that it asks for; may be given again", each)
      .addHelpText(
        "after",
        "\nExamples:\n  mh approvals approve 0199c1a2\n  mh approvals approve 0199c1a2 --set color=red --set coats=2",
      )
      .action((id: string, options: { yes?: boolean; set?: string[] }) => approve(context, id, options));
    parser
      .command("deny <id>")
      .description("Deny it.")
      .addHelpText("after", "\nExample:\n  mh approvals deny 0199c1a2")
      .action(async (id: string) => {
        const value = await actOnce(context, "approval.deny", { id });
        if (print.isJson) return print.json({ ...value, status: "refused" });
        print.line(`Refused: ${shortId(value.approval)}.`);
      });
    addAgainCommand(parser, context);
    addBlockedCommand(parser, context);
    addOfferCommands(parser, context);
  },
};

async function openPage(context: Context, id: string, isShown: boolean): Promise<void> {
  const { approval } = await actOnce(context, "approval.show", { id });
  await openDaemonPage(context, isShown, `&approval=${approval.id}`);
}

async function list(context: Context, all: boolean): Promise<void> {
  const { print } = context;
  const listed = await actOnce(context, "approval.list", { all });
  if (print.isJson) return print.json(listed);
  const { approvals, plans, offers } = listed;
  print.page();
  if (approvals.length === 0) print.line("No approval requests.");
  else showRequests(print, approvals);
  if (plans.length > 0) print.line(`\n${print.color.bold(all ? "Plans" : "Plans in force")}`);
  showPlans(print, plans);
  if (offers.length > 0) print.line(`\n${print.color.bold("Could be a rule of yours")}`);
  for (const offer of offers) print.line(hang(`${shortId(offer.id)}  `, offerText(offer), print.width));
}

function showRequests(print: Printer, approvals: readonly ApprovalRow[]): void {
  // Who asks for what is never cut, however narrow the window.
  for (const { id, status, expires_ms, principal, skill, reason } of approvals) {
    const until = status === "open" ? `until ${print.day(expires_ms)}` : status;
    const what = `${until}  ${visible(principal)}: ${visible(skill.split("@", 1)[0] ?? "")}`;
    print.line(hang(`${shortId(id)}  `, what, print.width));
    print.line(hang("          ", visible(reason), print.width));
  }
}

async function approve(context: Context, id: string, options: { yes?: boolean; set?: string[] }): Promise<void> {
  const { print } = context;
  const { yes = false, set = [] } = options;
  const view = await actOnce(context, "approval.show", { id });
  const values = set.length > 0 ? { values: answerValues(view.command?.question, set) } : {};
  if (!yes && view.approval.status === "open") {
    const short = shortId(view.approval.id);
    const later = ["mh approvals approve", short, ...set.map((pair) => `--set '${pair}'`), "--yes"].join(" ");
    const question = view.card
      ? "Approve this plan?"
      : view.command?.question
        ? "Answer it so?"
        : "Run this once, exactly as shown?";
    if (!(await approves(context, view, question, later))) {
      print.note(`Left open. \`mh approvals deny ${short}\` refuses it.`);
      throw new Exit(exitCodes.waiting);
    }
  }
  await using client = await context.connect();
  // The same answer once more, of a person who does not know whether the first one arrived, is told how that ended.
  const before = view.approval.status === "approved" && set.length === 0 ? view.approval : undefined;
  if (before)
    print.note(`It was approved ${print.day(before.answered_ms ?? before.asked_ms)}, and runs no second time.`);
  const { approval, run, offer } = before
    ? { approval: before.id, run: before.id }
    : valueFrom(
        context,
        await actUnlocked(context, client, "approval.approve", {
          ...{ id: view.approval.id, hash: view.hash },
          ...values,
        }),
      );
  const outcome = await client.wait(run);
  const isDone = outcome.status === "done" || outcome.status === "repeated";
  if (print.isJson) print.json({ approval, outcome, ...(offer && { offer }) });
  else if (isDone) print.line(`Done, once: ${shortId(approval)}.`);
  if (offer && !print.isJson) print.note(wrap(offerText(offer), print.width));
  if (view.command?.principal === "module:chat") await noteChat(context, view.command.task?.id ?? "");
  if (!isDone) throw new Exit(explainEnd(print, outcome));
}

/** What a chat asked for is gone on with there. */
async function noteChat({ print, root }: Context, chat: string): Promise<void> {
  const { findDaemon } = await import("@mh/host/daemon/daemon-file.ts");
  const short = shortId(chat);
  print.note(findDaemon(root) ? `The chat goes on by itself: mh chat show ${short}` : `Next: mh chat go-on ${short}`);
}
