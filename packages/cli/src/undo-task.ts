import type { LeftAct, TaskAct, TaskUndo } from "@mh/contract/task-undo.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { aboutText } from "./about-text.ts";
import { actOnce, type Context } from "./command.ts";
import { counted } from "./numbers.ts";
import { hang, type Printer, shortId, wrap } from "./print.ts";

/** `mh undo --task`: what stays is listed first, then what was taken back. */
export async function undoTask(context: Context, task: string, isDryRun: boolean): Promise<void> {
  const { print } = context;
  const undo = await actOnce(context, isDryRun ? "history.task" : "history.undo-task", { task });
  if (print.isJson) return print.json(undo);
  print.page();
  showTaskUndo(print, undo, isDryRun);
}

function showTaskUndo(print: Printer, { task, fixed, stale, taken, undone, plans }: TaskUndo, isDryRun: boolean): void {
  const { bold, yellow, dim } = print.color;
  const list = (title: string, acts: readonly (TaskAct | LeftAct)[]) => {
    if (acts.length === 0) return;
    print.line(`\n${title}`);
    for (const act of acts) print.line(hang(`  ${dim(shortId(act.id))}  `, actText(print, act), print.width));
  };
  print.line(bold(wrap(`Task ${visible(task)}`, print.width)));
  list(yellow("Cannot be undone:"), fixed);
  list(yellow("Left as it is, because something else changed it since:"), stale);
  list(isDryRun ? "Would be undone, newest first:" : "Undone, newest first:", taken);
  list("Undone before:", undone);
  const [latest] = taken;
  const redo = latest ? `\`mh redo ${shortId(latest.id)}\` does it again.` : "";
  const end = isDryRun ? "" : `Undone: ${counted(taken.length, "command")}. ${redo}`;
  const rest = plans.map((plan) => `A plan for this task is in force: \`mh grant revoke ${shortId(plan)}\` ends it.`);
  const lines = [latest ? end : "Nothing of it can be undone.", ...rest].filter(Boolean);
  if (lines.length > 0) print.line(`\n${lines.map((line) => wrap(line, print.width)).join("\n")}`);
}

function actText(print: Printer, act: TaskAct | LeftAct): string {
  const { at, principal, title, about } = act;
  const whose = principal === "owner" ? "" : `${visible(principal)}: `;
  const what = [visible(title), aboutText(about)].filter(Boolean).join(": ");
  const why = "reason" in act ? `; ${visible(act.reason)}${act.next ? ` (${visible(act.next)})` : ""}` : "";
  return `${print.moment(at)}  ${whose}${what}${why}`;
}
