// What a feature is written with: its skills, and the types that they meet.
export { memoryFacts, readManifest } from "./kernel/read-manifest.ts";
export {
  always,
  type Classification,
  type CommandContext,
  defineOutside,
  defineOwn,
  defineQuery,
  type Manifest,
  type OutsideContext,
  type OutsideSkill,
  type OwnContext,
  type OwnSkill,
  type ProvenanceFacts,
  type QueryContext,
  type QuerySkill,
  type Skill,
} from "./kernel/skill.ts";
export { writeManifest } from "./kernel/write-manifest.ts";
export type { Database } from "./ports/database.ts";
