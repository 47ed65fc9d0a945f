import { adoptionFeature } from "@mh/core/adoption/feature.ts";
import { approvalsFeature } from "@mh/core/approvals/feature.ts";
import { auditFeature } from "@mh/core/audit/feature.ts";
import { decisionFeature } from "@mh/core/decision/feature.ts";
import { devicesFeature } from "@mh/core/devices/feature.ts";
import { filesFeature } from "@mh/core/disk/feature.ts";
import { factsFeature } from "@mh/core/facts/feature.ts";
import type { Feature } from "@mh/core/feature.ts";
import { grantsFeature } from "@mh/core/grants/feature.ts";
import { historyFeature } from "@mh/core/history/feature.ts";
import { inspectFeature } from "@mh/core/inspect/feature.ts";
import { memoryFeature } from "@mh/core/memory/feature.ts";
import { patternsFeature } from "@mh/core/patterns/feature.ts";
import { personaFeature } from "@mh/core/persona/feature.ts";
import { proposalsFeature } from "@mh/core/proposals/feature.ts";
import { rulesFeature } from "@mh/core/rules/feature.ts";
import { runsFeature } from "@mh/core/runs/feature.ts";
import { settingsFeature } from "@mh/core/settings/feature.ts";
import { stopFeature } from "@mh/core/stop/feature.ts";
import { tasksFeature } from "@mh/core/tasks/feature.ts";
import { toolsFeature } from "@mh/core/tools/feature.ts";
import { agentsFeature } from "../agents/feature.ts";
import { extensionsFeature } from "../extensions/feature.ts";
import { importFeature } from "../import/feature.ts";
import { moveFeature } from "../move/feature.ts";
import { selfFeature } from "../self/feature.ts";
import { audioFeature } from "./audio-feature.ts";
import { channelsFeature } from "./channels-feature.ts";
import { chatFeature } from "./chat-feature.ts";
import type { HomeParts } from "./home-parts.ts";
import { modelsFeature } from "./models-feature.ts";
import { observeFeature } from "./observe-feature.ts";
import { standingFeature } from "./standing-feature.ts";
import {
  calendarFeature,
  diskFeature,
  mailFeature,
  notifyFeature,
  programsFeature,
  secretsFeature,
  webFeature,
} from "./world-features.ts";

/** What mh is made of. A new feature is a folder of its own, and a line here. */
export const shippedFeatures: readonly Feature<HomeParts>[] = [
  adoptionFeature,
  agentsFeature,
  approvalsFeature,
  audioFeature,
  auditFeature,
  calendarFeature,
  channelsFeature,
  chatFeature,
  decisionFeature,
  devicesFeature,
  diskFeature,
  extensionsFeature,
  factsFeature,
  filesFeature,
  grantsFeature,
  historyFeature,
  importFeature,
  inspectFeature,
  mailFeature,
  memoryFeature,
  modelsFeature,
  moveFeature,
  notifyFeature,
  observeFeature,
  patternsFeature,
  personaFeature,
  programsFeature,
  proposalsFeature,
  rulesFeature,
  runsFeature,
  secretsFeature,
  selfFeature,
  settingsFeature,
  standingFeature,
  stopFeature,
  tasksFeature,
  toolsFeature,
  webFeature,
];
