import { closeSync } from "node:fs";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Feature } from "@mh/core/feature.ts";
import { openCheckpoint } from "@mh/core/journal/checkpoint.ts";
import type { JournalReaderDeps } from "@mh/core/journal/walk.ts";
import { objectBytes, readObject } from "@mh/core/kernel/objects.ts";
import { differences, type RightsSeal } from "@mh/core/kernel/rights-seal.ts";
import { memoryFileChanges, type ReloadDeps } from "@mh/core/memory/reload.ts";
import { fromBase64 } from "@mh/core/ports/bytes.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { SettingsForm } from "@mh/core/settings/settings-form.ts";
import { journalReader } from "../audit/journal-reader.ts";
import { readWitness } from "../audit/witness.ts";
import { indexFile } from "../places.ts";
import type { HomeParts } from "../wiring/home-parts.ts";
import { documentsOf, formOf, tablesOfFeatures } from "../wiring/install-features.ts";
import type { HomeFile } from "./home-file.ts";
import { type Facts, indexFacts, isSame, type LeftNow, noteClosed, noteOpened } from "./index-left.ts";
import { type Keys, loadKeys } from "./keys.ts";
import type { LookOnly } from "./look-only.ts";
import { noteAtClosing } from "./note-at-closing.ts";
import { type CaughtUp, catchUp, openIndex, type ProjectionDeps, type Restored, signLeft } from "./projection.ts";
import { repairJournal, repairMemories, type TornTail } from "./repair.ts";
import { isWrittenBack, openToCompare } from "./written-back.ts";

/** A home's data, its index caught up with the journal and the files. */
export interface Data extends Disposable, Pick<CaughtUp, "head" | "memories"> {
  reader: ReturnType<typeof journalReader>;
  keys: Keys;
  objectBytes: (name: string) => Uint8Array | undefined;
  readObject: (name: string) => string | undefined;
  projection: ProjectionDeps;
  /** How `config.yaml` is read. */
  form: SettingsForm;
  db: Database;
  /** What was wrong with the index, where somebody else had written to it. */
  restored: Restored | undefined;
  torn: TornTail[];
  /** Why the index was made anew. */
  rebuilt: string | undefined;
}

/** A command of a moment is spared the wait for the disk; what it leaves is looked through once after the machine was started. */
const longMs = 10_000;

/** Opens a home's data and sets torn last lines aside. Refuses a journal that was changed or cut. */
export function openData(
  root: string,
  home: HomeFile,
  {
    keyFolder,
    environment,
    isHeld = () => true,
    look,
  }: {
    keyFolder: string;
    environment: Record<string, string | undefined>;
    isHeld?: () => boolean;
    look?: LookOnly | undefined;
  },
  features: readonly Feature<HomeParts>[],
  onProgress?: (what: string, done: number) => void,
): Data {
  const onDisk = journalReader(root, environment);
  const reader = look ? { ...onDisk, files: look.files(onDisk.files) } : onDisk;
  const file = look?.index ?? indexFile(root);
  const { files, crypto } = reader;
  const keys = loadKeys(keyFolder);
  const objects = { files, crypto, hmacKey: keys.hmacKey };
  const textOf = (name: string) => readObject(objects, name);
  const form = formOf(features);
  const kinds = documentsOf(features, { crypto, form, readObject: textOf });
  const tables = tablesOfFeatures(features);

  const sign = signLeft({ crypto, key: keys.indexKey });
  using cleanup = new DisposableStack();
  let rebuilt: string | undefined;
  let left: LeftNow | undefined;
  let isWhole = true;
  let main: number | undefined;
  const writeBack = () => {
    main ??= openToCompare(file);
    isWhole &&= isWrittenBack(db, file, main) || reader.disk.cipher !== undefined;
  };
  const { db, seal, distrusted } = openIndex(
    file,
    { crypto, key: keys.indexKey, databaseKey: reader.disk.cipher?.databaseKey, tables },
    (why) => {
      rebuilt = why;
    },
  );
  // Also where the opening goes no further: the next to come would take an index that was closed for one that was not.
  const openedAt = performance.now();
  cleanup.defer(() => {
    const isLong = performance.now() - openedAt > longMs;
    // Without a note the next opening makes it anew.
    if (!isWhole) return;
    if (isHeld() && !look) noteAtClosing("note of the index", () => noteClosed(file, isLong, left, sign));
  });
  cleanup.defer(() => main !== undefined && closeSync(main));
  cleanup.defer(() => void db.close());
  const asFound = indexFacts(file);
  cleanup.defer(() => {
    left = writtenBack({ seal, file, found: asFound, writeBack });
  });
  // Before anything is written to it.
  noteOpened(file);
  const witnessed = witness(home, keyFolder, reader);
  const projection = {
    ...reader,
    writeBack,
    witnessed,
    macKey: keys.macKey,
    kinds,
    tables,
    seal,
    sign,
    hmacKey: keys.hmacKey,
    lineKey: keys.lineKey,
    pathOf: textOf,
  };
  const lines = memoryFileChanges(db, files);
  const { torn, changed } = repairMemories(files, lines.changed);
  const { head, memories, tornJournal, restored } = catchUpOrRefuse(
    root,
    db,
    { ...projection, memoryFiles: { ...lines, changed } },
    onProgress,
  );
  torn.push(...tornJournal);
  const found = distrusted ? { tables: differences(seal.rows(), distrusted) } : restored;
  const held = cleanup.move();
  return {
    ...{ reader, keys, readObject: textOf, projection, form, db, torn, head, memories, rebuilt },
    restored: found,
    objectBytes: (name) => objectBytes(objects, name),
    [Symbol.dispose]: () => held.dispose(),
  };
}

