import { Fault } from "@mh/contract/values/fault.ts";
import { checkHome, type Finding } from "@mh/host/home/check-home.ts";
import { actOnce, type CommandModule, type Context, exitCodes } from "../command.ts";
import { answered } from "../consent.ts";
import { showFinding } from "../finding-view.ts";
import { counted } from "../numbers.ts";
import { repairAsked } from "../repair-asked.ts";

export const command: CommandModule = {
  uses: ["damage.restore", "memory.redate"],
  build(parser, context) {
    const { print, root, environment } = context;
    parser
      .description("Check everything, and say what to repair. Without --repair it changes nothing.")
      .option(
        "--repair",
        "set aside what cannot be read, and put back what is missing; of a log that is refused, ask first",
      )
      .option("--yes", "with --repair: go on with such a log as it shows")
      .addHelpText("after", "\nExample:\n  mh doctor --repair")
      .action(async ({ repair, yes }: { repair?: boolean; yes?: boolean }) => {
        const findings: Finding[] = [];
        for await (const finding of checkHome(root, environment)) {
          findings.push(finding);
          if (!print.isJson) showFinding(print, finding);
        }
        if (print.isJson) print.json({ findings });
        const log = findings.find(({ what, level }) => what === "log" && level !== "ok");
        if (repair && log && (await repairAsked(context, { isDecided: yes === true, isBad: log.level === "bad" })))
          return;
        const canRepair = findings.some(
          ({ what, level }) => level === "bad" && ["memory", "missing", "objects"].includes(what),
        );
        const canDate = findings.some(({ what, level }) => level === "warn" && what === "dates");
        if (
          canDate &&
          (repair || (await isWanted(context, "Is the clock right now, and are these memories to be dated by it?")))
        )
          await redate(context);
        const again = "Set aside what cannot be read, and put back what is known?";
        if (canRepair && (repair || (await isWanted(context, again)))) return restore(context);
        if (repair && !canDate) print.note("Nothing here that mh can repair.");
        if (findings.some(({ level }) => level === "bad")) process.exitCode = exitCodes.failed;
        if (findings.length === 0) throw new Fault("home.missing", `There is no home at ${root}.`);
      });
  },
};

async function isWanted({ print }: Context, question: string): Promise<boolean> {
  return print.canAsk && (await answered(print, question, ""));
}

async function redate(context: Context): Promise<void> {
  const ids: string[] = [];
  for (let left = 1; left > 0; ) {
    const done = await actOnce(context, "memory.redate", {});
    ids.push(...done.ids);
    left = done.left;
  }
  if (context.print.isJson) return context.print.json({ redated: ids });
  context.print.line(`Dated anew: ${counted(ids.length, "memory", "memories")}. \`mh undo\` takes it back.`);
}

async function restore(context: Context): Promise<void> {
  const value = await actOnce(context, "damage.restore", {});
  if (context.print.isJson) return context.print.json({ repaired: value });
  const { memories, documents, setAside } = value;
  const what = [`${setAside} set aside`, counted(memories, "memory", "memories"), counted(documents, "file")];
  context.print.line(`Repaired: ${what.join(", ")} put back. What was set aside is in logs/torn.`);
}
