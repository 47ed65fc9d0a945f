import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Transaction } from "../journal/transaction.ts";
import type { Call } from "./call.ts";
import { outcomeEntry } from "./entries.ts";
import { faultOf } from "./fault-of.ts";
import type { Begun } from "./run.ts";

/** A parked command that an approval lets run, and how it began. */
export interface Continued {
  call: Call;
  begun: Begun;
}

/**
 * What approvals let run, from the transaction that approves it until it is a run of its own. What cannot be done is its own
 * failure: its approval is committed all the same, but where the disk or the index is what fails.
 */
export class ContinuedRuns {
  readonly #byTransaction = new WeakMap<Transaction, Continued[]>();
  /** Why a continued command cannot be done, by its id. */
  readonly #cannot = new Map<string, unknown>();
  /** What is not committed yet, by its id. */
  readonly #beginning = new Set<string>();

  /** Begins a parked command in the transaction that approves it. */
  begin(tx: Transaction, call: Call, begin: () => Begun): void {
    this.#byTransaction.set(tx, [...this.of(tx), { call, begun: this.#begun(tx, call, begin) }]);
  }

  of(tx: Transaction): readonly Continued[] {
    return this.#byTransaction.get(tx) ?? [];
  }

  isBeginning(id: string): boolean {
    return this.#beginning.has(id);
  }

  /** It is a run of its own now, or its transaction was taken back. */
  over({ id }: Call): void {
    this.#beginning.delete(id);
  }

  /** Commits an approval again whose command could not be begun, with that as the command's outcome. */
  async again<T>({ id, cause }: CannotContinue, commit: () => Promise<T>): Promise<T> {
    this.#cannot.set(id, cause);
    return commit().finally(() => this.#cannot.delete(id));
  }

  #begun(tx: Transaction, call: Call, begin: () => Begun): Begun {
    const cannot = this.#cannot.has(call.id) ? { error: this.#cannot.get(call.id) } : call.cannot;
    if (cannot) {
      const outcome: Outcome = { status: "failed", id: call.id, fault: faultOf(cannot.error) };
      tx.append(outcomeEntry(call, outcome, { body: { approved: true } }));
      return { outcome };
    }
    try {
      const begun = begin();
      this.#beginning.add(call.id);
      return begun;
    } catch (error) {
      throw new CannotContinue(call.id, error);
    }
  }
}

/** Ends the transaction of an approval whose command cannot be done. */
export class CannotContinue extends Error {
  readonly id: string;

  constructor(id: string, cause: unknown) {
    super(`${id} cannot be continued`, { cause });
    this.id = id;
  }
}
