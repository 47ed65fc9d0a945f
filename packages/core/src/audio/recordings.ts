import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Recording, recordingStatuses } from "@mh/contract/values/recording.ts";
import type { Database } from "../ports/database.ts";

/** Recordings are memories of this source; their external id is the hash of the file. */
export const audioSource = "audio";

export type RecordingRecord = MemoryRecord & { recording: Recording };
type Status = (typeof recordingStatuses)[number];

const own = `source = '${audioSource}' AND external_id IS NOT NULL AND by_hand = 0
  AND record ->> '$.recording.status' IS NOT NULL`;
const read = (rows: unknown[]): RecordingRecord[] =>
  (rows as { record: string }[]).map(({ record }) => JSON.parse(record) as RecordingRecord);

export function recordingOf(db: Database, sha256: string): RecordingRecord | undefined {
  return read(db.prepare(`SELECT record FROM memories WHERE ${own} AND external_id = ?`).all(sha256))[0];
}

/** The latest, the earliest of them first. */
export function recordingsIn(db: Database, limit: number, status?: Status): RecordingRecord[] {
  const sql = `SELECT record FROM memories WHERE ${own}
    AND (:status IS NULL OR record ->> '$.recording.status' = :status) ORDER BY id DESC LIMIT :limit`;
  return read(db.prepare(sql).all({ limit, status: status ?? null })).reverse();
}

export function recordingCounts(db: Database): Record<Status, number> {
  const sql = `SELECT record ->> '$.recording.status' AS status, count(*) AS n FROM memories WHERE ${own} GROUP BY status`;
  const rows = db.prepare(sql).all() as { status: Status; n: number }[];
  return { waiting: 0, done: 0, failed: 0, ...Object.fromEntries(rows.map(({ status, n }) => [status, n])) };
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
