import type { Outcome } from "@mh/contract/wire/command.ts";
import type { ActiveRun } from "./run.ts";

const keptMax = 64;

/** How the last runs ended, for whoever asks for one by its id: those that were detached, and what is not in the log whole. */
export class EndedRuns {
  readonly #outcomes = new Map<string, Outcome>();

  note({ id, isDetached }: ActiveRun, outcome: Outcome): Outcome {
    if (!isDetached && outcome.status !== "failed") return outcome;
    this.#outcomes.delete(id);
    this.#outcomes.set(id, outcome);
    if (this.#outcomes.size > keptMax) this.#outcomes.delete(this.#outcomes.keys().next().value as string);
    return outcome;
  }

  of(id: string): Outcome | undefined {
    return this.#outcomes.get(id);
  }
}
