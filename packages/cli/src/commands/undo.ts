import { Fault } from "@mh/contract/values/fault.ts";
import type { CommandModule } from "../command.ts";
import { takeBack } from "../take-back.ts";
import { undoTask } from "../undo-task.ts";

interface UndoOptions {
  agent?: string;
  task?: string;
  dryRun?: boolean;
}

export const command: CommandModule = {
  uses: ["history.undo", "history.task", "history.undo-task"],
  build(parser, context) {
    parser
      .argument("[id]", "what, as mh history shows it; the last thing without it")
      .option("--agent <principal>", "the last thing that somebody else did: agent:NAME, …")
      .option("--task <id>", "all that a task did: its id, or that of a plan or a command of it")
      .option("--dry-run", "with --task: only list what would be undone, and what cannot be")
      .addHelpText("after", "\nExamples:\n  mh undo\n  mh undo --task 0199c1a2 --dry-run")
      .action((id: string | undefined, { agent, task, dryRun }: UndoOptions) => {
        if (task === undefined && dryRun) throw new Fault("usage", "--dry-run goes with --task.");
        if (task === undefined) return takeBack(context, { skill: "history.undo", done: "Undone" }, { id, agent });
        if (id !== undefined || agent !== undefined)
          throw new Fault("usage", "--task undoes all that the task did, by any principal: leave the rest out.");
        return undoTask(context, task, dryRun ?? false);
      });
  },
};
