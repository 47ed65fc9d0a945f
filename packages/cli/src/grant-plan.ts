import type { Command } from "@commander-js/extra-typings";
import type { ArgsFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { examplePlan, readPlanFile } from "@mh/core/grants/plan-file.ts";
import { actOnce, type Context, Exit, exitCodes } from "./command.ts";
import { answered } from "./consent.ts";
import { readTextFile } from "./input.ts";
import { duration, uuid } from "./options.ts";
import { showWhole } from "./plan-view.ts";
import { shortId, wrap } from "./print.ts";

type Step = ArgsFor<"grant.plan">["steps"][number];

interface PlanOptions {
  task?: string;
  step?: string[];
  file?: string;
  for?: number;
  yes?: boolean;
  dryRun?: boolean;
}

/** `mh grant plan`: so many commands of a kind, in one task, without an approval for each. */
export function addPlanCommand(parser: Command, context: Context): void {
  const { print } = context;
  parser
    .command("plan [principal] [title...]")
    .description("Approve a plan: its steps run in that task, anything else asks.")
    .option("--task <uuid>", "the task in which it holds: an agent's run, or that of mh act --task", uuid)
    .option("--step <step...>", '"SKILL recipient=… path=… host=… times=… arg.NAME=…"')
    .option("--file <path>", "a plan with sources and slots, as YAML or JSON")
    .option("--for <time>", "that long, as in 2h", duration)
    .option("--yes", "with --file: approve it without asking")
    .option("--dry-run", "only show it")
    .addHelpText("after", planHelp)
    .action(async (principal, title, options: PlanOptions) => {
      const args = planFrom(principal, title.join(" "), options);
      const later = "Nobody is here to answer. Look at it, then say --yes.";
      const isAsked = options.file !== undefined || options.dryRun;
      if (isAsked) {
        const card = await actOnce(context, "plan.preview", args);
        if (options.dryRun && print.isJson) return print.json({ plan: args, card });
        if (!print.isJson) showWhole(print, card);
        if (options.dryRun) return;
      }
      if (isAsked && !options.yes && !(await answered(print, "Approve this plan?", later))) {
        print.note("Not approved.");
        throw new Exit(exitCodes.denied);
      }
      const value = await actOnce(context, "grant.plan", args);
      if (print.isJson) return print.json(value);
      print.line(
        wrap(
          `The plan holds in task ${visible(args.task)}. Take it back: mh grant revoke ${shortId(value.id)}`,
          print.width,
        ),
      );
    });
  parser
    .command("show <id>")
    .description("One plan, whole, with what is left of it.")
    .addHelpText("after", "\nExample:\n  mh grant show 0199c1a2")
    .action(async (id) => {
      const value = await actOnce(context, "plan.show", { id });
      if (print.isJson) return print.json(value);
      print.page();
      showWhole(print, value.card);
    });
}

function planFrom(principal: string | undefined, title: string, options: PlanOptions): ArgsFor<"grant.plan"> {
  const { task, step, file, for: forMinutes } = options;
  const beside = {
    ...(principal !== undefined && { principal: principal as Principal }),
    ...(title !== "" && { title }),
    ...(task !== undefined && { task }),
    ...(forMinutes && { forMinutes }),
  };
  if (file !== undefined && step)
    throw new Fault("usage", "A plan has its steps from --file or from --step, not both.");
  if (file !== undefined) return readPlanFile(file.split("/").at(-1) ?? file, readTextFile(file), beside);
  const missing = [
    [principal, "whom it is for"],
    [title || undefined, "a title"],
    [task, "--task"],
    [step, "--step or --file"],
  ].find(([value]) => value === undefined);
  if (missing) throw new Fault("usage", `A plan needs ${missing[1]}. \`mh grant plan --help\` shows one.`);
  return { ...beside, steps: (step ?? []).map(readStep) } as ArgsFor<"grant.plan">;
}

const planHelp = `
Examples:
  mh grant plan agent:mail "Sum up my notes" --task TASK --step "disk.read path=/home/ada/notes times=9"
  mh grant plan --file plan.yaml --task TASK

A file says what is read, and which values fill the steps:

${examplePlan.replaceAll(/^(?=.)/gm, "  ")}
docs/plans.md says what each part means.`;

/** As in `mail.send recipient=sarah@example.org times=2 arg.subject=Tea`. */
function readStep(text: string): Step {
  const [skill = "", ...parts] = text.trim().split(/\s+/);
  const scope: Record<string, string[]> = {};
  const args: NonNullable<Step["args"]> = {};
  let times = 1;
  for (const part of parts) {
    const [, name = "", value = ""] = /^([a-z]+(?:\.\w+)?)=(.+)$/i.exec(part) ?? [];
    const list = { path: "paths", host: "hosts", recipient: "recipients" }[name];
    if (list) scope[list] = [...(scope[list] ?? []), value];
    else if (name === "times" && /^\d+$/.test(value)) times = Number(value);
    else if (name.startsWith("arg.")) args[name.slice("arg.".length)] = readValue(value);
    else throw new Fault("usage", `${part} is no part of a step. \`mh grant plan --help\` shows one.`);
  }
  return { skill, scope, args, times };
}

/** JSON where it is some; else the text itself. */
function readValue(text: string): NonNullable<Step["args"]>[string] {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
