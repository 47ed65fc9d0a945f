import * as fs from "node:fs";
import { isDamage } from "@mh/core/ports/database.ts";
import { isDiskError } from "@mh/core/ports/disk-fault.ts";
import { lookAtProjection } from "../adapters/sqlite.ts";
import type { journalReader } from "../audit/journal-reader.ts";
import { indexFile } from "../places.ts";
import { isCurrent, positionOf } from "./projection.ts";

/** How many records the index has read; 0 where it does not say. */
export function indexedSize(root: string, { disk }: Pick<ReturnType<typeof journalReader>, "disk">): number {
  if (!fs.existsSync(indexFile(root))) return 0;
  try {
    const db = lookAtProjection(indexFile(root), disk.cipher?.databaseKey);
    try {
      return isCurrent(db) ? positionOf(db).head.size : 0;
    } finally {
      db.close();
    }
  } catch (error) {
    if (!isDamage(error) && !isDiskError(error)) throw error;
    // A cache that is damaged knows nothing of the log.
    return 0;
  }
}
