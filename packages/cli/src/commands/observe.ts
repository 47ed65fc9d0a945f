import type { ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type ObservedSource, observedSources } from "@mh/contract/values/observed-sources.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { each } from "../options.ts";
import { hang, table, wrap } from "../print.ts";

const skills = {
  shell: "observe.shell",
  git: "observe.git",
  browser: "observe.browser",
  files: "observe.files",
} as const satisfies Record<ObservedSource, string>;

export const command: CommandModule = {
  uses: [...Object.values(skills), "observe.list", "observe.forget", "config.set"],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText(
      "after",
      [
        "\nExamples:",
        "  mh observe",
        "  mh observe preview shell",
        "  mh observe on git --path /home/ada/work/mh",
        "\nNothing is observed before you turn it on. Of a terminal the names of programs are taken, of a browser",
        "the names of sites, of Git the first line of commits, of recent files their names; no arguments, no addresses.",
      ].join("\n"),
    );
    parser
      .command("list", { isDefault: true })
      .description("What is observed, where, and of how many days something is kept.")
      .addHelpText("after", "\nExample:\n  mh observe list")
      .action(() => list(context));
    parser
      .command("preview <source>")
      .description("Show what a source would give, and what is left where it is; nothing is kept.")
      .addHelpText("after", "\nExample:\n  mh observe preview browser")
      .action(async (source: string) => {
        const value = await actOnce(context, skills[sourceOf(source)], { preview: true });
        if (print.isJson) return print.json(value);
        page(context, value);
        print.note(
          value.on ? "Nothing was kept by this look." : `Nothing was kept. \`mh observe on ${source}\` turns it on.`,
        );
      });
    parser
      .command("on <source>")
      .description("Let it be observed from now on: shell, git, browser or files.")
      .option("--path <path>", "a file, of Git a folder; several: say it again. Else the usual places", each)
      .addHelpText("after", "\nExample:\n  mh observe on shell --path /home/ada/.bash_history")
      .action(async (source: string, { path }: { path?: string[] }) => {
        await turn(context, sourceOf(source), true, path);
        if (print.isJson) return print.json({ source, on: true });
        print.line(`It is observed every half hour while mh is up: ${source}.`);
        print.note(`\`mh observe off ${source}\` ends it, \`mh observe forget ${source}\` takes out what was kept.`);
      });
    parser
      .command("off <source>")
      .description("Observe it no longer; what was kept stays.")
      .addHelpText("after", "\nExample:\n  mh observe off shell")
      .action(async (source: string) => {
        await turn(context, sourceOf(source), false);
        if (print.isJson) return print.json({ source, on: false });
        print.line(`It is no longer observed: ${source}.`);
      });
    parser
      .command("now <source>")
      .description("Look now, and keep what is new.")
      .addHelpText("after", "\nExample:\n  mh observe now git")
      .action(async (source: string) => {
        const value = await actOnce(context, skills[sourceOf(source)], {});
        if (print.isJson) return print.json(value);
        for (const path of value.missing) print.note(wrap(`Not read: ${visible(path)}`, print.width));
        print.line(`Kept anew: ${counted(value.kept, "day")}.`);
      });
    parser
      .command("forget <source>")
      .description("Forget all that it gave, for good; it is not taken again.")
      .addHelpText("after", "\nExample:\n  mh observe forget browser")
      .action(async (source: string) => {
        const value = await actOnce(context, "observe.forget", { source: sourceOf(source) });
        if (print.isJson) return print.json(value);
        print.line(`Forgotten: ${counted(value.days, "day")}.`);
      });
  },
};

const sourceOf = (text: string): ObservedSource => {
  const found = observedSources.find((source) => source === text);
  if (found) return found;
  throw new Fault("usage", `There is no source ${text}. Those there are: ${observedSources.join(", ")}.`);
};

/** The places that the settings name stay, unless others are given. */
async function turn(context: Context, source: ObservedSource, on: boolean, paths?: string[]): Promise<void> {
  const { sources } = await actOnce(context, "observe.list", {});
  const named = paths ?? sources.find((each) => each.source === source)?.paths ?? [];
  const value = { on, ...(named.length > 0 && { paths: named }) };
  await actOnce(context, "config.set", { name: `observe.${source}`, value });
}

async function list(context: Context): Promise<void> {
  const { print } = context;
  const { sources } = await actOnce(context, "observe.list", {});
  if (print.isJson) return print.json({ sources });
  const rows = sources.map(({ source, on, places, days, last }) => [
    source,
    on ? "on" : "off",
    days === 0 ? "nothing kept" : `${counted(days, "day")}, last ${last}`,
    visible(places.join(", ")) || "no place is named",
  ]);
  print.line(table(rows, print.width));
  if (sources.every(({ on }) => !on))
    print.note("Nothing is observed. `mh observe preview shell` shows what would be taken.");
}

function page({ print }: Context, { files, missing, days, left }: ValueFor<"observe.shell">): void {
  print.page();
  for (const path of files) print.line(hang("Read: ", visible(path), print.width));
  for (const path of missing) print.line(hang("Not read: ", visible(path), print.width));
  for (const { text, state } of days) {
    const [title = "", ...lines] = text.split("\n");
    print.line(`${visible(title)}${state === "new" ? "" : `  (${state})`}`);
    for (const line of lines) print.line(hang("  ", visible(line), print.width));
  }
  if (days.length === 0) print.line("There is nothing of the last 31 days.");
  for (const { why, count } of left) print.line(hang("Left: ", `${count.toLocaleString("en")} × ${why}`, print.width));
}
