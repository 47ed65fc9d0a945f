import type { Command } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { shippedRules } from "@mh/core/policy/policy-set.ts";
import type { PolicyState } from "@mh/core/rules/policy.ts";
import { rulesIn } from "@mh/host/audit/policy-past.ts";
import { actOnce, type Context } from "../command.ts";
import { beginsAt } from "../told-time.ts";
import { judgedPast, showPast, withRules } from "./past.ts";

interface DiffOptions {
  since?: string;
  without?: string;
}

/** `mh policy diff`: what a change of rules would have decided differently so far. */
export function addDiffCommand(parser: Command, context: Context): void {
  parser
    .command("diff [file]")
    .description("What a change of rules would have decided otherwise: yours that wait, or a file.")
    .option("--without <rule>", "as if that rule were gone")
    .option("--since <time>", "only what came after")
    .addHelpText("after", "\nExamples:\n  mh policy diff\n  mh policy diff stricter.cedar --since 2026-03-01")
    .action((file, options) => diff(context, file, options));
}

async function diff(context: Context, file: string | undefined, { since, without }: DiffOptions): Promise<void> {
  const { print } = context;
  const state = await actOnce(context, "policy.list", {});
  const after = afterChange(state, file, without);
  const isSame = after.length === state.inForce.length && after.every(({ text }) => has(state.inForce, text));
  if (isSame && !print.isJson) return print.line("No rule is different. With a file, `mh policy diff FILE`.");
  const past = await judgedPast(
    context,
    { before: state.inForce, after },
    since ? Date.parse(await beginsAt(since)) : undefined,
  );
  const changes = [
    ...after.filter(({ text }) => !has(state.inForce, text)).map((rule) => ({ what: "comes", ...brief(rule) })),
    ...state.inForce.filter(({ text }) => !has(after, text)).map((rule) => ({ what: "goes", ...brief(rule) })),
  ];
  if (print.isJson) return print.json({ changes, ...past });
  print.page();
  for (const { what, effect, title, id } of changes)
    print.line(`${what}: ${effect}, ${visible(title)} (${visible(id)})`);
  showPast(print, past);
}

function afterChange(state: PolicyState, file: string | undefined, without: string | undefined): PolicyRule[] {
  const { inForce, onDisk, broken } = state;
  if (without !== undefined) {
    const rule = inForce.find(({ id }) => id === without);
    if (!rule) throw new Fault("usage", `There is no rule ${without}. \`mh policy list --all\` shows them.`);
    return inForce.filter((each) => each !== rule);
  }
  if (file !== undefined) {
    const rules = rulesIn(file);
    return withRules(inForce, rules[0]?.id.split("#", 1)[0] ?? "", rules);
  }
  if (broken) throw new Fault("policy.invalid", `${broken} Repair the file, then try again.`);
  return [...shippedRules(), ...onDisk];
}

const has = (rules: readonly PolicyRule[], text: string): boolean => rules.some((rule) => rule.text === text);
const brief = ({ id, effect, title }: PolicyRule) => ({ id, effect, title });
