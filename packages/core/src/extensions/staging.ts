import { Fault } from "@mh/contract/values/fault.ts";
import { decodeUtf8, fromBase64, toBase64, utf8 } from "../ports/bytes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Files } from "../ports/files.ts";
import type { Tree } from "./package-tree.ts";

/** A package as it was fetched: shown to the owner, and not installed yet. */
export interface Staged {
  tree: Tree;
  /** Where it came from, as the owner would write it again. */
  source: string;
}

const folder = "run/staged";
const keptMs = 30 * 60_000;

/**
 * Packages between being fetched and being installed, kept for half an hour: no home is held while a person thinks.
 * The reader of one checks by its hash that it is what was shown.
 */
export class Staging {
  readonly #files: Files;
  readonly #clock: Clock;
  readonly #crypto: Crypto;

  constructor(files: Files, clock: Clock, crypto: Crypto) {
    this.#files = files;
    this.#clock = clock;
    this.#crypto = crypto;
  }

  put({ tree, source }: Staged): string {
    for (const path of this.#files.list(folder)) if (this.#untilOf(path) <= this.#clock.now()) this.#files.remove(path);
    const id = this.#crypto.id();
    const files = Object.fromEntries([...tree].map(([path, bytes]) => [path, toBase64(bytes)]));
    const kept = { until: this.#clock.now() + keptMs, source, files };
    this.#files.replace(pathOf(id), utf8.encode(JSON.stringify(kept)));
    return id;
  }

  /** Throws `skill.refused` where nothing waits under that name any more. */
  get(id: string): Staged {
    const kept = this.#read(pathOf(id));
    if (!kept || kept.until <= this.#clock.now())
      throw new Fault("skill.refused", "What was fetched does not wait any more. `mh skill add` fetches it again.");
    const files = Object.entries(kept.files).map(([path, bytes]) => [path, fromBase64(bytes)] as const);
    return { tree: new Map(files), source: kept.source };
  }

  drop(id: string): void {
    this.#files.remove(pathOf(id));
  }

  #untilOf(path: string): number {
    return this.#read(path)?.until ?? 0;
  }

  #read(path: string): { until: number; source: string; files: Record<string, string> } | undefined {
    const bytes = this.#files.read(path);
    const text = bytes && decodeUtf8(bytes);
    return text === undefined ? undefined : JSON.parse(text);
  }
}

const pathOf = (id: string): string => `${folder}/${id}.json`;
