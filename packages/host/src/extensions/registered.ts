import { Fault } from "@mh/contract/values/fault.ts";
import type { Registry } from "@mh/core/kernel/registry.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";

/**
 * Registers the skills of one extension, and gives their names. What was fit once may not be any more: a newer mh may have
 * a skill of that name. Then the extension stays out, and the home opens all the same.
 */
export function registered(registry: Registry, whose: string, make: () => Skill[]): string[] {
  const names: string[] = [];
  try {
    for (const skill of make()) {
      registry.add(skill);
      names.push(skill.contract.name);
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    for (const name of names) registry.remove(name);
    process.emitWarning(`${whose} stays out: ${error.message}`);
    return [];
  }
  return names;
}
