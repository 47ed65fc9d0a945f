import { defineFeature } from "../feature.ts";
import { addFactSkill, relateSkill, reviewFactSkill } from "./fact.ts";

/** Statements with their time and their evidence. */
export const factsFeature = defineFeature({
  name: "facts",
  install: (parts) => ({ skills: [addFactSkill(parts), relateSkill(parts), reviewFactSkill(parts)] }),
});
