import type { OwnSkill, Skill } from "./skill.ts";

/** Whether its commands change the home and nothing besides: what became of one stands there. */
export const changesHomeOnly = (skill: Skill | undefined): skill is OwnSkill =>
  skill?.kind === "own" || skill?.kind === "admin";
