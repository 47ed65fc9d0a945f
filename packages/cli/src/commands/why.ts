import { Fault } from "@mh/contract/values/fault.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { AllowedBy } from "@mh/core/kernel/explain-allowed.ts";
import { visible } from "@mh/core/model/visible.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import type { CommandModule } from "../command.ts";
import { hang, type Printer, shortId, wrap } from "../print.ts";
import { showLayers } from "../verdict-view.ts";

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    const { print, root, environment } = context;
    parser
      .argument("<event>", "a command's id, the beginning of one, or a record's number (`mh audit tail`)")
      .addHelpText("after", "\nExample:\n  mh why 0199c1a2")
      .action((which: string) => {
        const told = which.trim() === "" ? undefined : explainCommand(root, environment, which);
        if (!told)
          throw new Fault(
            "command.not-found",
            `The log knows nothing of "${visible(which)}". \`mh audit tail\` shows the latest.`,
          );
        if (print.isJson) return print.json(told);
        print.page();
        const { records, decided, causes, rejudged, rules, rights, allowedBy } = told;
        for (const record of records) print.line(wrap(sentence(print, record), print.width));
        for (const cause of causes) print.line(hang("  because of  ", sentence(print, cause), print.width));
        if (allowedBy.length > 0) print.line();
        for (const each of allowedBy) print.line(allowedLine(print, each));
        if (decided?.verdict && decided.layers) {
          print.line();
          const { verdict, layers } = decided;
          const layer = layers.find((report) => report.verdict === verdict)?.layer ?? "boundary";
          showLayers(print, { verdict, layer: verdict === "allow" ? "boundary" : layer, layers, rules: [] });
          for (const { id, title } of rules)
            print.line(hang("  rule ", `${visible(id)}: ${visible(title)}`, print.width));
          const [request] = decided.request ?? [];
          if (request) print.line(`  trust ${request.trust}, effect ${request.effect}, risk ${request.risk}`);
          for (const { right, seq } of rights) {
            const where = seq === null ? "NO record of the log gave it. Run mh doctor." : `given by record #${seq}`;
            print.line(hang("  ", `${visible(right)}: ${where}`, print.width));
          }
          for (const path of request?.unvouched ?? []) print.line(`  not from you: ${visible(path)}`);
        }
        print.line();
        if ("impossible" in rejudged) print.line(wrap(`Not worked out again: ${rejudged.impossible}.`, print.width));
        else if (rejudged.isSame)
          print.line("Worked out again from the log and the rules of that time: the same verdict.");
        else
          print.line(
            wrap(
              `Worked out again: ${rejudged.verdict.verdict}, which is NOT what the log says. Run mh audit verify.`,
              print.width,
            ),
          );
      });
  },
};

/** What let it happen, with the id by which more of it is shown. */
function allowedLine(print: Printer, each: AllowedBy): string {
  const { seq, at } = each;
  const where = at === undefined ? "NO record of the log gave it. Run mh doctor." : `${print.moment(at)}, #${seq}`;
  return print.color.bold(hang("Let through by  ", `${allowedText(each)}: ${where}`, print.width));
}

function allowedText({ kind, id, step = "", plan, title = "" }: AllowedBy): string {
  const named = `your plan “${visible(title)}” (${shortId(plan ?? id)})`;
  if (kind === "endorsement")
    return `your approval of another command of this task, which showed a value that this one uses (${shortId(id)})`;
  if (kind === "approval") return `your approval of just this command${plan ? `, as a change to ${named}` : ""}`;
  if (step === "change") return `the same change to ${named}, which you approved before`;
  return `${/^\d+$/.test(step) ? `step ${step}` : `the declared read ${visible(step)}`} of ${named}`;
}

const verbs: Partial<Record<JournalRecord["phase"], string>> = {
  intent: "was allowed and begun",
  deny: "was denied",
  ask: "was put to you for approval",
  approve: "was approved",
  refuse: "was refused by you",
  expire: "lapsed",
  grant: "brought a grant",
  trust: "set a trust level",
  adopt: "took in a change on disk",
  stop: "stopped everyone",
  resume: "let everyone go on",
  recovered: "repaired a torn write",
  checkpoint: "signed the log",
};

function sentence(print: Printer, record: JournalRecord): string {
  const { seq, ts, phase, principal, onBehalfOf, skill, outcome } = record;
  const what =
    phase === "outcome"
      ? `ended: ${outcome?.status}${outcome?.fault ? ` (${outcome.fault.code})` : ""}`
      : (verbs[phase] ?? phase);
  const who = onBehalfOf ? `${principal} for ${onBehalfOf}` : principal;
  const name = skill ? ` ${skill.split("@", 1)[0]}` : "";
  return `${print.moment(ts)}  ${visible(`${who}:${name} ${what}`)}${print.color.dim(`  #${seq}`)}`;
}
