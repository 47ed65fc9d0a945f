import type { Command } from "@commander-js/extra-typings";
import type { ArgsFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { ShownPlan } from "@mh/contract/values/plan.ts";
import { visible } from "@mh/core/model/visible.ts";
import { actOnce, type Context } from "./command.ts";
import { duration } from "./options.ts";
import { hang, type Printer, shortId } from "./print.ts";

type Step = ArgsFor<"grant.plan">["steps"][number];

/** `mh grant plan`: so many commands of a kind, in one task, without an approval for each. */
export function addPlanCommand(parser: Command, context: Context): void {
  parser
    .command("plan <principal> <title...>")
    .description("Approve a plan: its steps run in that task, anything else asks.")
    .requiredOption("--task <id>", "the task in which it holds")
    .requiredOption("--step <step...>", '"SKILL recipient=… path=… host=… times=… arg.NAME=…"')
    .option("--for <time>", "that long, as in 2h", duration)
    .addHelpText(
      "after",
      '\nExample:\n  mh grant plan agent:mail "Sum up my notes" --task t1 --step "disk.read path=/home/ada/notes times=9"',
    )
    .action(async (principal, title, { task, step, for: forMinutes }) => {
      const steps = step.map(readStep);
      const args = { principal, task, title: title.join(" "), steps, ...(forMinutes && { forMinutes }) };
      const value = await actOnce(context, "grant.plan", args);
      if (context.print.isJson) return context.print.json(value);
      context.print.line(`The plan holds in task ${visible(task)}. Take it back: mh grant revoke ${shortId(value.id)}`);
    });
}

/** What is left of each step of a plan. */
export function showPlans(print: Printer, plans: readonly ShownPlan[]): void {
  for (const plan of plans) {
    const about = `${visible(plan.principal)} in task ${visible(plan.task)}: ${visible(plan.title)}`;
    const until = plan.expires_ms === null ? "" : `, until ${print.day(plan.expires_ms)}`;
    print.line(hang(`${shortId(plan.id)}  plan  `, `${about}${until}`, print.width));
    for (const { skill, scope, args, times, used } of plan.steps) {
      const limits = [...Object.values(scope).flat(), Object.keys(args).length === 0 ? "" : JSON.stringify(args)];
      const words = [skill, ...limits].filter(Boolean).map((each) => visible(String(each)));
      print.line(hang(`    ${times - used} of ${times} left  `, words.join(", "), print.width));
    }
  }
}

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
