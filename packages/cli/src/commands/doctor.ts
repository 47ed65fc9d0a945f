import { Fault } from "@mh/core/model/fault.ts";
import { visible } from "@mh/core/model/visible.ts";
import { checkHome, type Finding } from "@mh/host/check-home.ts";
import { type CommandModule, exitCodes } from "../command.ts";
import { hang, wrap } from "../print.ts";

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
          print.line(hang(`${mark}  ${finding.what.padEnd(10)} `, visible(finding.message), print.width));
          if (finding.next) print.line(wrap(visible(finding.next), print.width, " ".repeat(17)));
        }
        if (print.isJson) print.json({ findings });
        if (findings.some(({ level }) => level === "bad")) process.exitCode = exitCodes.failed;
        if (findings.length === 0) throw new Fault("home.missing", `There is no home at ${root}.`);
      });
  },
};
