import { randomBytes } from "node:crypto";
import type { ChallengeUse } from "@mh/core/ports/passkeys.ts";

/** A challenge that was issued: to a page of this origin, for one use. */
export interface Challenge {
  use: ChallengeUse;
  origin: string;
  /** The name that passkeys hold for there. */
  rpId: string;
}

const askerOf = (use: ChallengeUse): string => ("device" in use ? `device ${use.device}` : use.for);

const usableMs = 5 * 60_000;
const openMax = 200;

/** Challenges that were issued and not answered yet. They live in this process alone: after a restart one asks anew. */
export class Challenges {
  readonly #now: () => number;
  readonly #open = new Map<string, Challenge & { until: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** 32 random bytes, base64url. */
  issue(challenge: Challenge): string {
    const now = this.#now();
    for (const [text, { until }] of this.#open) if (until <= now) this.#open.delete(text);
    // A caller that asks without end pushes out the oldest of its own: those that need no token, or those of one device.
    const own = [...this.#open].filter(([, { use }]) => askerOf(use) === askerOf(challenge.use));
    const [oldest] = own;
    if (own.length >= openMax && oldest !== undefined) this.#open.delete(oldest[0]);
    const text = randomBytes(32).toString("base64url");
    this.#open.set(text, { ...challenge, until: now + usableMs });
    return text;
  }

  /** Once: what was taken, or is too old, is no challenge any more. */
  take(text: string): Challenge | undefined {
    const found = this.#open.get(text);
    this.#open.delete(text);
    return found && found.until > this.#now() ? found : undefined;
  }
}
