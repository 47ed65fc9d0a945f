import type { Parked } from "@mh/contract/values/approval.ts";
import { type Registry, skillName } from "../kernel/registry.ts";
import type { Classification } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";

/** What a parked command would be, as its skill classifies it now; undefined where that is not known. */
export function classified(
  { registry, config }: { registry: Registry; config: () => Config },
  { skill, args }: Pick<Parked, "skill" | "args">,
): Classification | undefined {
  try {
    return registry.find(skillName(skill))?.classify(args, config());
  } catch {
    // Settings or the skill changed since: approving it fails with the reason.
    return undefined;
  }
}
