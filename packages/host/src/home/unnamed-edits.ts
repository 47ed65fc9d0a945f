import { meta } from "@mh/core/kernel/state.ts";
import type { ReloadReport } from "@mh/core/memory/reload.ts";
import type { Database } from "@mh/core/ports/database.ts";

const key = "unnamed-edits";

/** What was changed by hand: lines, and documents as they are now. */
export interface Edits extends Pick<ReloadReport, "handEdits"> {
  documents: Pick<ReloadReport["documents"], "adopted" | "renamed">;
}

const none: Edits = { handEdits: [], documents: { adopted: [], renamed: [] } };

/**
 * Notes what the index just took in by hand, in the same transaction, until the log names it: the index knows these files by
 * then, and would find nothing new in them after a crash. Gives the report with what an earlier process left unnamed.
 */
export function noteEdits(db: Database, report: ReloadReport): ReloadReport {
  const earlier = unnamedEdits(db);
  const again = new Set(report.documents.adopted.map(({ path }) => path));
  const isThere = db.prepare("SELECT 1 FROM documents WHERE path = ?");
  const adopted = earlier.documents.adopted.filter(({ path }) => !again.has(path) && isThere.get(path));
  // Between what is in force by the log and what stands there now, nobody named anything.
  const formerOf = new Map(earlier.documents.adopted.map(({ path, former }) => [path, former]));
  const found = report.documents.adopted.map((each) => {
    const former = formerOf.get(each.path) ?? each.former;
    return former === undefined ? each : { ...each, former };
  });
  const merged = {
    ...report,
    handEdits: [...earlier.handEdits, ...report.handEdits],
    documents: {
      ...report.documents,
      adopted: [...adopted, ...found],
      renamed: [...earlier.documents.renamed, ...report.documents.renamed],
    },
  };
  const { handEdits, documents } = merged;
  const edits: Edits = { handEdits, documents: { adopted: documents.adopted, renamed: documents.renamed } };
  // Written by itself alone: most openings find nothing.
  if (isEdited(edits)) db.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)").run(key, JSON.stringify(edits));
  return merged;
}

/** What no record names yet; from now on one does. */
export function takeEdits(db: Database): Edits {
  const edits = unnamedEdits(db);
  db.prepare("DELETE FROM meta WHERE key = ?").run(key);
  return edits;
}

export const isEdited = ({ handEdits, documents }: Edits): boolean =>
  handEdits.length + documents.adopted.length + documents.renamed.length > 0;

function unnamedEdits(db: Database): Edits {
  const noted = meta(db, key);
  return noted === undefined ? none : (JSON.parse(noted) as Edits);
}
