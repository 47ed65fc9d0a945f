import type { InputOf } from "@mh/contract/contract.ts";
import { planPropose } from "@mh/contract/grants.ts";

type Plan = InputOf<typeof planPropose>;

/** A plan with just these calls, for a model that makes none; undefined where they make no plan. */
export function planOf(words: string, calls: readonly { skill: string; args: unknown }[]): Plan | undefined {
  const line = words.trim().split("\n").at(-1) ?? "";
  const plan = { title: line.slice(0, 200).trim() || "What was just asked for", steps: calls.map(stepOf) };
  return planPropose.input.safeParse(plan).success ? (plan as Plan) : undefined;
}

const stepOf = ({ skill, args }: { skill: string; args: unknown }) => ({ skill, args });
