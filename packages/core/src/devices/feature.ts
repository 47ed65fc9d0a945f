import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { addClientSkill, listClientsSkill, revokeClientSkill } from "./client.ts";
import {
  addDeviceSkill,
  listDevicesSkill,
  revokeDeviceSkill,
  subscribeDeviceSkill,
  unsubscribeDeviceSkill,
} from "./device.ts";
import { deviceTables } from "./devices-table.ts";

/** The owner's other devices, each with a token of its own. */
export const devicesFeature = defineFeature<FeatureParts & GoverningParts>({
  name: "devices",
  tables: [deviceTables],
  install: (parts) => ({
    skills: [
      addDeviceSkill(parts),
      listDevicesSkill(),
      revokeDeviceSkill(parts),
      subscribeDeviceSkill(),
      unsubscribeDeviceSkill(),
      addClientSkill(parts),
      listClientsSkill(),
      revokeClientSkill(parts),
    ],
  }),
});
