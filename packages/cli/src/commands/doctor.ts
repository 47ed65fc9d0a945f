import { Fault } from "@mh/core/model/fault.ts";
import { visible } from "@mh/core/model/visible.ts";
import { checkHome, type Finding } from "@mh/host/check-home.ts";
import { type CommandModule, exitCodes } from "../command.ts";

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    const { print, root, environment } = context;
    parser
      .description("Check everything, and say what to mend. Looks only; changes nothing.")
      .addHelpText("after", "\nExample:\n  mh doctor")
      .action(() => {
        const findings: Finding[] = [];
        for (const finding of checkHome(root, environment)) {
          findings.push(finding);
          if (print.isJson) continue;
          const { green, red, yellow } = print.color;
          const mark = { ok: green("ok  "), warn: yellow("look"), bad: red("bad ") }[finding.level];
          print.line(`${mark}  ${finding.what.padEnd(10)} ${visible(finding.message)}`);
          if (finding.next) print.line(`                 ${visible(finding.next)}`);
        }
        if (print.isJson) print.json({ findings });
        if (findings.some(({ level }) => level === "bad")) process.exitCode = exitCodes.failed;
        if (findings.length === 0) throw new Fault("home.missing", `There is no home at ${root}.`);
      });
  },
};
