import { Argument } from "@commander-js/extra-typings";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { tellDiff } from "../diff-view.ts";
import { editText } from "../editor.ts";
import { textOf } from "../input.ts";
import { wholeNumber } from "../options.ts";
import { clip, table, wrap } from "../print.ts";

const section = () => new Argument("<section>", "which part of you").choices([...personaSections]);

export const command: CommandModule = {
  uses: ["persona.show", "persona.update", "persona.versions"],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText("after", '\nExamples:\n  mh persona show\n  mh persona set values "Calm before speed"');
    parser
      .command("show [section]", { isDefault: true })
      .description("Who you are to your agents.")
      .addHelpText("after", "\nExample:\n  mh persona show values")
      .action((name) => show(context, name as PersonaSection | undefined));
    parser
      .command("set")
      .addArgument(section())
      .argument("<text...>", "the whole text; - reads standard input")
      .description("Rewrite one part.")
      .addHelpText("after", '\nExample:\n  mh persona set goals "Ship the ML project by May"')
      .action(async (name: PersonaSection, words) => {
        const value = await actOnce(context, "persona.update", {
          section: name,
          text: textOf(words),
        });
        if (print.isJson) return print.json(value);
        print.line(`Written: ${value.path}. mh undo takes it back.`);
      });
    parser
      .command("edit")
      .addArgument(section())
      .description("Open one part in $VISUAL or $EDITOR.")
      .addHelpText("after", "\nExample:\n  mh persona edit values")
      .action(async (name: PersonaSection) => {
        const { sections } = await actOnce(context, "persona.show", { section: name });
        const before = sections[0]?.text ?? "";
        const text = editText(before, `${name}.md`, context.environment);
        if (text === before) return print.note("Nothing was changed.");
        const value = await actOnce(context, "persona.update", { section: name, text });
        if (print.isJson) return print.json(value);
        print.line(`Written: ${value.path}. mh undo takes it back.`);
      });
    parser
      .command("versions")
      .addArgument(section())
      .description("What one part said before: the latest first, each with its number.")
      .addHelpText("after", "\nExample:\n  mh persona versions values")
      .action((name: PersonaSection) => listVersions(context, name));
    parser
      .command("diff")
      .addArgument(section())
      .argument("[number]", "of `mh persona versions`; the latest without", wholeNumber(1, 1_000), 1)
      .description("What a version changed of the one before it.")
      .addHelpText("after", "\nExample:\n  mh persona diff values 2")
      .action((name: PersonaSection, number: number) => showDiff(context, name, number));
    parser
      .command("restore")
      .addArgument(section())
      .argument("<number>", "of `mh persona versions`", wholeNumber(1, 1_000))
      .description("Write one part as a version had it; that is a new version.")
      .addHelpText("after", "\nExample:\n  mh persona restore values 2")
      .action((name: PersonaSection, number: number) => restore(context, name, number));
  },
};

type Version = ValueFor<"persona.versions">["versions"][number];

async function versionsOf(context: Context, name: PersonaSection): Promise<Version[]> {
  return (await actOnce(context, "persona.versions", { section: name })).versions;
}

async function versionOf(context: Context, name: PersonaSection, number: number): Promise<Version> {
  const version = (await versionsOf(context, name))[number - 1];
  if (version) return version;
  throw new Fault("usage", `There is no version ${number} of ${name}. \`mh persona versions ${name}\` lists them.`);
}

async function listVersions(context: Context, name: PersonaSection): Promise<void> {
  const { print } = context;
  const versions = await versionsOf(context, name);
  if (print.isJson) return print.json({ versions });
  if (versions.length === 0) return print.line(`Nothing was ever written about ${name}.`);
  const rows = versions.map(({ at, how, principal, text }, n) => [
    String(n + 1),
    at === null ? "" : print.moment(at),
    principal === null ? how : `${how} by ${visible(principal)}`,
    text === null ? "not kept any more" : clip(visible(text.trim()), 60),
  ]);
  print.page();
  print.line(table(rows, print.width));
}

async function showDiff(context: Context, name: PersonaSection, number: number): Promise<void> {
  const { print } = context;
  const { diff } = await versionOf(context, name, number);
  if (print.isJson) return print.json({ diff });
  print.page();
  tellDiff(print, diff);
}

async function restore(context: Context, name: PersonaSection, number: number): Promise<void> {
  const { print } = context;
  const { text } = await versionOf(context, name, number);
  if (text === null) throw new Fault("usage", `What version ${number} said is not kept any more.`);
  const value = await actOnce(context, "persona.update", { section: name, text });
  if (print.isJson) return print.json(value);
  print.line(`Written as it was: ${value.path}. mh undo takes it back.`);
}

async function show(context: Context, name: PersonaSection | undefined): Promise<void> {
  const { print } = context;
  const { sections } = await actOnce(context, "persona.show", name ? { section: name } : {});
  if (print.isJson) return print.json({ sections });
  if (sections.length === 0) {
    return print.line(
      `Nothing is written yet${name ? ` about ${name}` : ""}. \`mh persona set values "…"\` begins it.`,
    );
  }
  print.page();
  for (const { section, path, text } of sections) {
    print.line(`${print.color.bold(section)}  ${print.color.dim(path)}`);
    print.line(wrap(visible(text.trimEnd(), { multiline: true }), print.width, "  "));
  }
}
