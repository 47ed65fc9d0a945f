import type { Command } from "@commander-js/extra-typings";
import type { ArgsFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context, Exit, exitCodes } from "../command.ts";
import { parseArgs } from "../json-args.ts";
import { shortId, wrap } from "../print.ts";

type Args = NonNullable<ArgsFor<"approval.again">["args"]>;

/** `mh approvals again`: what has expired is asked anew, or with arguments that the owner changed. */
export function addAgainCommand(parser: Command, context: Context): void {
  parser
    .command("again <id>")
    .description("Make a new command of it: the same, or with arguments that you change.")
    .option("--args <json>", "its arguments, whole, as JSON; left out, as they were")
    .addHelpText("after", "\nExample:\n  mh approvals again 0199c1a2")
    .action((id, { args }) => again(context, id, args));
}

async function again(context: Context, id: string, json: string | undefined): Promise<void> {
  const { print } = context;
  // Whether they are an object, and which, its contract says.
  const args = json !== undefined && { args: parseArgs(json) as Args };
  const value = await actOnce(context, "approval.again", { id, ...args });
  if (print.isJson) print.json(value);
  else if (value.approval) print.line(`It waits: mh approvals show ${shortId(value.approval)}`);
  else
    print.line(wrap(`${shortId(value.command)}: ${value.status}. ${visible(value.reason ?? "")}`.trim(), print.width));
  if (value.approval) throw new Exit(exitCodes.waiting);
  if (value.status !== "done") throw new Exit(value.status === "denied" ? exitCodes.denied : exitCodes.failed);
}
