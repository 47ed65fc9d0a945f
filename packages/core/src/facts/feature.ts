import { defineFeature } from "../feature.ts";
import { checkByCommand } from "../memory/hand-written.ts";
import { addFactSkill, relateSkill, reviewFactSkill } from "./fact.ts";
import { listFactsSkill } from "./list.ts";
import { spotFactsSkill } from "./spot.ts";

/** Statements with their time and their evidence. */
export const factsFeature = defineFeature({
  name: "facts",
  install(parts) {
    const reading = { ...parts, check: checkByCommand(parts) };
    return {
      skills: [
        addFactSkill(parts),
        relateSkill(parts),
        reviewFactSkill(parts),
        listFactsSkill(reading),
        spotFactsSkill(reading),
      ],
    };
  },
});