/**
 * Who looks at the index meanwhile closes last, and would write into one that is noted already. Gives what its rights add up to,
 * where nobody but us can have written to the file: SQLite keeps what is ours beside it until now.
 */
function writtenBack({
  seal,
  file,
  found,
  writeBack,
}: {
  seal: RightsSeal;
  file: string;
  found: Facts;
  writeBack: () => void;
}): LeftNow | undefined {
  try {
    const isOurs = isSame(found, indexFacts(file));
    writeBack();
    const { digest } = seal;
    return isOurs && digest !== undefined ? { digest, facts: indexFacts(file) } : undefined;
  } catch {
    // What is damaged or finds no room is told by the next opening, which reads it again.
    return undefined;
  }
}

function catchUpOrRefuse(
  root: string,
  db: Database,
  deps: ProjectionDeps & Pick<ReloadDeps, "memoryFiles">,
  onProgress?: (what: string, done: number) => void,
) {
  const { witnessed } = deps;
  const tornJournal: TornTail[] = [];
  let state = catchUp(db, deps, onProgress);
  // Each time the log is shorter by what was no record, or by what goes with none.
  while (state.damage?.kind === "torn") {
    tornJournal.push(repairJournal(deps.files, state.damage));
    state = catchUp(db, deps, onProgress);
  }
  const { damage, head, memories, restored } = state;
  const advice =
    "Nothing runs until you look: `mh audit verify`. Then put back a copy of logs/audit from a backup, or go on with what there is: `mh doctor --repair`.";
  if (damage) {
    const where = `record ${damage.seq} (${damage.path}, line ${damage.line})`;
    throw new Fault("journal.damaged", `The log does not add up at ${where}: ${damage.reason}. ${advice}`);
  }
  if (state.isCut || (witnessed && witnessed.size > head.size)) {
    throw new Fault(
      "journal.damaged",
      `The log of ${root} was cut: it had at least ${Math.max(witnessed?.size ?? 0, head.size)} records. ${advice}`,
    );
  }
  return { head, memories, tornJournal, restored };
}

function witness(
  home: HomeFile,
  keyFolder: string,
  { crypto }: JournalReaderDeps,
): { size: number; root: string } | undefined {
  const note = readWitness(keyFolder);
  const opened = note ? openCheckpoint(crypto, fromBase64(home.checkpointKey), note) : undefined;
  return opened && !("fault" in opened) ? opened : undefined;
}
