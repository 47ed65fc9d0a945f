import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { activitySkill, trustEvidenceSkill, trustHistorySkill } from "./activity.ts";
import { activityTables } from "./activity-table.ts";
import {
  checkHomeSkill,
  describeConfigSkill,
  explainCommandSkill,
  homeStatusSkill,
  type Inspector,
  type LastCheck,
  searchLogSkill,
  showAuditSkill,
  showProofSkill,
  tailAuditSkill,
  verifyAuditSkill,
} from "./inspect.ts";

/** The log, the settings and the home, looked at: what any frontend can show. */
export const inspectFeature = defineFeature<FeatureParts & Pick<GoverningParts, "declared"> & { inspector: Inspector }>(
  {
    name: "inspect",
    tables: [activityTables],
    install(parts) {
      const last: LastCheck = { checked: null };
      const skills = [
        tailAuditSkill(parts),
        showAuditSkill(parts),
        searchLogSkill(parts),
        verifyAuditSkill(parts, last),
        showProofSkill(parts, last),
        explainCommandSkill(parts),
        homeStatusSkill(parts, last),
        checkHomeSkill(parts),
        describeConfigSkill(parts),
        activitySkill(parts),
        trustHistorySkill(parts),
        trustEvidenceSkill(parts),
      ];
      return { skills };
    },
  },
);
