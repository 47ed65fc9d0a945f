import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { AllowedBy } from "@mh/core/kernel/explain-allowed.ts";
import { isHandOrigin } from "@mh/core/memory/hand-written.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { showClaim } from "../memory/claim.ts";
import { printRests, restsOf } from "../memory/rests.ts";
import { toldOn } from "../memory/told.ts";
import { hang, type Printer, shortId, wrap } from "../print.ts";
import { showLayers } from "../verdict-view.ts";

export const command: CommandModule = {
  uses: ["fact.why", "memory.show", "memory.evidence", "decision.held"],
  build(parser, context) {
    const { print, root, environment } = context;
    parser
      .argument(
        "<what...>",
        "a command's id, the beginning of one, or a record's number (`mh audit tail`); a memory's id; or a claim in a sentence",
      )
      .addHelpText(
        "after",
        '\nExamples:\n  mh why 0199c1a2\n  mh why 34bcbab9                    # why a memory is there\n  mh why "Sarah works at Acme"',
      )
      .action(async (words: string[]) => {
        const which = words.join(" ");
        if (/\S\s+\S/.test(which)) return await showClaim(context, which);
        const known = which.trim() === "" ? undefined : explainCommand(root, environment, which);
        const memory = known || which.trim() === "" ? undefined : await memoryNamed(context, which);
        const told = known ?? (memory?.cmd ? explainCommand(root, environment, memory.cmd) : undefined);
        if (!told && !memory)
          throw new Fault(
            "command.not-found",
            `The log knows nothing of "${visible(which)}", and no memory has that id. \`mh audit tail\` shows the latest.`,
          );
        const evidence = memory && (await restsOf(context, memory));
        if (print.isJson) return print.json({ ...told, ...(memory && { memory }), ...(evidence && { evidence }) });
        print.page();
        if (memory) showMemory(print, memory);
        if (evidence) {
          printRests(print, evidence);
          print.line();
        }
        if (!told) return print.line(memory && isByCommand(memory) ? inFileOfItsOwn : noCommand);
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

const noCommand = "No command wrote it: its line was typed into its file.";
const inFileOfItsOwn = "It stands in a Markdown file of its own, as commands left it: `mh audit tail` shows them.";

/** What a hand wrote into a file says so; the file of a procedure or preference names no command. */
const isByCommand = ({ kind, origins }: MemoryRecord): boolean =>
  (kind === "procedural" || kind === "preference") && !origins.some(isHandOrigin);

async function memoryNamed(context: Context, id: string): Promise<MemoryRecord | undefined> {
  try {
    return (await actOnce(context, "memory.show", { id })).memory;
  } catch (error) {
    if (error instanceof Fault && error.code === "memory.not-found") return undefined;
    throw error;
  }
}

/** What it says, where that came from, and when. */
function showMemory(print: Printer, memory: MemoryRecord): void {
  const { content, source, speaker, origins } = memory;
  print.line(wrap(`“${visible(content, { multiline: true }).trim()}”`, print.width, "  "));
  const who = speaker === undefined ? "" : `${visible(speaker)}, `;
  const from = `${who}${toldOn(print, memory)}, by ${visible(source)} (${visible(origins.join(", "))})`;
  print.line(print.color.dim(hang("    — ", from, print.width)));
  print.line();
}

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
  const { seq, ts, phase, principal, onBehalfOf, skill, outcome, body } = record;
  const waitsAgain = body?.waitsAgain ? ", taken back, and waits for you again" : "";
  const what =
    phase === "outcome"
      ? `ended: ${outcome?.status}${outcome?.fault ? ` (${outcome.fault.code})` : ""}${waitsAgain}`
      : (verbs[phase] ?? phase);
  const who = onBehalfOf ? `${principal} for ${onBehalfOf}` : principal;
  const name = skill ? ` ${skill.split("@", 1)[0]}` : "";
  return `${print.moment(ts)}  ${visible(`${who}:${name} ${what}`)}${print.color.dim(`  #${seq}`)}`;
}
