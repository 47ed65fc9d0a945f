import { Argument } from "@commander-js/extra-typings";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type PersonaSection, personaSections } from "@mh/contract/values/persona-sections.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { quoted } from "../completion/shell-words.ts";
import { tellDiff } from "../diff-view.ts";
import { editText } from "../editor.ts";
import { textOf } from "../input.ts";
import { wholeNumber } from "../options.ts";
import { addPersonaImport } from "../persona/import.ts";
import { addInterview } from "../persona/interview.ts";
import { clip, hang, table, wrap } from "../print.ts";

const section = () => new Argument("<section>", "which part of you").choices([...personaSections]);

export const command: CommandModule = {
  uses: [
    "persona.show",
    "persona.update",
    "persona.versions",
    "persona.rules",
    "persona.routines",
    "persona.query",
    "persona.interview",
    "persona.answer",
    "persona.preview",
    "persona.import",
  ],
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
      .option("--reason <text>", "why; it stands in the history")
      .description("Rewrite one part.")
      .addHelpText(
        "after",
        '\nExample:\n  mh persona set goals "Ship the ML project by May" --reason "agreed with Sarah"',
      )
      .action((name: PersonaSection, words, { reason }) => write(context, name, textOf(words), reason));
    parser
      .command("edit")
      .addArgument(section())
      .option("--reason <text>", "why; it stands in the history")
      .description("Open one part in $VISUAL or $EDITOR.")
      .addHelpText("after", "\nExample:\n  mh persona edit values")
      .action(async (name: PersonaSection, { reason }) => {
        const { sections } = await actOnce(context, "persona.show", { section: name });
        const { text: before = "", broken = null, path = "" } = sections[0] ?? {};
        if (broken !== null)
          print.note(
            `What stands in ${path} is not taken: ${visible(broken)} The last good version is opened; saving it replaces what stands there.`,
          );
        const text = editText(before, `${name}.md`, context.environment);
        if (text === before) return print.note("Nothing was changed.");
        await write(context, name, text, reason);
      });
    parser
      .command("history")
      .alias("versions")
      .addArgument(new Argument("[section]", "only of this part").choices([...personaSections]))
      .description("Every version, the latest first, with who wrote it and why.")
      .addHelpText("after", "\nExamples:\n  mh persona history\n  mh persona history values")
      .action((name) => listVersions(context, name as PersonaSection | undefined));
    parser
      .command("rules")
      .description("How you decide: soft rules with their weight, hard ones with the rule of the policy that they are.")
      .addHelpText("after", "\nExample:\n  mh persona rules")
      .action(() => listRules(context));
    parser
      .command("routines")
      .description("What you do again and again, when, and with how much energy.")
      .addHelpText("after", "\nExample:\n  mh persona routines")
      .action(() => listRoutines(context));
    parser
      .command("query <situation...>")
      .option("-n <number>", "how much", wholeNumber(1, 100), 12)
      .description("What of you bears on a situation: values, goals, people, routines, rules, each with its source.")
      .addHelpText("after", '\nExample:\n  mh persona query "Sarah asks for a call on Friday evening"')
      .action((words, { n }) => query(context, textOf(words), n));
    addInterview(parser, context);
    addPersonaImport(parser, context);
    parser
      .command("diff")
      .addArgument(section())
      .argument("[number]", "of `mh persona history`; the latest without", wholeNumber(1, 1_000), 1)
      .description("What a version changed of the one before it.")
      .addHelpText("after", "\nExample:\n  mh persona diff values 2")
      .action((name: PersonaSection, number: number) => showDiff(context, name, number));
    parser
      .command("restore")
      .addArgument(section())
      .argument("<number>", "of `mh persona history`", wholeNumber(1, 1_000))
      .option("--reason <text>", "why; it stands in the history")
      .description("Write one part as a version had it; that is a new version.")
      .addHelpText("after", "\nExample:\n  mh persona restore values 2")
      .action((name: PersonaSection, number: number, { reason }) => restore(context, name, number, reason));
  },
};

type Version = ValueFor<"persona.versions">["versions"][number];

async function versionsOf(context: Context, name: PersonaSection | undefined): Promise<Version[]> {
  return (await actOnce(context, "persona.versions", name ? { section: name } : {})).versions;
}

async function versionOf(context: Context, name: PersonaSection, number: number): Promise<Version> {
  const version = (await versionsOf(context, name))[number - 1];
  if (version) return version;
  throw new Fault("usage", `There is no version ${number} of ${name}. \`mh persona versions ${name}\` lists them.`);
}

