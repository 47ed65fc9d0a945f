import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { checkByCommand } from "../memory/hand-written.ts";
import {
  answerDecisionSkill,
  correctDecisionSkill,
  explainDecisionSkill,
  listDecisionsSkill,
  makeDecisionSkill,
} from "./decision.ts";
import { decisionTables } from "./decisions-table.ts";
import { driftSkill } from "./drift.ts";
import { forgetDecisionSkill } from "./forget-decision.ts";
import { heldSkill } from "./held.ts";
import { decisionSettings } from "./settings.ts";
import { teachDecisionSkill } from "./teach.ts";

/** Options weighed, and the owner asked where the weight does not tell. */
export const decisionFeature = defineFeature<FeatureParts & GoverningParts>({
  name: "decision",
  tables: [decisionTables],
  settings: [decisionSettings],
  install(parts) {
    const deps = { ...parts, checkMemory: checkByCommand(parts) };
    const skills = [
      makeDecisionSkill(deps),
      listDecisionsSkill(deps),
      explainDecisionSkill(deps),
      answerDecisionSkill(deps),
      correctDecisionSkill(deps),
      forgetDecisionSkill(deps),
      heldSkill(deps),
      driftSkill(deps),
      teachDecisionSkill(deps),
    ];
    return { skills };
  },
});
