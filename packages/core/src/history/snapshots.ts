import type { Files } from "../ports/files.ts";

export const snapshotFolder = "memory/snapshots";

/** Paths of all snapshots, oldest first. */
export const snapshots = (files: Files): string[] =>
  files.list(snapshotFolder).filter((path) => path.endsWith(".ndjson"));

/** `2026-11-21T0107Z`, and a name of the owner's choice after it. */
export function snapshotName(now: number, name: string | undefined): string {
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(":", "");
  return name ? `${stamp}Z-${name}` : `${stamp}Z`;
}
