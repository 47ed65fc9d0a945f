import { personaQuery } from "@mh/contract/persona-query.ts";
import { defineQuery } from "../kernel/skill.ts";
import { type BearingDeps, bearingOn } from "./bearing.ts";

/** What of the owner's identity bears on a situation, each with its source. */
export function personaQuerySkill(deps: BearingDeps) {
  return defineQuery(personaQuery, {
    run: ({ situation, limit }, { db, now }) => ({ bearings: bearingOn(db, situation, deps, { now, limit }) }),
  });
}
