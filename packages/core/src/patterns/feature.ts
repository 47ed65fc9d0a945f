import { defineFeature } from "../feature.ts";
import { checkByCommand } from "../memory/hand-written.ts";
import { spotPatternsSkill } from "./spot.ts";

/** What the owner does and chooses again and again, counted. */
export const patternsFeature = defineFeature({
  name: "patterns",
  install: (parts) => ({ skills: [spotPatternsSkill({ ...parts, check: checkByCommand(parts) })] }),
});
