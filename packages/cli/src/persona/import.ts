import type { Command } from "@commander-js/extra-typings";
import type { PersonaImportLine } from "@mh/contract/persona-import.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { shellWord } from "@mh/core/model/shell-word.ts";
import { actOnce, type Context } from "../command.ts";
import { consent } from "../consent.ts";
import { readTextFile } from "../input.ts";
import { counted } from "../numbers.ts";
import { hang } from "../print.ts";

interface Options {
  yes?: true;
  preview?: true;
  reason?: string;
}

/** Files that tell of the owner, from wherever: shown line by line, then written as one change. */
export function addPersonaImport(parser: Command, context: Context): void {
  parser
    .command("import <file...>")
    .description("Take files that tell of you into your persona; shows what goes where first.")
    .option("--preview", "only show it")
    .option("--yes", "do not ask")
    .option("--reason <text>", "why; it stands in the history")
    .addHelpText(
      "after",
      [
        "\nWhat is said to a machine, gives rights or names commands is left out. A line at odds with what stands changes nothing.",
        "\nExample:\n  mh persona import USER.md SOUL.md --preview",
      ].join("\n"),
    )
    .action((files, options) => importFiles(context, files, options));
}

async function importFiles(
  context: Context,
  names: readonly string[],
  { yes, preview, reason }: Options,
): Promise<void> {
  const { print } = context;
  const files = names.map((file) => ({
    name: file === "-" ? "standard input" : (file.split(/[\\/]/).at(-1) ?? file),
    text: readTextFile(file),
  }));
  const { lines } = await actOnce(context, "persona.preview", { files });
  if (preview && print.isJson) return print.json({ lines });
  if (!print.isJson) show(context, lines);
  const count = lines.filter(({ state }) => state === "new").length;
  if (preview) return;
  if (count === 0 && !print.isJson) return print.line("Nothing new in it; nothing was written.");
  if (count > 0)
    await consent(context, {
      tell: () => undefined,
      question: `Write ${counted(count, "line")}?`,
      later: [
        ...["mh persona import", ...names.map(shellWord), "--yes"],
        ...(reason ? ["--reason", shellWord(reason)] : []),
      ].join(" "),
      isDecided: yes ?? false,
    });
  const value = await actOnce(context, "persona.import", { files, ...(reason && { reason }) });
  if (print.isJson) return print.json(value);
  for (const { path: file, lines: n } of value.written) print.line(`${file}: ${counted(n, "line")}`);
  print.note("All as one change: mh undo takes it back.");
}

function show({ print }: Context, lines: readonly PersonaImportLine[]): void {
  const { bold, dim, yellow } = print.color;
  print.page();
  const told = lines.filter(({ state }) => state !== "left out");
  for (const [section, group] of Map.groupBy(told, (line) => line.section)) {
    print.line(bold(section ?? ""));
    for (const line of group) {
      const { file, text, why, state, against } = line;
      const sign = state === "new" ? "+" : state === "known" ? "=" : yellow("!");
      const place = dim(`${visible(file)}:${line.line}, ${state === "new" ? visible(why) : state}`);
      print.line(hang(`  ${sign} `, `${visible(text)}  ${place}`, print.width));
      if (against !== null) print.line(hang("      ", yellow(`stays: ${visible(against)}`), print.width));
    }
  }
  const out = lines.filter(({ state }) => state === "left out");
  if (out.length > 0) print.line(bold("Left out"));
  for (const { file, line, text, why } of out)
    print.line(hang("  - ", `${visible(text)}  ${dim(`${visible(file)}:${line}, ${visible(why)}`)}`, print.width));
}
