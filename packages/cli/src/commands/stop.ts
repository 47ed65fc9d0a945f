import { Fault } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { raiseStop } from "@mh/host/home/raise-stop.ts";
import { type CommandModule, type Context, explainEnd } from "../command.ts";

/** STOP stands already: what is waited for is only that the log says so. */
const confirmMs = 500;

export const command: CommandModule = {
  uses: ["kernel.stop"],
  build(parser, context) {
    const { print, root } = context;
    parser.addHelpText("after", "\nExample:\n  mh stop").action(async () => {
      raiseStop(root);
      if (!print.isJson) print.line("Stopped. Everyone but you is denied until `mh resume`.");
      const outcome = await confirmed(context);
      if (outcome && outcome.status !== "done") process.exitCode = explainEnd(print, outcome);
      else if (print.isJson) print.json({ stopped: true });
      if (!outcome) print.note("The process that holds the home is busy. STOP holds; the log says so once it reacts.");
    });
  },
};

/** Undefined where the process that holds the home does not answer soon: it writes down by itself that STOP stands. */
async function confirmed({ connect }: Context): Promise<Outcome | undefined> {
  try {
    await using client = await connect({ givenUp: AbortSignal.timeout(confirmMs) });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(resolve, confirmMs, undefined);
    const asked = client.act("kernel.stop", {});
    asked.catch(() => undefined);
    return await Promise.race([asked, promise]).finally(() => clearTimeout(timer));
  } catch (error) {
    if (error instanceof Fault && error.code === "home.busy") return undefined;
    throw error;
  }
}
