import type { JournalRecord } from "@mh/contract/values/record.ts";
import { placeNamed, placesAbout, placesOfRight } from "@mh/core/journal/record-places.ts";
import { listSegments, type Segment } from "@mh/core/journal/segments.ts";
import { type JournalReaderDeps, readRecords, recordAt } from "@mh/core/journal/walk.ts";
import { type RecordLookup, recordNumber } from "@mh/core/kernel/explain.ts";
import { readObject } from "@mh/core/kernel/objects.ts";
import { aboutRight, knowsRights } from "@mh/core/kernel/rights-places.ts";
import { loadPolicySet, type PolicySet, policyRulesSchema } from "@mh/core/policy/policy-set.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { lookAtProjection } from "../adapters/sqlite.ts";
import { isLeftOpen } from "../home/index-left.ts";
import { isCurrent, positionOf, signLeft } from "../home/projection.ts";
import { indexFile } from "../places.ts";

export type LookupDeps = JournalReaderDeps & { hmacKey: Uint8Array; indexKey: Uint8Array };

/** The index does not answer for this journal: it is missing, of another version, behind, or says what is not so. */
export class NotIndexed extends Error {}

/** Reads the whole journal. */
export function walkedLookup(deps: LookupDeps): RecordLookup {
  const all = [...readRecords(deps)].map(({ record }) => record);
  return {
    named: (which) => byNumber(which, (seq) => all.find((record) => record.seq === seq)) ?? firstNamed(all, which),
    about: (id) => all.filter(isAbout(id)),
    findBefore: (seq, _about, fits) => all.findLast((record) => record.seq < seq && fits(record)),
    policy(hash) {
      const adopted = all.find((record) => record.phase === "adopt" && record.body?.policyHash === hash);
      return adopted && policyOf(deps, String(adopted.body?.object), hash);
    },
  };
}

/**
 * Reads only what is asked for, by the index's places. What was written after the index last looked is read besides, and
 * whatever does not fit the journal throws `NotIndexed`: then nothing that was found counts.
 */
export function indexedLookup(root: string, deps: LookupDeps, key?: Uint8Array): RecordLookup & Disposable {
  const db = openIndex(root, key);
  try {
    const segments = listSegments(deps.files);
    const later = laterThanIndex(db, deps, segments);
    let isKnown: boolean | undefined;
    const at = (seq: number, fits: (record: JournalRecord) => boolean): JournalRecord => {
      const record = recordAt(deps, seq, segments);
      if (!record || !fits(record)) throw new NotIndexed(`record ${seq} is another one`);
      return record;
    };
    return {
      named: (which) =>
        answer(() => {
          const numbered = byNumber(which, (seq) => recordAt(deps, seq, segments));
          if (numbered) return numbered;
          const seq = placeNamed(db, which);
          return seq === undefined ? firstNamed(later, which) : at(seq, (record) => isNamed(which, record));
        }),
      about: (id) =>
        answer(() => [...placesAbout(db, id).map((seq) => at(seq, isAbout(id))), ...later.filter(isAbout(id))]),
      findBefore: (seq, about, fits) =>
        answer(() => {
          isKnown ??= knowsRights(db, signLeft({ crypto: deps.crypto, key: deps.indexKey }), positionOf(db).head);
          if (!isKnown) throw new NotIndexed("it does not know all that gave rights");
          const isOfRight = (record: JournalRecord) => aboutRight(record) === about;
          const lately = later.findLast((record) => record.seq < seq && isOfRight(record) && fits(record));
          if (lately) return lately;
          for (const place of placesOfRight(db, about, seq)) {
            const record = at(place, isOfRight);
            if (fits(record)) return record;
          }
          return undefined;
        }),
      policy: (hash) =>
        answer(() => {
          const row = db.prepare("SELECT object FROM policies WHERE hash = ?").get(hash);
          if (!row) throw new NotIndexed("it knows no such rules");
          return policyOf(deps, (row as { object: string }).object, hash);
        }),
      [Symbol.dispose]: () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function openIndex(root: string, key: Uint8Array | undefined): Database {
  const file = indexFile(root);
  if (isLeftOpen(root)) throw new NotIndexed("it was not closed");
  let db: Database | undefined;
  try {
    db = lookAtProjection(file, key);
    if (isCurrent(db)) return db;
  } catch (cause) {
    db?.close();
    throw new NotIndexed("it cannot be read", { cause });
  }
  db.close();
  throw new NotIndexed("it is of another version");
}

/** The records behind the last one that the index has seen, which must be the one that stands there. */
function laterThanIndex(db: Database, deps: LookupDeps, segments: readonly Segment[]): JournalRecord[] {
  const { head } = answer(() => positionOf(db));
  const found = readRecords(deps, Math.max(0, head.size - 1), undefined, segments);
  const [last, ...later] = [...found].map(({ record }) => record);
  if (last?.seq !== head.size - 1 || last.hash !== head.hash) throw new NotIndexed("it is of another log");
  return later;
}

/** What SQLite cannot say is not said by the index. */
function answer<T>(ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    throw cause instanceof NotIndexed ? cause : new NotIndexed("it cannot be read", { cause });
  }
}

function byNumber<T>(which: string, find: (seq: number) => T | undefined): T | undefined {
  const seq = recordNumber(which);
  return seq === undefined ? undefined : find(seq);
}

const fits = (id: string | undefined, which: string): boolean =>
  id !== undefined && (id.startsWith(which) || id.endsWith(which));
const isNamed = (which: string, { id, ref }: JournalRecord): boolean => fits(id, which) || fits(ref, which);

/** The first record of that id; else the first that gives something of that id, as a plan. */
const firstNamed = (records: readonly JournalRecord[], which: string): JournalRecord | undefined =>
  records.find(({ id }) => fits(id, which)) ?? records.find(({ ref }) => fits(ref, which));

const isAbout = (id: string) => (record: JournalRecord) => record.id === id || record.ref === id;

/** The text is named by what it holds, and so are the rules: whichever way led here, they are those of that hash. */
function policyOf(deps: LookupDeps, object: string, hash: string): PolicySet | undefined {
  const text = readObject(deps, object);
  const set = text ? loadPolicySet(deps.crypto, policyRulesSchema().parse(JSON.parse(text))) : undefined;
  return set?.hash === hash ? set : undefined;
}
