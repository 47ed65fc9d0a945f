import type { SelfEnd, SelfHistory } from "@mh/contract/self.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { OpenedArchive } from "./archive.ts";
import { revisionAt, revisionsIn } from "./archive-lines.ts";
import { type BelongingsDeps, linesHere } from "./belongings.ts";
import { lastHere } from "./standing.ts";

type Line = SelfHistory["last"];

/** What a line counts for beside its words. */
const lineChars = 1_000;
export const charsOf = ({ earlier, last }: SelfHistory): number =>
  [...earlier, last].reduce((sum, line) => sum + lineChars + (line.op === "put" ? line.content.length : 0), 0);

/** What one command holds of one memory. */
const historyCharsMax = 8_000_000;

/** A memory of an archive with its revisions, and those that do not come with it. */
export interface Told {
  history: SelfHistory;
  left: readonly Line[];
}

/** What memories of an archive said before: where each line stands, so that they are read one memory after the other. */
export class Histories {
  readonly #archive: OpenedArchive;
  readonly #places = new Map<string, number[]>();

  private constructor(archive: OpenedArchive) {
    this.#archive = archive;
  }

  static async read(archive: OpenedArchive, turn: () => Promise<void>): Promise<Histories> {
    const found = new Histories(archive);
    for (const { value, from, to } of revisionsIn(archive)) {
      const places = found.#places.get(value.id);
      if (places) places.push(from, to);
      else found.#places.set(value.id, [from, to]);
      await turn();
    }
    return found;
  }

  get ids(): Iterable<string> {
    return this.#places.keys();
  }

  has(id: string): boolean {
    return this.#places.has(id);
  }

  /** A live memory with what it said before. */
  of(last: MemoryRecord): Told {
    const lines = this.#take(last.id);
    const isEarlier = (line: Line) => line.rev < last.rev;
    return fitting(
      { earlier: lines.filter(isEarlier), last },
      lines.filter((line) => !isEarlier(line)),
    );
  }

  /** Those of memories that are none any more. */
  *rest(): Generator<Told | { left: Line[] }> {
    for (const id of [...this.#places.keys()]) {
      const lines = this.#take(id);
      const last = lines.at(-1);
      // An archive of before does not say what became of them.
      if (last?.op === "retract") yield fitting({ earlier: lines.slice(0, -1), last }, []);
      else yield { left: lines };
    }
  }

  /** In the order of recording. Of two that have one number, the later line counts, as in the index of a home. */
  #take(id: string): Line[] {
    const places = this.#places.get(id) ?? [];
    this.#places.delete(id);
    const byRevision = new Map<number, Line>();
    for (let n = 0; n < places.length; n += 2) {
      const line = revisionAt(this.#archive, places[n] as number, places[n + 1] as number);
      byRevision.set(line.rev, line);
    }
    return [...byRevision.values()].sort((a, b) => a.rev - b.rev);
  }
}

/** The latest of it that one command holds. */
function fitting({ earlier, last }: SelfHistory, left: readonly Line[]): Told {
  let chars = charsOf({ earlier: [], last });
  const from = earlier.findLastIndex((line) => {
    chars += charsOf({ earlier: [], last: line });
    return chars > historyCharsMax;
  });
  return { history: { earlier: earlier.slice(from + 1), last }, left: [...left, ...earlier.slice(0, from + 1)] };
}

/** Which of these revisions are here already, word for word and of the same time. */
export class RevisionsHere {
  readonly #crypto: Pick<Crypto, "sha256Hex">;
  readonly #keys = new Set<string>();

  private constructor(crypto: Pick<Crypto, "sha256Hex">) {
    this.#crypto = crypto;
  }

  static async read(
    deps: Pick<BelongingsDeps, "files" | "reader" | "crypto" | "lineKey">,
    histories: Histories,
    turn: () => Promise<void>,
  ): Promise<RevisionsHere> {
    const found = new RevisionsHere(deps.crypto);
    const holding = deps.reader.prepare("SELECT DISTINCT file FROM revisions WHERE id = ?");
    const names = new Set<string>();
    for (const id of histories.ids) {
      for (const { file } of holding.all(id) as { file: string }[]) names.add(file);
      await turn();
    }
    for (const file of names) {
      for (const line of linesHere(deps, file, ({ id }) => histories.has(id))) {
        found.#keys.add(found.#keyOf(line));
        await turn();
      }
      // A file may hold none of them.
      await turn();
    }
    return found;
  }

  /** How an earlier revision stands to what is here, where that is how its memory stands. */
  standing(db: Database, line: Line, memory: SelfEnd, id = line.id): SelfEnd {
    if (this.#keys.has(this.#keyOf(line))) return "same";
    if (memory === "forgotten" || memory === "removed") return memory;
    if (memory !== "new" && memory !== "newerThere") return "left";
    const here = lastHere(db, id);
    return here === undefined || line.recordedAt > here.recordedAt ? memory : "left";
  }

  #keyOf({ rev, cmd, ...said }: Line): string {
    return this.#crypto.sha256Hex(canonical(said)).slice(0, 24);
  }
}
