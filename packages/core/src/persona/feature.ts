import { defineFeature } from "../feature.ts";
import { showPersonaSkill, updatePersonaSkill } from "./persona.ts";
import { personaDocuments } from "./persona-documents.ts";
import { personaVersionsSkill } from "./versions.ts";

/** Who the owner is, in files of their own. */
export const personaFeature = defineFeature({
  name: "persona",
  documents: () => [personaDocuments],
  install: (parts) => ({ skills: [showPersonaSkill(), updatePersonaSkill(parts), personaVersionsSkill(parts)] }),
});
