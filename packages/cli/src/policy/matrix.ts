import type { Command } from "@commander-js/extra-typings";
import { effects } from "@mh/contract/values/effect.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { cellWord, type MatrixCell } from "@mh/core/rules/policy-matrix.ts";
import { actOnce, type Context } from "../command.ts";
import { clip, table, wrap } from "../print.ts";

/** `mh policy matrix`: who may do what, as things stand. */
export function addMatrixCommand(parser: Command, context: Context): void {
  parser
    .command("matrix [principal]")
    .description("Who may do what at present.")
    .option("--skills", "skill by skill, with what each one was granted")
    .addHelpText("after", "\nExamples:\n  mh policy matrix\n  mh policy matrix agent:organizer --skills")
    .action((principal, { skills }) => show(context, principal, skills ?? false));
}

async function show(context: Context, principal: string | undefined, skills: boolean): Promise<void> {
  const { print } = context;
  const args = { ...(principal && { principal }), ...(skills && { skills }) };
  const { cells } = await actOnce(context, "policy.matrix", args);
  if (print.isJson) return print.json({ cells: cells.map((cell) => ({ ...cell, word: cellWord(cell) })) });
  print.page();
  if (skills) print.line(skillTable(cells, print.width));
  else print.line(effectTable(cells, print.width));
  print.line();
  const legend =
    "some: allowed at low risk and in scope, asks else. What agents may do at all stands in their manifests, what was granted in mh grant list; values from elsewhere, loops and rates can only make it stricter.";
  print.line(print.color.dim(wrap(legend, print.width)));
}

function effectTable(cells: readonly MatrixCell[], width: number): string {
  const principals = [...new Set(cells.map(({ principal }) => principal))];
  const columns = effects.map((effect) => Math.max(effect.length, 5));
  const nameWidth = Math.max(12, width - columns.reduce((sum, each) => sum + each + 1, 0) - 1);
  const row = (name: string, words: readonly string[]) =>
    [clip(name, nameWidth).padEnd(nameWidth), ...words.map((word, n) => word.padEnd(columns[n] ?? 0))]
      .join(" ")
      .trimEnd();
  const rows = principals.map((principal) => {
    const own = cells.filter((cell) => cell.principal === principal);
    return row(
      visible(principal),
      effects.map((effect) => {
        const cell = own.find((each) => each.effect === effect);
        return cell ? cellWord(cell) : "";
      }),
    );
  });
  return [row("", effects), ...rows].join("\n");
}

function skillTable(cells: readonly MatrixCell[], width: number): string {
  const rows = cells.map((cell) => [visible(cell.principal), visible(cell.skill ?? ""), cell.effect, cellWord(cell)]);
  return table(rows, width);
}
