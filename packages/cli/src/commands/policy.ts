import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context, exitCodes } from "../command.ts";
import { parseArgs } from "../json-args.ts";
import { counted } from "../numbers.ts";
import { lesser } from "../options.ts";
import { addDiffCommand } from "../policy/diff.ts";
import { addImportCommand } from "../policy/import.ts";
import { addMatrixCommand } from "../policy/matrix.ts";
import { addReplayCommand } from "../policy/replay.ts";
import { addTestCommand } from "../policy/test.ts";
import { showRuleWarnings } from "../policy/warnings.ts";
import { addWordCommands } from "../policy/words.ts";
import { addSimulate } from "../policy-simulate.ts";
import { table, wrap } from "../print.ts";
import { showLayers } from "../verdict-view.ts";

export const command: CommandModule = {
  uses: [
    "policy.list",
    "policy.adopt",
    "policy.disable",
    "policy.draft",
    "policy.write",
    "policy.matrix",
    "grant.list",
    "trust.list",
  ],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText(
      "after",
      '\nExamples:\n  mh policy list\n  mh policy check memory.forget \'{"id":"x"}\' --as agent:organizer',
    );
    parser
      .command("list", { isDefault: true })
      .description("The rules in force, yours first, and what waits for you.")
      .option("--all", "the trust table's rules, too")
      .addHelpText("after", "\nExample:\n  mh policy list --all")
      .action(({ all }: { all?: boolean }) => list(context, all ?? false));
    parser
      .command("explain <rule>")
      .description("One rule: its words, its layer, its text.")
      .addHelpText("after", "\nExample:\n  mh policy explain invariant.stop")
      .action(async (id: string) => {
        const { inForce } = await actOnce(context, "policy.list", {});
        // The list clips a long name: its beginning will do where it fits one rule only.
        const alike = inForce.filter((each) => id !== "" && each.id.startsWith(id.replace(/…$/, "")));
        const rule = inForce.find((each) => each.id === id) ?? (alike.length === 1 ? alike[0] : undefined);
        if (!rule) throw new Fault("usage", `There is no rule ${id}. \`mh policy list --all\` shows them.`);
        if (print.isJson) return print.json(rule);
        print.line(print.color.bold(visible(rule.title)));
        print.line(
          `${rule.id}   ${rule.effect}, ${rule.layer}, ${rule.origin === "owner" ? "yours" : "shipped, cannot be loosened"}`,
        );
        print.line(`\n${visible(rule.text, { multiline: true })}`);
      });
    parser
      .command("check <skill> [json]")
      .description("What the gate would say; nothing runs and nothing is recorded.")
      .option("--as <principal>", "for somebody lesser than you", lesser)
      .addHelpText("after", '\nExample:\n  mh policy check memory.capture \'{"text":"hi"}\' --as agent:organizer')
      .action(async (skill: string, json: string | undefined, options: { as?: string }) => {
        await using client = await context.connect();
        const verdict = await client.check(skill, parseArgs(json), options);
        process.exitCode = { allow: exitCodes.done, ask: exitCodes.waiting, deny: exitCodes.denied }[verdict.verdict];
        if (print.isJson) return print.json(verdict);
        showLayers(print, verdict);
      });
    addSimulate(parser, context);
    addReplayCommand(parser, context);
    addImportCommand(parser, context);
    parser
      .command("adopt")
      .description("Put looser rules that you wrote into force.")
      .addHelpText("after", "\nExample:\n  mh policy adopt")
      .action(async () => {
        const value = await actOnce(context, "policy.adopt", {});
        if (print.isJson) return print.json(value);
        print.line(`In force now: ${counted(value.adopted, "change")}.`);
        showRuleWarnings(print, value.warnings);
      });
    parser
      .command("disable <file>")
      .description("Take one of your files of rules out of force at once; its text is laid aside.")
      .addHelpText("after", "\nExample:\n  mh policy disable house.cedar")
      .action(async (file) => {
        const value = await actOnce(context, "policy.disable", { file });
        if (print.isJson) return print.json(value);
        const where = value.path === null ? "" : ` Its text is in ${visible(value.path)}.`;
        print.line(`Out of force: ${counted(value.rules.length, "rule")}.${where}`);
      });
    addWordCommands(parser, context);
    addDiffCommand(parser, context);
    addMatrixCommand(parser, context);
    addTestCommand(parser, context);
  },
};

async function list(context: Context, all: boolean): Promise<void> {
  const { print } = context;
  const state = await actOnce(context, "policy.list", {});
  if (print.isJson) return print.json(state);
  const { bold, yellow, red } = print.color;
  print.page();
  const show = (title: string, rules: readonly PolicyRule[]) => {
    print.line(bold(title));
    print.line(
      table(
        rules.map((r) => [`  ${visible(r.id)}`, r.effect, r.layer, visible(r.title)]),
        print.width,
      ),
    );
  };
  const yours = state.inForce.filter((rule) => rule.origin === "owner");
  if (yours.length > 0) show("Yours (persona/policy)", yours);
  else print.line("No rules of yours yet: persona/policy/house.cedar shows how one looks.");
  show(
    "Shipped, cannot be loosened",
    state.inForce.filter((rule) => rule.id.startsWith("invariant.")),
  );
  if (all)
    show(
      "Trust table",
      state.inForce.filter((rule) => rule.id.startsWith("table.")),
    );
  if (state.broken)
    print.line(red(wrap(`Not taken: ${visible(state.broken)} The last good rules stay in force.`, print.width)));
  for (const { what, rule } of state.pending)
    print.line(
      yellow(wrap(`Waits for \`mh policy adopt\`: ${what}: ${visible(rule.title)} (${rule.id})`, print.width)),
    );
  if (state.trouble) print.line(red(wrap(visible(state.trouble), print.width)));
  showRuleWarnings(print, state.warnings);
}
