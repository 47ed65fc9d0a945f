import type { SelfEnd, SelfForgotten, SelfHistory, SelfKind } from "@mh/contract/self.ts";
import type { DocumentKind } from "../documents/document.ts";
import type { OutsideContext } from "../kernel/skill.ts";
import type { OpenedArchive } from "./archive.ts";
import { forgottenIn, memoriesIn } from "./archive-lines.ts";
import type { BelongingsDeps } from "./belongings.ts";
import { Compared, filesIn } from "./compared.ts";
import { Histories, RevisionsHere, type Told } from "./histories.ts";
import {
  type ArchivedFile,
  documentIn,
  idHere,
  standingOfFile,
  standingOfForgotten,
  standingOfMemory,
} from "./standing.ts";

export interface CompareDeps extends Pick<BelongingsDeps, "files" | "reader" | "crypto" | "lineKey"> {
  kinds: readonly DocumentKind[];
  /** Lets everything else have its turn. */
  pause: () => Promise<void>;
}

/** One thing of an archive, with how it stands to what is here. */
export type Item =
  | { kind: "forgotten"; end: SelfEnd; forgotten: SelfForgotten }
  | { kind: "memory"; end: SelfEnd; history: SelfHistory }
  | { kind: SelfKind; end: SelfEnd; file: ArchivedFile & { byHand: boolean } };

const linesPerTurn = 200;

/**
 * Looks at one thing after the other, and hands each on with how it stood. What was forgotten comes first: whenever an import
 * is cut off, nothing of it can come back.
 */
export async function compare(
  deps: CompareDeps,
  archive: OpenedArchive,
  { signal, progress }: OutsideContext,
  each?: (item: Item) => Promise<void>,
): Promise<Compared> {
  const compared = new Compared();
  const { reader: db } = deps;
  const turn = everyFew(async () => {
    await deps.pause();
    signal.throwIfAborted();
  });
  const gone = new Gone();
  for (const forgotten of forgottenIn(archive)) {
    const { end, id } = standingOfForgotten(db, forgotten);
    gone.add(forgotten);
    compared.noteForgotten(end, id);
    await each?.({ kind: "forgotten", end, forgotten });
    await turn();
  }
  const histories = await Histories.read(archive, turn);
  const here = await RevisionsHere.read(deps, histories, turn);
  const take = async ({ history, left }: Told): Promise<void> => {
    const end = gone.has(history) ? "forgotten" : standingOfMemory(db, history);
    const id = idHere(db, history);
    const ends = history.earlier.map((line) => here.standing(db, line, end, id));
    for (const line of left) compared.count("revision", here.standing(db, line, "same"));
    for (const one of ends) compared.count("revision", one);
    compared.noteMemory(end, history.last, id);
    await each?.({ kind: "memory", end, history });
    await turn();
  };
  const total = archive.manifest.counts.memory ?? null;
  let done = 0;
  for (const record of memoriesIn(archive)) {
    await take(histories.of(record));
    done += 1;
    if (done % linesPerTurn === 0) progress({ done, total, unit: "memories" });
  }
  for (const told of histories.rest()) {
    if ("history" in told) await take(told);
    else for (const line of told.left) compared.count("revision", here.standing(db, line, "same"));
  }
  const place = { ...deps, db, read: (path: string) => deps.files.read(path) };
  for (const { kind, ...file } of filesIn(archive)) {
    await deps.pause();
    signal.throwIfAborted();
    const end = gone.hasDocument(deps.kinds, file) ? "forgotten" : standingOfFile(place, file);
    compared.note(kind, end, file.path, "");
    await each?.({ kind, end, file });
  }
  return compared;
}

/** What was forgotten in the archive's own home: one that was forgotten while it was made stands in it all the same. */
class Gone {
  readonly #ids = new Set<string>();

  add({ id }: SelfForgotten): void {
    this.#ids.add(id);
  }

  has({ last }: SelfHistory): boolean {
    return this.#ids.has(last.id);
  }

  hasDocument(kinds: readonly DocumentKind[], file: ArchivedFile): boolean {
    if (this.#ids.size === 0) return false;
    const id = documentIn(kinds, file)?.id;
    return id !== undefined && this.#ids.has(id);
  }
}

function everyFew(turn: () => Promise<void>): () => Promise<void> {
  let n = 0;
  return async () => {
    n += 1;
    if (n % linesPerTurn === 0) await turn();
  };
}
