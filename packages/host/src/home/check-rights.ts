import { emptyHead } from "@mh/core/journal/chain.ts";
import { type JournalReaderDeps, walk } from "@mh/core/journal/walk.ts";
import { differences, type RightsRows, RightsSeal } from "@mh/core/kernel/rights-seal.ts";
import { metaSchema } from "@mh/core/kernel/state.ts";
import { foldInto, type TableSet } from "@mh/core/kernel/tables.ts";
import { isByCommand } from "@mh/core/memory/hand-written.ts";
import { readMemoryFile } from "@mh/core/memory/read-lines.ts";
import { memoryFiles } from "@mh/core/memory/reload.ts";
import { memorySchema } from "@mh/core/memory/schema.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { openProjection } from "../adapters/sqlite.ts";
import { keyFolder } from "../places.ts";
import { shippedFeatures } from "../wiring/features.ts";
import { tablesOfFeatures } from "../wiring/install-features.ts";
import { readHome } from "./home-file.ts";
import { loadKeys } from "./keys.ts";
import { type Environment, type Found, lookAtIndex } from "./look-at-index.ts";
import { nameOfRow, positionOf } from "./projection.ts";

/** Folds the journal once more, and names each row of the index that gives a right and has no record there. */
export function checkRights(root: string, environment: Environment): Found[] {
  return lookAtIndex(root, environment, (db, reader) => {
    const { indexKey: key, lineKey } = loadKeys(keyFolder(readHome(reader.files, root).id, environment));
    const tables = tablesOfFeatures(shippedFeatures);
    const seal = new RightsSeal(db, { crypto: reader.crypto, key, tables });
    const isSound = seal.isSound();
    const rows = seal.rows();
    const found = compared(reader, tables, positionOf(db).head.size, rows);
    found.push(...byHand(reader, db, lineKey));
    if (found.length > 0 && (isSound || found.some(({ level }) => level === "bad"))) return found;
    const count = [...rows.values()].reduce((sum, each) => sum + each.length, 0);
    if (isSound) return [{ level: "ok", message: `${count} rows of the index give rights, each as the log says` }];
    const message = "somebody else wrote to the index: its seal does not fit";
    return [...found, { level: "bad", message, next: restored }];
  });
}

/** Memory files with lines that no command wrote. */
function byHand({ files, crypto }: JournalReaderDeps, db: Database, lineKey: Uint8Array): Found[] {
  return memoryFiles(files).flatMap((path): Found[] => {
    const read = [...readMemoryFile({ files }, path)];
    const count = read.filter((each) => "line" in each && !isByCommand(db, { crypto, lineKey }, each.line)).length;
    if (count === 0) return [];
    const what =
      count === 1 ? "1 line that no command wrote; it vouches" : `${count} lines that no command wrote; they vouch`;
    return [{ level: "warn", message: `${path}: ${what} for nobody until you reviewed it`, next: "mh review" }];
  });
}

const restored = "None of it counts: the next command makes the index anew from the log, and the log says so.";

function compared(reader: JournalReaderDeps, tables: readonly TableSet[], size: number, rows: RightsRows): Found[] {
  const found = differences(folded(reader, tables, size), rows);
  return Object.entries(found).flatMap(([table, { added, gone }]) => [
    ...added.map(
      (row): Found => ({
        level: "bad",
        message: `${nameOfRow(table, row)}: stands in the index as it stands in no record of the log`,
        next: restored,
      }),
    ),
    ...gone.map(
      (row): Found => ({
        level: "bad",
        message: `${nameOfRow(table, row)}: the log says so, and the index does not`,
        next: restored,
      }),
    ),
  ]);
}

/** What gives rights by the journal alone, up to a number of records. */
export function folded(reader: JournalReaderDeps, tables: readonly TableSet[], size: number): RightsRows {
  const db = openProjection(":memory:");
  try {
    for (const schema of [metaSchema, memorySchema, ...tables.map((set) => set.schema)]) db.exec(schema);
    db.exec("BEGIN");
    if (size > 0) {
      for (const { record, head } of walk(reader, { head: emptyHead })) {
        foldInto(tables, db, record, Date.parse(record.ts));
        if (head.size === size) break;
      }
    }
    return new RightsSeal(db, { crypto: reader.crypto, key: new Uint8Array(32), tables }).rows();
  } finally {
    db.close();
  }
}
