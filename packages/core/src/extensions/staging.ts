import { Fault } from "../model/fault.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Tree } from "./package-tree.ts";

/** A package as it was fetched: shown to the owner, and not installed yet. */
export interface Staged {
  tree: Tree;
  /** Where it came from, as the owner would write it again. */
  source: string;
}

const keptMs = 30 * 60_000;
const keptMax = 8;

/** Packages between being fetched and being let in. They are kept in memory alone, for half an hour. */
export class Staging {
  readonly #clock: Clock;
  readonly #crypto: Crypto;
  readonly #kept = new Map<string, Staged & { until: number }>();

  constructor(clock: Clock, crypto: Crypto) {
    this.#clock = clock;
    this.#crypto = crypto;
  }

  put(staged: Staged): string {
    const now = this.#clock.now();
    for (const [id, { until }] of this.#kept) if (until <= now) this.#kept.delete(id);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= keptMax && oldest) this.#kept.delete(oldest);
    const id = this.#crypto.id();
    this.#kept.set(id, { ...staged, until: now + keptMs });
    return id;
  }

  get(id: string): Staged {
    const staged = this.#kept.get(id);
    if (staged && staged.until > this.#clock.now()) return staged;
    throw new Fault("skill.refused", "What was fetched does not wait any more. `mh skill add` fetches it again.");
  }

  drop(id: string): void {
    this.#kept.delete(id);
  }
}
