import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { BranchFound, RepairPlan } from "@mh/host/home/plan-repair.ts";
import { lookAtLog, repairLog } from "@mh/host/home/repair-log.ts";
import { type Context, Exit, exitCodes } from "./command.ts";
import { answered } from "./consent.ts";
import { counted } from "./numbers.ts";
import { wrap } from "./print.ts";

/** Shows what is found of a log that does not open, asks, and repairs it; false where it opens as it is. */
export async function repairAsked(
  context: Context,
  { isDecided, isBad }: { isDecided: boolean; isBad: boolean },
): Promise<boolean> {
  const { print, root, environment } = context;
  const plan = planOf(context, isBad);
  if (!plan) return false;
  if (!print.isJson) for (const line of shownPlan(plan)) print.line(wrap(line, print.width));
  const later = "Nobody is here to answer. Look at it, then: mh doctor --repair --yes";
  if (!isDecided && !(await answered(print, "Repair the log in this way?", later))) {
    print.note("Nothing was changed.");
    throw new Exit(exitCodes.denied);
  }
  const done = await repairLog(root, environment, plan.fingerprint);
  if (print.isJson) {
    print.json({ log: { ...done, lost: plan.lost, branches: plan.branches } });
    return true;
  }
  const { seq, kept, carried, isStopped } = done;
  print.line(
    seq === undefined
      ? "Repaired: the log is signed again."
      : `Repaired: the log goes on at record ${seq}, ${counted(carried, "record")} taken over. What it was lies in ${kept}.`,
  );
  if (isStopped)
    print.note(wrap(`STOP stands, for rights that a lost record took back stand again. ${looks}`, print.width));
  return true;
}

/** A process that holds the home opened its log: unless that is damaged since, there is nothing to repair. */
function planOf({ root, environment }: Context, isBad: boolean): RepairPlan | undefined {
  try {
    return lookAtLog(root, environment);
  } catch (error) {
    if (!isBad && error instanceof Fault && error.code === "home.busy") return undefined;
    throw error;
  }
}

const looks = "Look at them (mh grant list, mh device list, mh agent list), then: mh resume";

function shownPlan({ report, survey, branches, lost, isAlmostDone }: RepairPlan): string[] {
  if (isAlmostDone)
    return ["The log was repaired, and that was cut off before its last step. Nothing is left but to sign it."];
  const { path, line, seq, reason } = report;
  const { head, bad, doubled } = survey;
  const where = path === undefined ? "" : ` (${path}${line ? `, line ${line}` : ""})`;
  const why = reason ?? "the index has seen more of it";
  const first = bad.first.map((each) => `  ${each.path}, line ${each.line}: ${each.reason}`);
  return [
    `The log does not add up at record ${seq ?? head.size}${where}: ${visible(why)}.`,
    `Whole, and kept in place: ${counted(head.size, "record")}.`,
    ...branches.map(shownBranch),
    ...(doubled > 0 ? [`${counted(doubled, "record")} standing there once more.`] : []),
    ...(bad.count > 0
      ? [
          `Not taken over: ${counted(bad.count, "line")} that ${bad.count === 1 ? "is no record" : "are no records"} of this home.`,
          ...first,
        ]
      : []),
    ...(lost.length > 0
      ? [
          `Lost: ${lost.map(({ from, to }) => (to - from === 1 ? `record ${from}` : `records ${from} to ${to - 1}`)).join(", ")}. What they said, a right that they took back included, is not known. STOP will stand until mh resume.`,
        ]
      : []),
    `The files of the log are moved to logs/kept as they are. The log goes on after its good part with a record that names them, and with ${counted(survey.carried.length, "record")} taken over.`,
  ];
}

function shownBranch({ from, records, began, ended, done, wrote, missing }: BranchFound, n: number): string {
  const when = began === undefined ? "" : `, ${began} to ${ended}`;
  const data =
    missing.length > 0
      ? `${counted(missing.length, "command")} of ${wrote} that wrote to the memory ${missing.length === 1 ? "is" : "are"} not all there: ${missing.slice(0, 5).join(", ")}`
      : wrote > 0
        ? `what ${wrote} of them wrote to the memory is there`
        : "none of them wrote to the memory";
  return `Branch ${n + 1}: ${counted(records, "record")} from number ${from} on${when}. ${counted(done, "command")} done; ${data}.`;
}
