import { reasonTables } from "../documents/reasons.ts";
import { defineFeature, type FeatureParts } from "../feature.ts";
import { checkByCommand } from "../memory/hand-written.ts";
import { loadWhen } from "../memory/language.ts";
import type { RuleFiles } from "../rules/feature.ts";
import { addGoalSkill, goalStatusSkills, listGoalsSkill, showGoalSkill } from "./goal-skills.ts";
import { importPersonaSkill, previewPersonaSkill } from "./import/skills.ts";
import { answerSkill, interviewSkill } from "./interview.ts";
import { showPersonaSkill, updatePersonaSkill } from "./persona.ts";
import { personaDocuments } from "./persona-documents.ts";
import { personaQuerySkill } from "./query.ts";
import { personaRoutinesSkill } from "./routines.ts";
import { personaRulesSkill } from "./rules-skill.ts";
import { personaVersionsSkill } from "./versions.ts";

/** Who the owner is, in files of their own. */
export const personaFeature = defineFeature<FeatureParts & { rules: Pick<RuleFiles, "state"> }>({
  name: "persona",
  documents: () => [personaDocuments],
  tables: [reasonTables],
  install(parts) {
    const goals = { ...parts, readWhen: loadWhen };
    return {
      skills: [
        showPersonaSkill(parts),
        updatePersonaSkill(parts),
        personaVersionsSkill(parts),
        personaRulesSkill(parts),
        personaRoutinesSkill(),
        personaQuerySkill({ ...parts, checkMemory: checkByCommand(parts) }),
        interviewSkill(),
        answerSkill(parts),
        previewPersonaSkill(),
        importPersonaSkill(parts),
        listGoalsSkill(),
        showGoalSkill(),
        addGoalSkill(goals),
        ...goalStatusSkills(goals),
      ],
    };
  },
});
