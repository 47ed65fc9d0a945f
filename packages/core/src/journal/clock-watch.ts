import type { Entry } from "@mh/contract/values/record.ts";
import { z } from "zod";
import { leastJumpMs } from "../model/clock-words.ts";
import type { Clock } from "../ports/clock.ts";

/** Civil time, and where it was known the time that nobody sets, when the log was last written to. */
export interface Reading {
  ms: number;
  steady?: { ms: number; boot: string };
}

/** The machine's clock said `to` where `from` was due. `isMeasured`: by a clock that nobody sets, and not by the log alone. */
export interface Jump {
  fromMs: number;
  toMs: number;
  isMeasured: boolean;
}

/** One that sleeps with its machine wakes up by so much of it wrong. */
const ofSleep = 1 / 1000;

/** How the clock jumped since it was last read. Forward without a clock that nobody sets nothing can be said: time passed. */
export function jumpSince(last: Reading, now: Required<Reading>): Jump | undefined {
  const isMeasured = isMeasuredBy(last, now);
  const passedMs = isMeasured && last.steady ? now.steady.ms - last.steady.ms : 0;
  const jump = { fromMs: Math.round(last.ms + passedMs), toMs: now.ms, isMeasured };
  const byMs = jump.toMs - jump.fromMs;
  const isOne = Math.abs(byMs) > leastJumpMs + passedMs * ofSleep && (isMeasured || byMs < 0);
  return isOne ? jump : undefined;
}

/** One that runs back is not the same clock: a container may have one of its own. */
const isMeasuredBy = ({ steady }: Reading, now: Required<Reading>): boolean =>
  steady?.boot === now.steady.boot && now.steady.ms >= steady.ms;

/** Looks at the clock each time that the log is written to. */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #boot: string;
  #last: Reading | undefined;
  /** As it was after the last jump that this process saw, or when it began: small ones add up. */
  #base: Reading | undefined;

  /** `last`: how it was read when the log was last written; undefined where nobody did. */
  constructor(clock: Clock, newId: () => string, last: Reading | undefined) {
    this.#clock = clock;
    this.#newId = newId;
    this.#boot = clock.boot;
    this.#last = last;
    this.#base = last;
  }

  read(): Required<Reading> {
    return { ms: this.#clock.now(), steady: { ms: this.#clock.steady(), boot: this.#boot } };
  }

  jump(now = this.read()): Jump | undefined {
    return (this.#last && jumpSince(this.#last, now)) ?? (this.#base && jumpSince(this.#base, now));
  }

  /** What the log has to say of the clock before anything else. */
  entry(now: Required<Reading>): Entry | undefined {
    const jump = this.jump(now);
    return jump && jumpEntry(this.#newId(), jump);
  }

  /** It was written. */
  keep(now: Required<Reading>): void {
    if (!this.#base || !isMeasuredBy(this.#base, now) || this.jump(now)) this.#base = now;
    this.#last = now;
  }
}

const bodySchema = z.object({ what: z.literal("clock"), from: z.string(), to: z.string(), isMeasured: z.boolean() });

function jumpEntry(id: string, { fromMs, toMs, isMeasured }: Jump): Entry {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  return { phase: "recovered", id, principal: "module:clock", body: { what: "clock", from, to, isMeasured } };
}

/** The jump that a record tells of, if it does. */
export function jumpOf({ phase, body }: Pick<Entry, "phase" | "body">): Jump | undefined {
  if (phase !== "recovered" || body?.what !== "clock") return undefined;
  const { from, to, isMeasured } = bodySchema.parse(body);
  return { fromMs: Date.parse(from), toMs: Date.parse(to), isMeasured };
}
