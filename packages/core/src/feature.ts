// What a feature is written with: its skills, each the implementation of a contract, and the types that they meet.
export {
  always,
  type Classification,
  type CommandContext,
  defineAdmin,
  defineOutside,
  defineOwn,
  defineQuery,
  type OutsideContext,
  type OutsideSkill,
  type OwnContext,
  type OwnSkill,
  type QueryContext,
  type QuerySkill,
  type Skill,
  type Stored,
} from "./kernel/skill.ts";
export type { Database } from "./ports/database.ts";
