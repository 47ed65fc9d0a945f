import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/core/model/fault.ts";
import { type CommandModule, explainEnd } from "../command.ts";

export const command: CommandModule = {
  uses: ["kernel.stop"],
  build(parser, context) {
    const { print, root } = context;
    parser.addHelpText("after", "\nExample:\n  mh stop").action(async () => {
      // The one declared exception to the gate: STOP must not wait for a lock that the runaway holds.
      if (!fs.existsSync(path.join(root, "home.json"))) throw new Fault("home.missing", `There is no home at ${root}. \`mh init\` makes one.`);
      fs.mkdirSync(path.join(root, "run"), { recursive: true, mode: 0o700 });
      fs.writeFileSync(path.join(root, "run", "STOP"), "stopped\n", { mode: 0o600 });
      if (!print.isJson) print.line("Stopped. Everyone but you is denied until `mh resume`.");
      await using client = await context.connect();
      const outcome = await client.act("kernel.stop", {});
      if (outcome.status === "done") return print.isJson ? print.json({ stopped: true }) : undefined;
      process.exitCode = explainEnd(print, outcome);
    });
  },
};
