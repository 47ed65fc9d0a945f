import type { PolicyRequest } from "@mh/contract/values/record.ts";
import { type JournalReaderDeps, latestRecords } from "@mh/core/journal/walk.ts";

const recordsMax = 500;

/** What was judged lately, each principal along the chain for itself. */
export function latestRequests(reader: JournalReaderDeps): PolicyRequest[] {
  return latestRecords(reader, recordsMax).flatMap(({ request }) => request ?? []);
}
