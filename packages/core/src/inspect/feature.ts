import { defineFeature, type FeatureParts } from "../feature.ts";
import {
  checkHomeSkill,
  describeConfigSkill,
  explainCommandSkill,
  homeStatusSkill,
  type Inspector,
  searchLogSkill,
  showAuditSkill,
  tailAuditSkill,
  verifyAuditSkill,
} from "./inspect.ts";

/** The log, the settings and the home, looked at: what any frontend can show. */
export const inspectFeature = defineFeature<FeatureParts & { inspector: Inspector }>({
  name: "inspect",
  install: (parts) => ({
    skills: [
      tailAuditSkill(parts),
      showAuditSkill(parts),
      searchLogSkill(parts),
      verifyAuditSkill(parts),
      explainCommandSkill(parts),
      homeStatusSkill(parts),
      checkHomeSkill(parts),
      describeConfigSkill(parts),
    ],
  }),
});
