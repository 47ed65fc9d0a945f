import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { PastDifferences } from "@mh/core/policy/past.ts";
import { parsePolicyFile } from "@mh/core/policy/policy-set.ts";
import { differencesInPast } from "@mh/host/audit/policy-past.ts";
import type { Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { hang, type Printer } from "../print.ts";
import { makeProgress } from "../progress.ts";

export interface ChangedRules {
  before: readonly PolicyRule[];
  /** The rules after the change, whole … */
  after?: readonly PolicyRule[];
  /** … or a file that takes the place of one of the same name. */
  added?: { name: string; text: string };
}

/** Works the verdicts of the log out again, by the rules before and after a change. */
export async function judgedPast(context: Context, rules: ChangedRules, since?: number): Promise<PastDifferences> {
  const { print, root, environment, signal } = context;
  const after = rules.after ?? (rules.added ? withFile(rules.before, rules.added) : rules.before);
  using progress = makeProgress(print, { doing: "Judging the past", unit: "records" });
  return await differencesInPast(
    root,
    environment,
    { before: rules.before, after },
    {
      ...{ since, signal },
      onProgress: (count) => progress.update({ count }),
    },
  );
}

function withFile(rules: readonly PolicyRule[], { name, text }: { name: string; text: string }): PolicyRule[] {
  return withRules(rules, name, parsePolicyFile(name, text));
}

/** A set of rules in which a file's rules stand instead of those that it had. */
export function withRules(rules: readonly PolicyRule[], file: string, instead: readonly PolicyRule[]): PolicyRule[] {
  return [...rules.filter(({ id }) => !id.startsWith(`${file}#`)), ...instead];
}

export function showPast(print: Printer, { judged, unknown, different }: PastDifferences): void {
  const changed = different.reduce((sum, { count }) => sum + count, 0);
  const rest = unknown > 0 ? `; of ${unknown} the log does not keep what the rules look at` : "";
  print.line(`\nOf ${counted(judged, "verdict")} in the log, ${changed} would be different${rest}.`);
  for (const { before, after, count, principal, skill, last, rules } of different) {
    const label = `  ${before} → ${after}  `;
    const words = `${count} × ${visible(principal)}: ${visible(skill)}, ${print.day(last)}; ${visible(rules.join(", "))}`;
    print.line(hang(label, words, print.width));
  }
}
