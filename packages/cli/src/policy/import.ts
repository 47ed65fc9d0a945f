import type { Command } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import { isPrincipal } from "@mh/contract/values/principal.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { Proposal } from "@mh/core/extensions/permissions/proposal.ts";
import { type Permissions, readPermissions, rulesFile } from "@mh/core/extensions/permissions/read-permissions.ts";
import { shellWord } from "@mh/core/model/shell-word.ts";
import { notForGood } from "@mh/core/programs/plain-programs.ts";
import { permissionFile } from "@mh/host/home/permission-file.ts";
import type { Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { hang, wrap } from "../print.ts";

/** `mh policy import`: another program's permissions as rules and grants to look at. It changes nothing. */
export function addImportCommand(parser: Command, context: Context): void {
  parser
    .command("import <file>")
    .description("Show what Claude Code's or OpenClaw's permissions come to here. Nothing is taken by itself.")
    .option("--for <principal>", "whom grants are for")
    .addHelpText(
      "after",
      "\nExamples:\n  mh policy import ~/.claude/settings.json\n  mh policy import ~/.openclaw/exec-approvals.json",
    )
    .action((file, options) => show(context, file, options.for));
}

function show({ print, environment }: Context, file: string, whom: string | undefined): void {
  if (whom !== undefined && !isPrincipal(whom))
    throw new Fault("usage", `${visible(whom)} is nobody: a principal is agent:NAME or client:NAME.`);
  const { text, base, home } = permissionFile(file, environment);
  const read = readPermissions(text, {
    base,
    home,
    refusedProgram: notForGood,
    ...(whom !== undefined && { principal: whom }),
  });
  const rules = rulesFile(read);
  if (print.isJson) return print.json({ ...read, rules });
  tell(read);
  if (rules !== "") {
    print.line(`\n${print.color.bold("The rules")}, for a file of your own in persona/policy:\n`);
    print.line(visible(rules, { multiline: true }));
  }
  print.note("Nothing was changed. What you did not take still needs approval.");

  function tell({ program, proposals }: Permissions): void {
    const { bold, dim } = print.color;
    print.page();
    print.line(`${bold(program)}: ${counted(proposals.length, "line")}`);
    const titles = { rule: "As rules", grant: "As grants, each for you to give", kept: "So already", not: "Not taken" };
    for (const [kind, title] of Object.entries(titles)) {
      const here = proposals.filter((each) => each.kind === kind);
      if (here.length > 0) print.line(`\n${bold(title)}`);
      for (const each of here) {
        print.line(hang("  ", `${visible(each.from)}`, print.width));
        print.line(hang("      ", dim(visible(wordsOf(each))), print.width));
        if ("note" in each && each.note)
          print.line(hang("      ", print.color.yellow(visible(each.note)), print.width));
      }
    }
    if (proposals.length === 0) print.line(wrap("It says nothing of permissions.", print.width));
  }
}

function wordsOf(proposal: Proposal): string {
  if (proposal.kind !== "grant") return proposal.title;
  const { principal, skill, scope } = proposal;
  const where = [
    ...(scope.paths ?? []).map((path) => `--path ${shellWord(path)}`),
    ...(scope.hosts ?? []).map((host) => `--host ${host}`),
  ];
  return ["mh grant give", principal, skill, ...where].join(" ");
}