async function listVersions(context: Context, name: PersonaSection | undefined): Promise<void> {
  const { print } = context;
  const versions = await versionsOf(context, name);
  if (print.isJson) return print.json({ versions });
  if (versions.length === 0) return print.line(`Nothing was ever written${name ? ` about ${name}` : ""}.`);
  const rows = versions.map(({ section, number, at, how, principal, text }) => [
    ...(name ? [] : [section]),
    String(number),
    at === null ? "" : print.moment(at),
    principal === null ? how : `${how} by ${visible(principal)}`,
    text === null ? "not kept any more" : clip(visible(text.trim().replace(/\s+/g, " ")), 60),
  ]);
  print.page();
  const lines = table(rows, print.width).split("\n");
  for (const [n, { reason }] of versions.entries()) {
    print.line(lines[n] ?? "");
    if (reason !== null) print.line(hang("    because  ", print.color.dim(visible(reason)), print.width));
  }
}

async function showDiff(context: Context, name: PersonaSection, number: number): Promise<void> {
  const { print } = context;
  const { diff } = await versionOf(context, name, number);
  if (print.isJson) return print.json({ diff });
  print.page();
  tellDiff(print, diff);
}

async function query(context: Context, situation: string, limit: number): Promise<void> {
  const { print } = context;
  const { bearings } = await actOnce(context, "persona.query", { situation, limit });
  if (print.isJson) return print.json({ bearings });
  if (bearings.length === 0) return print.line("Nothing that is written of you bears on it.");
  print.page();
  for (const { kind, text, source, score, why } of bearings) {
    const more = print.color.dim(`${visible(why)}; ${score.toFixed(2)}, ${visible(source)}`);
    print.line(hang(`  ${kind.padEnd(12)} `, `${visible(text)}  ${more}`, print.width));
  }
}

async function listRules(context: Context): Promise<void> {
  const { print } = context;
  const { rules } = await actOnce(context, "persona.rules", {});
  if (print.isJson) return print.json({ rules });
  if (rules.length === 0)
    return print.line('No rule yet. `mh persona set decision-rules "* Never send mail at night {hard}"` writes one.');
  print.page();
  const { dim, yellow } = print.color;
  for (const { text, isHard, weight, when, with: whom, policy, inForce, why, line } of rules) {
    const marks = [
      isHard ? "hard" : `counts ${weight}`,
      when && `when ${visible(when)}`,
      whom && `with ${visible(whom)}`,
    ];
    print.line(
      hang("", `${visible(text)}  ${dim([...marks, `line ${line}`].filter(Boolean).join(", "))}`, print.width),
    );
    if (!isHard) continue;
    if (inForce !== null) print.line(hang("  ", dim(`in force: ${visible(inForce)}`), print.width));
    else if (policy) {
      print.line(hang("  ", yellow("not in force; this makes it a rule for everybody:"), print.width));
      print.line(`  mh policy ${policy.kind} ${quoted(visible(policy.sentence))}`);
      print.line(dim(wrap(visible(policy.cedar, { multiline: true }), print.width, "    ")));
    } else
      print.line(
        hang("  ", yellow(`not in force, and no rule can be read out of it: ${visible(why ?? "")}`), print.width),
      );
  }
}

async function listRoutines(context: Context): Promise<void> {
  const { print } = context;
  const { routines } = await actOnce(context, "persona.routines", {});
  if (print.isJson) return print.json({ routines });
  if (routines.length === 0)
    return print.line(
      'No routine yet. `mh persona set routines "* Deep work {when: weekdays morning, energy high}"` writes one.',
    );
  print.page();
  const { dim } = print.color;
  for (const { text, when, energy, line } of routines) {
    const marks = [when && visible(when), energy && `energy ${energy}`, `line ${line}`].filter(Boolean);
    print.line(hang("", `${visible(text)}  ${dim(marks.join(", "))}`, print.width));
  }
}

async function restore(context: Context, name: PersonaSection, number: number, reason = `as version ${number} had it`) {
  const { text } = await versionOf(context, name, number);
  if (text === null) throw new Fault("usage", `What version ${number} said is not kept any more.`);
  await write(context, name, text, reason);
}

async function write(context: Context, section: PersonaSection, text: string, reason: string | undefined) {
  const { print } = context;
  const value = await actOnce(context, "persona.update", { section, text, ...(reason && { reason }) });
  if (print.isJson) return print.json(value);
  print.line(`Written: ${value.path}. mh undo takes it back.`);
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
  for (const { section, path, text, broken } of sections) {
    print.line(`${print.color.bold(section)}  ${print.color.dim(path)}`);
    if (broken !== null) {
      print.line(print.color.red(hang("  not taken  ", visible(broken), print.width)));
      print.line(
        print.color.dim(`  ${text === "" ? "Nothing of it is in force." : "The last good version is in force:"}`),
      );
    }
    print.line(wrap(visible(text.trimEnd(), { multiline: true }), print.width, "  "));
  }
}
