import { Fault } from "@mh/contract/values/fault.ts";
import type { Skill } from "./skill.ts";

/** What a skill answered, parsed by its contract. Throws `output.invalid` where it is something else. */
export function answerOf({ contract }: Skill, value: unknown): unknown {
  const parsed = contract.output.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the answer";
  const what = `${contract.name} answered what its contract does not say (${where}: ${issue?.message ?? "not valid"})`;
  throw new Fault("output.invalid", `${what}. Its maker has to repair that.`);
}

/** Ids of what a command was about, as its contract names them: `memory:<id>`. */
export function subjectsOf({ contract }: Skill, args: object, value: unknown): string[] {
  const fields = { ...args, ...(typeof value === "object" ? value : {}) } as Record<string, unknown>;
  return Object.entries(contract.subjects ?? {})
    .flatMap(([kind, field]) => {
      const found = field
        .split(".")
        .reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], fields);
      const ids = Array.isArray(found) ? found : [found];
      return ids.filter((id) => typeof id === "string" && idPattern.test(id)).map((id) => `${kind}:${id}`);
    })
    .slice(0, subjectsMax);
}

/** Names of things that mh made, never somebody's words. */
const idPattern = /^[\w.:@/-]{1,100}$/;
const subjectsMax = 20;
