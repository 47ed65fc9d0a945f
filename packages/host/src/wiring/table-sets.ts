import { agentTables } from "@mh/core/agents/agents-table.ts";
import { decisionTables } from "@mh/core/decision/decisions-table.ts";
import { deviceTables } from "@mh/core/devices/devices-table.ts";
import { extensionTables } from "@mh/core/extensions/extensions-table.ts";
import { kernelTables } from "@mh/core/kernel/state.ts";
import type { TableSet } from "@mh/core/kernel/tables.ts";
import { noticeTables } from "@mh/core/notify/notices-table.ts";

/** Everything that is folded from the journal, the kernel's first. */
export const tableSets: readonly TableSet[] = [
  ...[kernelTables, agentTables, decisionTables, deviceTables, extensionTables, noticeTables],
];
