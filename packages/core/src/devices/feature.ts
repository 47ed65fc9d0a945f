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
import { addPasskeySkill, type PasskeyDeps, removePasskeySkill, usePasskeySkill } from "./passkey.ts";

/** The owner's other devices, each with a token of its own. */
export const devicesFeature = defineFeature<FeatureParts & GoverningParts & PasskeyDeps>({
  name: "devices",
  tables: [deviceTables],
  install: (parts) => ({
    skills: [
      addDeviceSkill(parts),
      listDevicesSkill(),
      revokeDeviceSkill(parts),
      subscribeDeviceSkill(parts),
      unsubscribeDeviceSkill(parts),
      addClientSkill(parts),
      addPasskeySkill(parts),
      removePasskeySkill(),
      usePasskeySkill(parts),
      listClientsSkill(),
      revokeClientSkill(parts),
    ],
  }),
});
