import * as fs from "node:fs";
import type { Database } from "@mh/core/ports/database.ts";
import { lookAtProjection } from "../adapters/sqlite.ts";
import { journalReader } from "../audit/journal-reader.ts";
import { indexFile } from "../places.ts";
import type { Finding } from "./check-home.ts";
import { isLeftOpen, seenLater } from "./index-left.ts";
import { isCurrent } from "./projection.ts";

export type Found = Omit<Finding, "what">;
export type Environment = Record<string, string | undefined>;

/** What a check finds in the index, at one moment of it though somebody goes on writing; or why it cannot look now. */
export function lookAtIndex(
  root: string,
  environment: Environment,
  look: (db: Database, reader: ReturnType<typeof journalReader>) => Found[],
): Found[] {
  const file = indexFile(root);
  if (!fs.existsSync(file)) return [{ level: "ok", message: "there is no index; the next command folds the log" }];
  if (isLeftOpen(root)) return [{ level: "ok", message: seenLater }];
  const reader = journalReader(root, environment);
  const db = lookAtProjection(file, reader.disk.cipher?.databaseKey);
  try {
    db.exec("BEGIN");
    return isCurrent(db) ? look(db, reader) : [ofAnotherVersion];
  } finally {
    db.close();
  }
}

export const ofAnotherVersion: Found = {
  level: "ok",
  message: "the index is of another version; the next command makes it anew",
};
