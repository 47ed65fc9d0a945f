import { personaQuery } from "@mh/contract/persona-query.ts";
import { defineQuery } from "../kernel/skill.ts";
import type { BearingDeps } from "./bearing.ts";

/** What of the owner's identity bears on a situation, each with its source. */
export function personaQuerySkill(deps: BearingDeps) {
  return defineQuery(personaQuery, {
    async run({ situation, limit }, { db, now }) {
      const { bearingOn } = await import("./bearing.ts");
      return { bearings: bearingOn(db, situation, deps, { now, limit }) };
    },
  });
}
