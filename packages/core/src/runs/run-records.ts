import { Fault } from "@mh/contract/values/fault.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { Inspector } from "../inspect/inspect.ts";
import { isAnswer } from "../journal/is-answer.ts";
import { placeNamed, placesAbout } from "../journal/record-places.ts";
import type { Database } from "../ports/database.ts";

type Log = Pick<Inspector, "record" | "records" | "size">;

const sliceRecords = 1000;

/**
 * The records of a command, of all that it caused while it ran, and of the answers to these, in order. Reads the log from
 * its first record to its last, slice by slice, so that others have their turn.
 */
export async function recordsOfRun(
  log: Log,
  db: Database,
  which: string,
  signal: AbortSignal,
): Promise<{ id: string; records: JournalRecord[] }> {
  const about = (id: string) => placesAbout(db, id).flatMap((seq) => log.record(seq) ?? []);
  const place = placeNamed(db, which);
  const named = place === undefined ? undefined : log.record(place);
  if (!named) throw new Fault("command.not-found", `The log knows no run ${which}. \`mh agent list\` shows who ran.`);
  const id = isAnswer(named) && named.ref ? named.ref : named.id;
  const own = about(id);
  const found = new Map(own.map((record) => [record.seq, record]));
  const caused = new Set([id]);
  const end = own.findLast(({ phase, id: its }) => phase === "outcome" && its === id)?.seq ?? log.size() - 1;
  for (let from = own[0]?.seq ?? 0; from <= end && !signal.aborted; from += sliceRecords) {
    for (const record of log.records(from, Math.min(from + sliceRecords, end + 1))) {
      if (record.cause !== undefined && caused.has(record.cause)) caused.add(record.id);
      if (caused.has(record.id) || (record.ref !== undefined && caused.has(record.ref))) found.set(record.seq, record);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  // What the owner was asked may have been answered, and run, after the run was over.
  const waiting = [...found.values()].filter(({ phase }) => phase === "ask");
  for (const each of waiting) for (const record of about(each.id)) found.set(record.seq, record);
  return { id, records: [...found.values()].sort((a, b) => a.seq - b.seq) };
}
