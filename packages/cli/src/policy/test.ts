import type { Command } from "@commander-js/extra-typings";
import { visible } from "@mh/contract/visible/visible.ts";
import { testPolicies } from "@mh/host/audit/policy-past.ts";
import { type Context, Exit, exitCodes } from "../command.ts";
import { counted } from "../numbers.ts";
import { wrap } from "../print.ts";

/** `mh policy test`: holds the owner's rules to the cases that stand beside them. */
export function addTestCommand(parser: Command, { print, root }: Context): void {
  parser
    .command("test")
    .description("Run the cases that stand in your files of rules, as // test deny: {...}.")
    .addHelpText("after", "\nExample:\n  mh policy test")
    .action(() => {
      const files = testPolicies(root);
      const failed = files.flatMap(({ file, cases }) =>
        cases.filter(({ expected, found }) => expected !== found).map((each) => ({ file, ...each })),
      );
      const total = files.reduce((sum, { cases }) => sum + cases.length, 0);
      if (print.isJson) print.json({ files, total, failed: failed.length });
      else {
        for (const { file, line, expected, found, request } of failed)
          print.line(
            wrap(
              `${visible(file)} line ${line}: ${found} instead of ${expected}: ${visible(JSON.stringify(request))}`,
              print.width,
            ),
          );
        print.line(`${counted(total, "case")}, ${failed.length} failed.`);
      }
      if (failed.length > 0) throw new Exit(exitCodes.failed);
    });
}
