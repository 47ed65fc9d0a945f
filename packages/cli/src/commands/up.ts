import { visible } from "@mh/core/model/visible.ts";
import type { DaemonReport } from "@mh/host/daemon/daemon.ts";
import type { CommandModule, Context } from "../command.ts";
import { shortId } from "../print.ts";

export const command: CommandModule = {
  uses: ["agent.run"],
  build(parser, context) {
    parser
      .addHelpText("after", "\nExample:\n  mh up        (Ctrl-C ends it; mh daemon start runs it in the background)")
      .action(async () => {
        const { makeHome } = await import("../connect.ts");
        await makeHome(context, context.print);
        const { runDaemon } = await import("../daemon-run.ts");
        await runDaemon(context, (report) => tellReport(context, report));
      });
  },
};

export function tellReport({ print }: Context, report: DaemonReport): void {
  if (print.isJson) return print.json(report);
  print.line(`mh is up: ${print.color.bold(report.page)}`);
  for (const { id, skill, principal } of report.interrupted)
    print.note(
      `Interrupted when the last process ended: ${visible(skill)} by ${visible(principal)}. \`mh why ${shortId(id)}\``,
    );
}
