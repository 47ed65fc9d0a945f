import { approvalsSabotages } from "./approvals.ts";
import { askSabotages } from "./ask.ts";
import { botsSabotages } from "./bots.ts";
import { channelsSabotages } from "./channels.ts";
import { chatSabotages } from "./chat.ts";
import { encryptionSabotages } from "./encryption.ts";
import { extensionsSabotages } from "./extensions.ts";
import { hostSabotages } from "./host.ts";
import { importSabotages } from "./import.ts";
import { kernelSabotages } from "./kernel.ts";
import { mcpSabotages } from "./mcp.ts";
import { mcpClientSabotages } from "./mcp-client.ts";
import { memorySabotages } from "./memory.ts";
import { modelsSabotages } from "./models.ts";
import { picturesSabotages } from "./pictures.ts";
import { plansSabotages } from "./plans.ts";
import { policySabotages } from "./policy.ts";
import { provenanceSabotages } from "./provenance.ts";
import { referencesSabotages } from "./references.ts";
import { repairSabotages } from "./repair.ts";
import type { Sabotage } from "./sabotage.ts";
import { sandboxSabotages } from "./sandbox.ts";
import { selfSabotages } from "./self.ts";
import { siteSabotages } from "./site.ts";
import { siteListSabotages } from "./site-lists.ts";
import { syncSabotages } from "./sync.ts";
import { vectorsSabotages } from "./vectors.ts";

/** All sabotages. Each stands in the file of the area whose code it breaks. */
export const sabotages: readonly Sabotage[] = [
  ...approvalsSabotages,
  ...askSabotages,
  ...botsSabotages,
  ...channelsSabotages,
  ...chatSabotages,
  ...encryptionSabotages,
  ...extensionsSabotages,
  ...hostSabotages,
  ...importSabotages,
  ...kernelSabotages,
  ...mcpSabotages,
  ...mcpClientSabotages,
  ...memorySabotages,
  ...modelsSabotages,
  ...picturesSabotages,
  ...plansSabotages,
  ...policySabotages,
  ...provenanceSabotages,
  ...referencesSabotages,
  ...repairSabotages,
  ...sandboxSabotages,
  ...selfSabotages,
  ...siteSabotages,
  ...siteListSabotages,
  ...syncSabotages,
  ...vectorsSabotages,
];
