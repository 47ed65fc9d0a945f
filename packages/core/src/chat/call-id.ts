import { attemptId, type Reach } from "../kernel/attempts.ts";
import { canonical } from "../model/canonical.ts";
import { idOfHash } from "../model/hashed-id.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";

interface Parts {
  crypto: Crypto;
  reader: Database;
  reachOf: (skill: string) => Reach;
}

/**
 * Ids of what is done for a message: the same calls have the same ids in every attempt at it, so that what was done is not done
 * again, and what waited for approval answers as it ended.
 */
export class CallIds {
  readonly #counts = new Map<string, number>();
  readonly #parts: Parts;
  readonly #message: string;

  constructor(message: string, parts: Parts) {
    this.#message = message;
    this.#parts = parts;
  }

  /** `isKnown`: it was begun before, and answers from the log. */
  next(skill: string, args: unknown): { id: string; isKnown: boolean } {
    const { crypto, reader, reachOf } = this.#parts;
    const what = canonical([skill, args]);
    const nth = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, nth);
    return attemptId(reader, reachOf(skill), (round) =>
      idOfHash(crypto, ["chat", this.#message, skill, args, nth, round]),
    );
  }
}
