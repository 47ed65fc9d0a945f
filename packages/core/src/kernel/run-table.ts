import type { Principal } from "@mh/contract/values/principal.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { EndedRuns } from "./ended-runs.ts";
import { faultOf } from "./fault-of.ts";
import { withoutSecrets } from "./known-secrets.ts";
import type { KernelParts } from "./parts.ts";
import { ActiveRun, type Run } from "./run.ts";
import type { Skill } from "./skill.ts";
import { givenOnce, isOnce, pastOutcome } from "./stored-outcome.ts";

/** The commands that are under way, and how those that were have ended. */
export class RunTable {
  readonly #parts: KernelParts;
  readonly #running = new Map<string, ActiveRun>();
  readonly #ended = new EndedRuns();

  constructor(parts: KernelParts) {
    this.#parts = parts;
  }

  /** A command that is under way; undefined for any other. */
  get(id: string): ActiveRun | undefined {
    return this.#running.get(id);
  }

  /** In the order they began. */
  handles(): Run[] {
    return [...this.#running.values()].map((run) => run.handle(false));
  }

  /** A run that is not under way yet. `what`: what was asked for, as one text; undefined where that cannot be written. */
  make(id: string, what: string | undefined, { skill, principal }: Pick<Command, "skill" | "principal">): ActiveRun {
    return new ActiveRun(id, what ?? "", { skill, principal, beganMs: this.#parts.clock.now() });
  }

  /** Holds a run until it has ended: its outcome without secrets, and ended with the run that caused it. */
  track(run: ActiveRun, { principal, cause }: Pick<Command, "principal" | "cause">, ending: Promise<Outcome>): void {
    this.#running.set(run.id, run);
    const caused = this.#running.get(cause ?? "")?.causes(run);
    run.outcome = ending
      .catch((error: unknown) => {
        const fault = faultOf(error);
        if (fault.code !== "index.damaged") throw error;
        return { status: "failed", id: run.id, fault } as Outcome;
      })
      .then((outcome) => withoutSecrets(this.#parts.knownSecrets, outcome, principal))
      .then((outcome) => {
        // What was forgotten may stand in what an earlier run gave.
        if (outcome.status === "done" && isForgetting(this.#parts.registry.find(run.facts.skill))) this.#ended.clear();
        return outcome;
      })
      .then((outcome) => this.#ended.note(run, outcome, this.#withheld(run, outcome)))
      .finally(() => {
        caused?.[Symbol.dispose]();
        // A repeat that was under way when its command was approved ends before the run that goes on under its id.
        if (this.#running.get(run.id) === run) this.#running.delete(run.id);
      });
  }

  /**
   * How a command ends or ended; undefined where there was none of that id. What is given only once is given to nobody but
   * `asker` whose command it was.
   */
  async wait(id: string, asker: Principal): Promise<Outcome | undefined> {
    const run = this.#running.get(id);
    if (run) return run.facts.principal === asker ? run.outcome : run.outcome.then((each) => this.#withheld(run, each));
    return this.#ended.take(id, asker) ?? pastOutcome(this.#parts, id);
  }

  /** Ends what runs, and what began meanwhile. */
  async endAll(why: string): Promise<void> {
    // An approval that is being committed begins one more.
    while (this.#running.size > 0) {
      const running = [...this.#running.values()];
      for (const run of running) run.cancel(why);
      await Promise.allSettled(running.map(({ outcome }) => outcome));
    }
  }

  /** An outcome for somebody else than whose command it was. */
  #withheld({ facts }: ActiveRun, outcome: Outcome): Outcome {
    return isOnce(this.#parts.registry.find(facts.skill)) && outcome.status === "done"
      ? givenOnce(outcome.id)
      : outcome;
  }
}

const isForgetting = (skill: Skill | undefined): boolean =>
  skill?.kind === "own" && skill.contract.effects.includes("destroy");
