import type { Crypto } from "../../ports/crypto.ts";
import type { Database } from "../../ports/database.ts";
import type { Likeness, Meaning } from "../search/meaning.ts";
import { type Change, LoadedSpace } from "./loaded-space.ts";
import { type Kept, type Space, type TextOf, VectorStore } from "./vector-store.ts";

/** The file that vectors lie in: a cache, which may be thrown away. */
export interface VectorFile {
  isThere(): boolean;
  open(): Database;
  remove(): void;
  /** Whether an error says that the file is not sound. */
  isDamaged(error: unknown): boolean;
}

interface VectorsDeps {
  file: VectorFile;
  crypto: Crypto;
  /** Lets everything else have its turn. */
  pause: () => Promise<void>;
}

/** The vectors of a home, opened when they are needed first. A damaged file is thrown away: they are made again. */
export class Vectors implements AsyncDisposable {
  readonly #deps: VectorsDeps;
  #store: VectorStore | undefined;
  #loaded: LoadedSpace | undefined;
  #loading: Promise<LoadedSpace> | undefined;
  /** What changed while a space was being read. */
  readonly #meanwhile: Change[] = [];

  constructor(deps: VectorsDeps) {
    this.#deps = deps;
  }

  get isThere(): boolean {
    return this.#deps.file.isThere();
  }

  /** Does something with the store; where its file turns out to be damaged, once more with an empty one. */
  with<T>(work: (store: VectorStore) => T): T {
    try {
      return work(this.#open());
    } catch (error) {
      if (!this.#dropIfDamaged(error)) throw error;
      return work(this.#open());
    }
  }

  /** Looks through the whole file, once after it was opened: for what changes it, because it takes too long for a question. */
  check(): void {
    this.with((store) => store.check());
  }

  /** Throws the file away. */
  reset(): void {
    this.#close();
    this.#deps.file.remove();
  }

  /** The space of a model, in memory. */
  async loaded(space: Space): Promise<LoadedSpace> {
    const { pause } = this.#deps;
    const known = this.#loaded;
    if (known?.space.id === space.id && !known.isStale) return known;
    const read = () => LoadedSpace.read(this.#open(), space, pause);
    // Several questions at once wait for the same reading.
    this.#loading ??= read().finally(() => {
      this.#loading = undefined;
    });
    try {
      this.#loaded = await this.#loading;
    } catch (error) {
      this.#dropIfDamaged(error);
      throw error;
    }
    for (const change of this.#meanwhile.splice(0)) this.#loaded.apply(change);
    return this.#loaded.space.id === space.id ? this.#loaded : this.loaded(space);
  }

  /**
   * How close memories are to a question, by a space in memory. Where the file turns out to be damaged only then, nothing is
   * close, and `onDamage` is called.
   */
  async meaningOf(space: Space, question: Float32Array, onDamage: () => void): Promise<Meaning> {
    const meaning = (await this.loaded(space)).meaningOf(question);
    const guarded = (work: () => Likeness[]): Likeness[] => {
      try {
        return work();
      } catch (error) {
        if (!this.#dropIfDamaged(error)) throw error;
        onDamage();
        return [];
      }
    };
    return { nearest: (most) => guarded(() => meaning.nearest(most)), of: (all) => guarded(() => meaning.of(all)) };
  }

  /** Keeps vectors of memories, and drops those of memories that are gone. `readTo`: up to where the changes are taken in. */
  take(
    space: Space,
    batch: {
      put: readonly (TextOf & { vector: Float32Array })[];
      refuse: readonly (TextOf & { why: string })[];
      gone: readonly string[];
    },
    readTo: { feed: string; seq: number },
  ): void {
    const store = this.#open();
    const added: Kept[] = [];
    const dropped: number[] = [];
    const written = () => {
      for (const memory of batch.gone) dropped.push(...store.drop(memory));
      for (const each of batch.refuse) {
        dropped.push(...store.drop(each.memory, space.id));
        store.refuse(space, each, each.why);
      }
      for (const each of batch.put) {
        dropped.push(...store.drop(each.memory, space.id));
        added.push(store.put(space, each, each.vector));
      }
      store.readTo(space, readTo.feed, readTo.seq, false);
    };
    try {
      store.write(written);
    } catch (error) {
      this.#dropIfDamaged(error);
      throw error;
    }
    this.#changed({ space: space.id, dropped, added });
  }

  /** Takes a memory's vectors out, at once and for good. */
  forget(memory: string): void {
    if (!this.isThere) return;
    // An index that does not find a row would leave it there.
    this.check();
    const rows = this.with((store) => {
      const rows = store.write(() => store.drop(memory));
      store.tidy();
      return rows;
    });
    this.#changed({ dropped: rows, added: [] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loading?.catch(() => undefined);
    this.#close();
  }

  #dropIfDamaged(error: unknown): boolean {
    const isDamaged = this.#deps.file.isDamaged(error);
    if (isDamaged) this.reset();
    return isDamaged;
  }

  #changed(change: Change): void {
    if (this.#loading) this.#meanwhile.push(change);
    this.#loaded?.apply(change);
  }

  #open(): VectorStore {
    if (this.#store) return this.#store;
    const { file, crypto } = this.#deps;
    const db = file.open();
    try {
      this.#store = new VectorStore(db, crypto);
    } catch (error) {
      db.close();
      throw error;
    }
    return this.#store;
  }

  #close(): void {
    this.#loaded = undefined;
    this.#store?.close();
    this.#store = undefined;
  }
}
