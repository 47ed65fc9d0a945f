import { defineFeature } from "../feature.ts";
import { readFileSkill, removeFileSkill, writeFileSkill } from "./file.ts";

/** Files of the home itself, in `out/files`. */
export const filesFeature = defineFeature({
  name: "files",
  install: (parts) => ({ skills: [writeFileSkill(parts), readFileSkill(parts), removeFileSkill(parts)] }),
});
