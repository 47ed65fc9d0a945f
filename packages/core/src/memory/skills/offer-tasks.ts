import type { ImportResult } from "@mh/contract/memory.ts";
import { loadToDos, mayHaveMarks } from "../../tasks/to-dos/to-dos.ts";
import { isFromCalendar } from "../calendar-source.ts";
import type { Found } from "../import/found.ts";

/** An open task of a note that was taken in. */
export interface Offered {
  title: string;
  due?: string;
  quote: string;
  memory: string;
}

type Taken = Extract<Found, { item: unknown }>;

/** So many are put into the review list by one import: a longer one is read by nobody. */
const offeredMax = 50;

/** The open tasks of the notes that an import takes in, each once. */
export class TasksInNotes {
  readonly #timeZone: string;
  readonly #byTitle = new Map<string, Offered & { at: string }>();

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** A memory of the owner's notes that is new here, or says something else than before. */
  async take(taken: readonly Taken[], results: readonly ImportResult[], nowIso: string): Promise<void> {
    for (const [n, { status, id }] of results.entries()) {
      const item = taken[n]?.item;
      if (!item || id === null || (status !== "added" && status !== "updated")) continue;
      const { kind = "episodic", content, at = nowIso, speaker, source = "" } = item;
      const isNote = kind === "episodic" && speaker === undefined && source !== "mail" && !isFromCalendar(source);
      if (!isNote || !mayHaveMarks(content)) continue;
      const read = await loadToDos();
      // What somebody said years ago that they have to do is no task any more; an open box is one until it is closed.
      for (const { kind, ...toDo } of read(content, { at: new Date(at), timeZone: this.#timeZone }))
        if (kind === "marked")
          this.#byTitle.set(`${toDo.title}\n${toDo.due ?? ""}`.toLowerCase(), { ...toDo, memory: id, at });
    }
  }

  /** How many there are, and those to offer: what is due first, then what was written last. */
  offered(): { found: number; offered: Offered[] } {
    const all = [...this.#byTitle.values()].sort(
      (a, b) => (a.due ?? "9").localeCompare(b.due ?? "9") || b.at.localeCompare(a.at),
    );
    return { found: all.length, offered: all.slice(0, offeredMax).map(({ at: _, ...each }) => each) };
  }
}
