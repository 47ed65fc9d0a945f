import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import {
  answerDecisionSkill,
  correctDecisionSkill,
  explainDecisionSkill,
  listDecisionsSkill,
  makeDecisionSkill,
} from "./decision.ts";
import { decisionTables } from "./decisions-table.ts";
import { driftSkill } from "./drift.ts";
import { heldSkill } from "./held.ts";
import { decisionSettings } from "./settings.ts";
import { teachDecisionSkill } from "./teach.ts";

/** Options weighed, and the owner asked where the weight does not tell. */
export const decisionFeature = defineFeature<FeatureParts & GoverningParts>({
  name: "decision",
  tables: [decisionTables],
  settings: [decisionSettings],
  install: (parts) => ({
    skills: [
      makeDecisionSkill(parts),
      listDecisionsSkill(parts),
      explainDecisionSkill(parts),
      answerDecisionSkill(parts),
      correctDecisionSkill(parts),
      heldSkill(parts),
      driftSkill(parts),
      teachDecisionSkill(parts),
    ],
  }),
});
