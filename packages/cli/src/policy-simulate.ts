import type { Command } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/core/model/visible.ts";
import { exists } from "@mh/host/places.ts";
import { actOnce, type Context } from "./command.ts";
import { readStdin } from "./input.ts";
import { showSimulatedPlan } from "./simulated-plan.ts";

export function addSimulate(parser: Command, context: Context): void {
  parser
    .command("simulate")
    .description("What the gate would have said to each call of a run; nothing is executed.")
    .option("--stdin", "read traces from standard input, one a line")
    .addHelpText("after", `\n${help}`)
    .action(({ stdin }) => run(context, stdin ?? false));
}

const help = `A trace is one line of JSON:
  {"prompt", "trust"?, "tools": [{"name", "effect", "risk"?, "control_args",
   "content_args", "output_trust", "types"?, "fields"?, "author"?, "writers"?,
   "private"?, "ids"?, "takes"?, "origins"?, "verbs"?, "defaults"?, "values"?,
   "shared_with"?, "confirms"?}], "self"?: the owner's own addresses,
   "calls": [{"id", "tool", "args", "output"?, "honest"?}],
   "plan"?: "once", "planOf"?: calls of an honest run}

"plan": "once" judges with the plan that a careful planner would announce for
the honest calls (those of "planOf", where an attack is judged): before anything
of others' was read, where slots can say the rest; else before the first call
that would be asked about. An answer then says "plan": {"asked", "requests",
"announced": [{"id", "before", "isFirst", "sources", "steps"}]}, and of a call
that a step covers "plan": {"step": "plan-1/2"}. "requests" counts one for each
plan and one for each honest call whose values no plan covers.

Example:
  mh policy simulate --stdin --json <traces.ndjson`;

/** By the rules in force where there is a home, by the shipped ones else. */
async function run(context: Context, isStdin: boolean): Promise<void> {
  const { print, root } = context;
  if (!isStdin) throw new Fault("usage", "Say where the traces come from: mh policy simulate --stdin <traces.ndjson");
  const lines = readStdin().split("\n");
  const hasHome = exists(`${root}/home.json`);
  const rules = hasHome ? (await actOnce(context, "policy.list", {})).inForce : undefined;
  const { simulateLine } = await import("@mh/host/audit/simulate.ts");
  const { green, yellow, red, bold, dim } = print.color;
  const paint = { allow: green, ask: yellow, deny: red };
  for (const [n, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const { trace, verdicts, plan } = simulateLine(line, n + 1, rules);
    if (print.isJson) {
      print.json({ verdicts, ...(plan && { plan }) });
      continue;
    }
    print.line(bold(visible(trace.prompt)));
    if (plan) showSimulatedPlan(print, plan);
    for (const { id, verdict, layer, arguments: values, plan: covered } of verdicts) {
      const tool = trace.calls.find((call) => call.id === id)?.tool ?? "";
      print.line(
        `  ${paint[verdict](verdict.padEnd(5))} ${visible(tool)} ${dim(covered ? `${layer}, ${covered.step}` : layer)}`,
      );
      for (const { path, value, origins, vouched } of values) {
        if (!vouched)
          print.line(`        ${visible(path)} = ${visible(value)} ${dim(`from ${visible(origins.join(", "))}`)}`);
      }
    }
  }
}
