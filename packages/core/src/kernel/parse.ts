import type { Amount } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Command } from "@mh/contract/wire/command.ts";
import type { z } from "zod";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { issueWords } from "../model/issue-words.ts";
import type { Database } from "../ports/database.ts";
import type { Call } from "./call.ts";
import { refuseTooLarge } from "./input-limits.ts";
import { refuseSecrets } from "./known-secrets.ts";
import type { KernelDeps } from "./parts.ts";
import { notPermitted } from "./permissions.ts";
import { skillName } from "./registry.ts";
import type { Classification, Skill } from "./skill.ts";
import { commandRow } from "./state.ts";

/** Turns a command into a call of a skill: arguments parsed, effect classified, version pinned. Throws a `Fault`. */
export function parse(deps: KernelDeps, command: Command & { id: string }): Call {
  const { registry, crypto, hmacKey, config, knownSecrets } = deps;
  refuseTooLarge(command.principal, registry.find(command.skill)?.contract.kind, command.args);
  refuseSecrets(knownSecrets, command);
  const skill = registry.get(command.skill);
  const parsed = skill.contract.input.safeParse(command.args, { error: issueWords });
  if (!parsed.success) throw new Fault("args.invalid", explainIssues(skill, parsed.error));
  const args = parsed.data as Record<string, unknown>;
  const classification = classify(skill, args, config());
  const pinned = registry.pinned(skill);
  const whole = written({ pinned, args }, canonical);
  if (whole === undefined) throw unwritable();
  const argsHash = crypto.hmacHex(hmacKey, whole);
  const { id, principal, onBehalfOf, task, cause, isByToken } = command;
  return {
    ...{ id, principal, skill, pinned, args, argsHash, classification },
    ...(onBehalfOf && { onBehalfOf }),
    ...(task && { task }),
    ...(cause && { cause }),
    ...(isByToken && { isByToken }),
  };
}

/** Throws `skill.step` where a step of other skills was asked for by itself: what causes a command no caller says. */
export function refuseAlone(db: Database, { principal, cause, skill: { contract } }: Call): void {
  const { name, stepOf } = contract;
  if (!stepOf) return;
  const whole = cause === undefined ? undefined : commandRow(db, cause);
  if (whole && whole.principal === principal && stepOf.includes(skillName(whole.skill))) return;
  const of = stepOf.join(" and ");
  throw new Fault("skill.step", `${name} is a step of ${of}: it keeps what that has read. Use ${of} instead.`);
}

/** What a skill says that it will do must stay within what its contract declares. */
function classify(skill: Skill, args: Record<string, unknown>, config: Config): Classification {
  const { name, effects, permissions } = skill.contract;
  const classification = skill.classify(args, config);
  const { effect, scope, amount } = classification;
  if (amount && !isAmount(amount)) throw new Fault("args.invalid", `${name}: what it would pay is no amount of money.`);
  const excess = effects.includes(effect) ? notPermitted(permissions, scope) : `the effect ${effect}`;
  if (excess === undefined) return classification;
  const what = `${name} claims ${excess}, which its contract does not declare`;
  throw new Fault("skill.misdeclared", `${what}. It is refused until that is repaired.`);
}

/** Whole and not negative, and so small that sums of it stay exact: the log takes no other. */
const isAmount = ({ minor }: Amount): boolean => Number.isInteger(minor) && minor >= 0 && minor <= 1e15;

/** Undefined for what cannot be written down: nested too deep, going in circles, or no Unicode. */
export function written(value: unknown, write: (value: unknown) => string = JSON.stringify): string | undefined {
  try {
    return write(value);
  } catch {
    return undefined;
  }
}

export const unwritable = (): Fault =>
  new Fault("args.invalid", "The arguments cannot be written down: nested too deep, or not valid Unicode.");

function explainIssues(skill: Skill, error: z.ZodError): string {
  const [issue] = error.issues;
  const where = issue?.path.join(".") || "the arguments";
  return `${skill.contract.name}: ${where}: ${issue?.message ?? "not valid"}.`;
}
