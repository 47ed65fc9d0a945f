import type { Command } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/core/model/visible.ts";
import { exists } from "@mh/host/places.ts";
import { actOnce, type Context } from "./command.ts";
import { readStdin } from "./input.ts";

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
   "calls": [{"id", "tool", "args", "output"?}]}

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
    const { trace, verdicts } = simulateLine(line, n + 1, rules);
    if (print.isJson) {
      print.json({ verdicts });
      continue;
    }
    print.line(bold(visible(trace.prompt)));
    for (const { id, verdict, layer, arguments: values } of verdicts) {
      const tool = trace.calls.find((call) => call.id === id)?.tool ?? "";
      print.line(`  ${paint[verdict](verdict.padEnd(5))} ${visible(tool)} ${dim(layer)}`);
      for (const { path, value, origins, vouched } of values) {
        if (!vouched)
          print.line(`        ${visible(path)} = ${visible(value)} ${dim(`from ${visible(origins.join(", "))}`)}`);
      }
    }
  }
}
