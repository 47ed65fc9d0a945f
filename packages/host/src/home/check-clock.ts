import { jumpSince } from "@mh/core/journal/clock-watch.ts";
import { clockJumps } from "@mh/core/kernel/clock-jumps.ts";
import { kernelTables, meta } from "@mh/core/kernel/state.ts";
import { type Misdated, misdated } from "@mh/core/memory/misdated.ts";
import { jumpWords } from "@mh/core/model/clock-words.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { type Environment, type Found, lookAtIndex, ofAnotherVersion } from "./look-at-index.ts";
import { clockReadOf } from "./projection.ts";

const isFolded = (db: Database): boolean => meta(db, "tables.kernel") === String(kernelTables.version);

/** Whether the machine's clock goes on from where the log was last written, and what a jump left behind. */
export function checkClock(root: string, environment: Environment): Found[] {
  return lookAtIndex(root, environment, (db) => {
    if (!isFolded(db)) return [ofAnotherVersion];
    const last = clockReadOf(db);
    const now = { ms: systemClock.now(), steady: { ms: systemClock.steady(), boot: systemClock.boot } };
    const jump = last && jumpSince(last, now);
    if (jump) {
      const next =
        "Set the clock if it is wrong. The next command writes down that it jumped, and what ends at a time ends no later.";
      return [{ level: "warn", message: `${jumpWords(jump.fromMs, jump.toMs)}, and nothing was written since`, next }];
    }
    const jumps = clockJumps(db);
    const latest = jumps.at(-1);
    if (!latest) return [{ level: "ok", message: "it never jumped while the log was written" }];
    const message = `right, as far as can be seen; ${jumps.length === 1 ? "once" : `${jumps.length} times it jumped, and last`} ${jumpWords(latest.from_ms, latest.to_ms)}`;
    return [{ level: "ok", message, next: `mh audit show ${latest.id}` }];
  });
}

/** Memories that were dated by a clock that was put right afterwards. */
export function checkDates(root: string, environment: Environment): Found[] {
  return lookAtIndex(root, environment, (db, deps) => {
    if (!isFolded(db)) return [ofAnotherVersion];
    const found = misdated(db, deps);
    const [first] = found as [Misdated];
    if (found.length === 0) return [{ level: "ok", message: "no memory was dated by a clock that was wrong" }];
    const memories = found.length === 1 ? "1 memory was" : `${found.length} memories were`;
    const message = `${memories} dated by a clock that was put right later; the first says ${first.at} and is from ${first.rightAt}, if the clock is right now`;
    return [{ level: "warn", message, next: "mh doctor --repair dates them so; mh undo takes that back." }];
  });
}
