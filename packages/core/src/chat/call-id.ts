import { type CommandRow, commandRow } from "../kernel/state.ts";
import { canonical } from "../model/canonical.ts";
import { idOfHash } from "../model/hashed-id.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";

interface Parts {
  crypto: Crypto;
  reader: Database;
  isRead: (skill: string) => boolean;
  /** It changes the home and nothing else: cut off, all of it was taken back. */
  isHomes: (skill: string) => boolean;
}

/**
 * Ids of what is done for a message: the same calls have the same ids in every attempt at it, so that what was done is not done
 * again, and what waited for approval answers as it ended. `round` goes up where an earlier try came to nothing, or only read.
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
    const { crypto, reader } = this.#parts;
    const what = canonical([skill, args]);
    const nth = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, nth);
    for (let round = 0; ; round += 1) {
      const id = idOfHash(crypto, ["chat", this.#message, skill, args, nth, round]);
      const row = commandRow(reader, id);
      if (!row || !this.#isOver(skill, row)) return { id, isKnown: row !== undefined };
    }
  }

  /** Whether an id is used up by an outcome that says nothing for another attempt. */
  #isOver(skill: string, { status }: CommandRow): boolean {
    const { isRead, isHomes } = this.#parts;
    if (status === "interrupted") return isRead(skill) || isHomes(skill);
    return status === "failed" || status === "denied" || (status === "done" && isRead(skill));
  }
}
