import type { JournalRecord } from "@mh/contract/values/record.ts";
import { isAnswer } from "./is-answer.ts";
import type { Changes } from "./transaction.ts";

interface Open<Place> {
  intent: JournalRecord;
  /** Where records lie that were written with an outcome. */
  late: Place[];
}

/** The commands that a log begins and does not end, as its records pass by, and what it holds of them that goes with an end. */
export class OpenCommands<Place> {
  readonly #open = new Map<string, Open<Place>>();
  readonly #answers = new Set<string>();

  take(record: JournalRecord, place: Place): void {
    const { id, phase } = record;
    if (phase === "intent") this.#begin(record);
    if (phase === "outcome") this.#open.delete(id);
    if (isAnswer(record)) this.#answers.add(id);
    if (phase === "outcome" || beforeTheEnd.has(phase)) return;
    // What an answer grants is on disk before what it lets run.
    if (phase === "grant" && this.#answers.has(id)) return;
    this.#open.get(id)?.late.push(place);
  }

  /** Those of which there is more than their beginning, the earliest first. */
  half(): Open<Place>[] {
    return [...this.#open.values()].filter(({ late }) => late.length > 0);
  }

  #begin(record: JournalRecord): void {
    // Of before intents said what goes with them: what is there of it stays.
    if (saysAll(record)) this.#open.set(record.id, { intent: record, late: [] });
    else this.#open.delete(record.id);
  }
}

const saysAll = ({ body }: JournalRecord): boolean => {
  const wrote = body?.wrote as Changes | undefined;
  return wrote === undefined || wrote.records !== undefined;
};

/** What is written of a command before its outcome, and apart from it. */
const beforeTheEnd: ReadonlySet<string> = new Set(["intent", "ask", "deny", "approve", "refuse", "expire"]);
