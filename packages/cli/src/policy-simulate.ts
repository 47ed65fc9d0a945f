import type { Command } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { SimulatedTrace, SimulatedVerdict } from "@mh/core/policy/provenance/simulate.ts";
import type { SimulatedPlans } from "@mh/host/audit/simulate.ts";
import { exists } from "@mh/host/places.ts";
import { actOnce, type Context } from "./command.ts";
import { readStdin } from "./input.ts";
import { showWhole } from "./plan-view.ts";
import { type Printer, table } from "./print.ts";

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
   "shared_with"?, "confirms"?, "skill"?}], "self"?: the owner's own addresses,
   "principal"?, "grants"?: [{"skill", "scope"?}], everything where left out,
   "calls": [{"id", "tool", "args", "output"?, "honest"?, "said"?, "scope"?,
   "isProtected"?}], "said": what the owner typed since the call before,
   "plan"?: "once", or plans {"sources", "steps"} that were approved before,
   "planOf"?: calls of an honest run}

"plan": "once" judges with the plan that a careful planner would announce for
the honest calls (those of "planOf", where an attack is judged): before anything
of others' was read, where slots can say the rest; else before the first call
that would be asked about, with the values that are known there. An answer then
says "plan": {"asked", "requests", "announced": [{"id", "before", "isFirst",
"sources", "steps", "card"}]}, and of a call that a step covers "plan":
{"step": "plan-1/2"}. "requests" counts one for each plan, and one for each
honest call with values that are neither the owner's nor named by a plan.
Calls with "honest": false are an attack's: they are in no plan.

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
  const { bold } = print.color;
  for (const [n, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const { trace, verdicts, plan } = simulateLine(line, n + 1, rules);
    if (print.isJson) {
      print.json({ verdicts, ...(plan && { plan }) });
      continue;
    }
    print.line(bold(visible(trace.prompt)));
    if (plan) showPlans(print, plan);
    print.line(callTable(print, trace, verdicts));
  }
}

/** How often the owner is asked, and the card of each plan. */
function showPlans(print: Printer, { announced, requests }: SimulatedPlans): void {
  const plans =
    announced.length === 0
      ? "none for a plan"
      : `${announced.length} for ${announced.length === 1 ? "a plan" : "plans"}`;
  print.line(`${requests === 1 ? "1 approval request" : `${requests} approval requests`}, ${plans}`);
  for (const { id, before, isFirst, card } of announced) {
    const when = before === undefined ? "given" : `announced before the call ${visible(before)}`;
    print.line(`\n${id}, ${when}${isFirst ? ", with nothing of others' read" : ""}`);
    showWhole(print, card);
  }
}

/** A line a call; below it what does not come from the owner, and is not named by a plan. */
function callTable(print: Printer, { calls }: SimulatedTrace, verdicts: readonly SimulatedVerdict[]): string {
  const { green, yellow, red } = print.color;
  const paint = { allow: green, ask: yellow, deny: red };
  const isPlanned = verdicts.some(({ plan }) => plan !== undefined);
  const rows = verdicts.map(({ verdict, layer, arguments: values, plan }, n) => [
    paint[verdict](verdict),
    visible(calls[n]?.tool ?? ""),
    layer,
    ...(isPlanned ? [plan?.step ?? ""] : []),
    values
      .filter(({ vouched }) => !vouched)
      .map(({ path, value, origins }) => visible(`${path} = ${value} from ${origins.join(", ")}`))
      .join("; "),
  ]);
  const head = ["call", "tool", "layer", ...(isPlanned ? ["plan"] : []), "not the owner's"];
  return table(rows, print.width, { head });
}
