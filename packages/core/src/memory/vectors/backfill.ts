import { Fault } from "@mh/contract/values/fault.ts";
import type { Config } from "../../model/config.ts";
import type { Database } from "../../ports/database.ts";
import type { AskEmbedder } from "./ask-embedder.ts";
import { questionBank } from "./bank.ts";
import { changesAfter, feedOf, lastChange, type TextChange, textKeyOf } from "./changes.ts";
import { type Embedder, embedderOf, questionFor, textFor } from "./embedder.ts";
import { meanOf, unit } from "./int8.ts";
import type { Space } from "./vector-store.ts";
import type { Vectors } from "./vectors.ts";

export interface Backfill {
  vectors: Vectors;
  /** Committed state. */
  reader: Database;
  embedder: Embedder;
  ask: AskEmbedder;
  signal: AbortSignal;
  onProgress: (made: number, left: number) => void;
}

/** So many texts are one command, and so many changes are looked at together. */
const batchTexts = 32;
const changesAtOnce = 256;
/** A model that gives another vector for the same words is another model. */
const sameMin = 0.99;

/**
 * Makes the vectors that are missing, batch by batch, each kept at once: cut off, it goes on where it was. A model that
 * changed under its name begins a space of its own.
 */
export async function backfill(given: Backfill, isAnew = false): Promise<{ made: number; refused: number }> {
  const { vectors, reader, embedder, signal, onProgress } = given;
  const feed = feedOf(reader);
  vectors.check();
  const space = await spaceFor(given);
  // A place beyond the last change is none that was ever read to.
  const isNewFeed = space.feed !== feed || space.seq > lastChange(reader);
  let seq = isNewFeed ? 0 : space.seq;
  let [made, refused] = [0, 0];
  for (;;) {
    signal.throwIfAborted();
    const { changes, seq: readTo } = changesAfter(reader, seq, changesAtOnce);
    if (readTo === seq) break;
    const { texts, gone } = pendingOf(vectors, space, changes);
    for (let from = 0; from === 0 || from < texts.length; from += batchTexts) {
      signal.throwIfAborted();
      const batch = texts.slice(from, from + batchTexts);
      const done = batch.length > 0 ? await embedded(given, space, batch) : { put: [], refuse: [] };
      if (!done) {
        if (isAnew)
          throw new Fault("model.failed", `${embedder.name} gives another vector for the same words each time.`);
        // All that was made before is of another model.
        newSpace(given, await bankOf(given));
        return backfill(given, true);
      }
      const isLast = from + batchTexts >= texts.length;
      vectors.take(space, { ...done, gone: isLast ? gone : [] }, { feed, seq: isLast ? readTo : seq });
      made += done.put.length;
      refused += done.refuse.length;
      onProgress(made, lastChange(reader) - (isLast ? readTo : seq));
    }
    seq = readTo;
  }
  if (isNewFeed) dropOrphans(vectors, reader);
  vectors.with((store) =>
    store.write(() => {
      store.readTo(space, feed, seq, true);
      for (const other of store.spaces()) if (other.model !== embedder.model) store.dropSpace(other.id);
    }),
  );
  return { made, refused };
}

/** Whether there is anything to do, without asking anybody. An embedder that may not be used now leaves all as it is. */
export function isBehind(vectors: Vectors, reader: Database, config: Config): boolean {
  const embedder = usableIn(config);
  if (embedder === "off" || (!embedder && !vectors.isThere)) return false;
  vectors.check();
  const spaces = vectors.with((store) => store.spaces());
  if (!embedder) return spaces.length > 0;
  const space = spaces.find(({ model }) => model === embedder.model);
  if (!space) return lastChange(reader) > 0;
  return !space.whole || space.feed !== feedOf(reader) || lastChange(reader) !== space.seq || spaces.length > 1;
}

function usableIn(config: Config): Embedder | "off" | undefined {
  try {
    return embedderOf(config);
  } catch (error) {
    if (error instanceof Fault) return "off";
    throw error;
  }
}

async function spaceFor(given: Backfill): Promise<Space> {
  const { vectors, embedder } = given;
  const known = vectors.with((store) => store.spaces().find(({ model }) => model === embedder.model));
  return known ?? newSpace(given, await bankOf(given));
}

