import type { OwnSkill, Skill } from "./skill.ts";

/** Whether what became of its commands may stand outside the home, where nobody can take it back. Of one not known here nobody knows. */
export const mayActOutside = (skill: Skill | undefined): boolean => skill === undefined || skill.kind === "outside";

/** Whether its commands change the home and nothing besides: what became of one stands there. */
export const changesHomeOnly = (skill: Skill | undefined): skill is OwnSkill =>
  skill?.kind === "own" || skill?.kind === "admin";
