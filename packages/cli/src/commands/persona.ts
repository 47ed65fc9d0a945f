import { Argument } from "@commander-js/extra-typings";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import { visible } from "@mh/core/model/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { editText } from "../editor.ts";
import { textOf } from "../input.ts";
import { wrap } from "../print.ts";

const section = () => new Argument("<section>", "which part of you").choices([...personaSections]);

export const command: CommandModule = {
  uses: ["persona.show", "persona.update"],
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
  },
};

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