async function bankOf({ ask, embedder }: Backfill): Promise<Float32Array[]> {
  const questions = questionBank.map((question) => questionFor(embedder, question));
  const bank: Float32Array[] = [];
  for (let from = 0; from < questions.length; from += batchTexts)
    bank.push(...(await ask(questions.slice(from, from + batchTexts), embedder.name)));
  return bank;
}

function newSpace({ vectors, embedder }: Backfill, bank: readonly Float32Array[]): Space {
  const [probe, centre] = [bank[0], meanOf(bank)];
  if (!probe || !centre) throw new Fault("model.failed", `${embedder.name} gave no vectors.`);
  return vectors.with((store) => store.write(() => store.addSpace(embedder.name, embedder.model, centre, probe)));
}

type Text = Extract<TextChange, { gone: false }>;

/** Each memory once, as it is now, and only where its text has no vector yet. */
function pendingOf(vectors: Vectors, space: Space, changes: readonly TextChange[]) {
  const latest = new Map(changes.map((change) => [change.memory, change]));
  const gone = [...latest.values()].flatMap((change) => (change.gone ? [change.memory] : []));
  const texts = [...latest.values()].flatMap((change) => (change.gone ? [] : [change]));
  return { gone, texts: vectors.with((store) => texts.filter((text) => !store.has(space, text))) };
}

interface Made {
  put: { memory: string; textKey: string; vector: Float32Array }[];
  refuse: { memory: string; textKey: string; why: string }[];
}

/** Undefined where the model is not what it was. */
async function embedded(given: Backfill, space: Space, texts: readonly Text[]): Promise<Made | undefined> {
  const { ask, embedder } = given;
  const probe = questionFor(embedder, questionBank[0] as string);
  let vectors: Float32Array[];
  try {
    vectors = await ask([probe, ...texts.map((text) => textFor(embedder, text))], embedder.name);
  } catch (error) {
    if (given.signal.aborted || !(error instanceof Fault)) throw error;
    // Where it does not even answer what it answered before, the fault is not with these texts.
    if (!isSame(space, (await ask([probe], embedder.name))[0])) return undefined;
    return oneByOne(given, space, texts, error);
  }
  const [again, ...rest] = vectors;
  if (!isSame(space, again)) return undefined;
  const put = rest.map((vector, i) => ({ ...placeOf(texts[i] as Text), vector }));
  return { put, refuse: [] };
}

/** Of a batch that was refused: halves, down to the one that is to blame, and of that one less and less. */
async function oneByOne(
  given: Backfill,
  space: Space,
  texts: readonly Text[],
  cause: Fault,
): Promise<Made | undefined> {
  const [only, ...more] = texts;
  if (!only) return { put: [], refuse: [] };
  if (more.length === 0 && only.content.length < shortEnough)
    return { put: [], refuse: [{ ...placeOf(only), why: cause.code }] };
  const middle = Math.ceil(texts.length / 2);
  const parts =
    more.length > 0
      ? [texts.slice(0, middle), texts.slice(middle)]
      : [[{ ...only, content: only.content.slice(0, Math.min(500, Math.floor(only.content.length / 2))) }]];
  const made: Made = { put: [], refuse: [] };
  for (const part of parts) {
    const done = await embedded(given, space, part);
    if (!done) return undefined;
    made.put.push(...done.put);
    made.refuse.push(...done.refuse);
  }
  return made;
}

const shortEnough = 200;

const placeOf = ({ memory, textKey }: Text) => ({ memory, textKey });

function isSame({ probe, dimension }: Space, again: Float32Array | undefined): boolean {
  if (again?.length !== dimension) return false;
  const [a, b] = [unit(probe), unit(again)];
  return a.reduce((sum, part, i) => sum + part * (b[i] as number), 0) >= sameMin;
}

/** The index was made anew: what was forgotten or changed meanwhile stands in no change of it. */
function dropOrphans(vectors: Vectors, reader: Database): void {
  for (let after = ""; ; ) {
    const page = vectors.with((store) => store.memoriesAfter(after, 1_000));
    const orphans = page.filter(({ memory, textKey }) => textKeyOf(reader, memory) !== textKey);
    for (const { memory } of orphans) vectors.forget(memory);
    const last = page.at(-1);
    if (!last) return;
    after = last.memory;
  }
}
