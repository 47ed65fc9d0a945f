import { type Change, changeOf } from "../kernel/changes.ts";
import { decodeLossy, utf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";

export const undoDays = 30;
export const undoMs = undoDays * 24 * 3_600_000;

/** The latest state of the thing that a command began: itself, its undo, the redo of that, … */
export function tipOf(db: Database, change: Change): Change {
  let tip = change;
  for (let next = tip.undone_by; next; next = tip.undone_by) tip = changeOf(db, next) ?? { ...tip, undone_by: null };
  return tip;
}

export const isOld = ({ ms }: Change, now: number): boolean => now - ms > undoMs;

/** Of a change whose memories were all forgotten nothing is left: taking it back would do nothing, again and again. */
export const isGone = ({ lines, files }: Change): boolean => lines === 0 && files.length === 0;

export interface PathDeps {
  readObject: (name: string) => Uint8Array | undefined;
}

/** Paths of what was written, as far as they are kept. */
export function pathsOf({ readObject }: PathDeps, changes: readonly Change[]): string[] {
  const names = new Set(changes.flatMap(({ files }) => files.map(({ file }) => file)));
  return [...names].map((name) => decodeLossy(readObject(name) ?? utf8.encode("(forgotten)")));
}

/** A few words of what changes wrote: the first file's path, or what a memory says. */
export function aboutOf(db: Database, deps: PathDeps, changes: readonly Change[]): string {
  return pathsOf(deps, changes)[0] ?? contentOf(db, changes);
}

/** The first that is left: an import may have written a million. */
function contentOf(db: Database, changes: readonly Change[]): string {
  const first = db.prepare(`SELECT m.content FROM revisions r JOIN memories m ON m.id = r.id
    WHERE r.cmd = ? ORDER BY m.id LIMIT 1`);
  for (const { cmd, lines } of changes) {
    const row = lines > 0 ? (first.get(cmd) as { content: string } | undefined) : undefined;
    if (row) return row.content.slice(0, 200);
  }
  return "";
}
