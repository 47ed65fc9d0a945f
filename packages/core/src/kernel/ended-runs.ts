import type { Principal } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { ActiveRun } from "./run.ts";

const keptMax = 64;

/** How the last runs ended, for a caller that asks for one by its id: those that were detached, and what is not in the log whole. */
export class EndedRuns {
  readonly #ended = new Map<string, { whose: Principal; outcome: Outcome; forOthers: Outcome }>();

  /** `forOthers` is another outcome where it gave what is given only once. */
  note({ id, isDetached, facts }: ActiveRun, outcome: Outcome, forOthers: Outcome): Outcome {
    if (!isDetached && outcome.status !== "failed") return outcome;
    this.#ended.delete(id);
    this.#ended.set(id, { whose: facts.principal, outcome, forOthers });
    if (this.#ended.size > keptMax) this.#ended.delete(this.#ended.keys().next().value as string);
    return outcome;
  }

  clear(): void {
    this.#ended.clear();
  }

  /** What is given only once is gone when whose command it was has asked for it. */
  take(id: string, asker: Principal): Outcome | undefined {
    const ended = this.#ended.get(id);
    if (ended?.whose !== asker) return ended?.forOthers;
    this.#ended.set(id, { ...ended, outcome: ended.forOthers });
    return ended.outcome;
  }
}
