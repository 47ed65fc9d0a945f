// A thread of its own, in whatever process starts something: it sees STOP and every limit, and ends what goes over one,
// also while the main thread is stuck. It shares nothing with the main thread but a few numbers.
import * as fs from "node:fs";
import { parentPort } from "node:worker_threads";
import { hasProc } from "./usage.ts";
import type { Heartbeat, WatchMessage } from "./watch-order.ts";
import { Watched } from "./watched.ts";

/** A look at what is busy, which grows fast, and at what is not. Without /proc each look is a process of its own. */
const everyMs = hasProc ? { busy: 25, idle: 100 } : { busy: 200, idle: 500 };
/** Of a processor. */
const busy = 0.3;
const stuckMs = 5_000;

const watched = new Map<number, Watched>();
let timer: NodeJS.Timeout | undefined;
let heart: { beat: Heartbeat; counter: Int32Array; last: number; since: number; isStuck: boolean } | undefined;

parentPort?.on("message", (message: WatchMessage) => {
  if ("watch" in message) watched.set(message.watch.id, new Watched(message.watch));
  else if ("drop" in message) watched.delete(message.drop);
  else if ("beat" in message) heart = heartOf(message.beat);
  else {
    const each = watched.get(message.pause);
    if (each) each.isPaused = message.isPaused;
  }
  if ("watch" in message) look();
});

/** Nothing is looked at where nothing runs. */
function look(): void {
  clearTimeout(timer);
  let most = 0;
  for (const each of watched.values()) most = Math.max(most, each.look());
  listen();
  if (watched.size > 0) timer = setTimeout(look, most > busy ? everyMs.busy : everyMs.idle);
}

const heartOf = (beat: Heartbeat) => ({
  ...{ beat, counter: new Int32Array(beat.counter), last: -1, since: performance.now(), isStuck: false },
});

/** Writes into the log that was named where the main thread does not react, and where it does again. */
function listen(): void {
  if (!heart) return;
  const count = Atomics.load(heart.counter, 0);
  const now = performance.now();
  const ms = now - heart.since;
  if (count !== heart.last) {
    if (heart.isStuck) write(heart.beat.log, { ms: Math.round(ms) }, "The main thread reacts again");
    heart = { ...heart, last: count, since: now, isStuck: false };
  } else if (ms > stuckMs && !heart.isStuck) {
    heart.isStuck = true;
    write(heart.beat.log, { ms: Math.round(ms) }, "The main thread does not react; STOP and limits hold all the same");
  }
}

/** As the daemon's own log does, whose file this is. */
function write(log: string, facts: object, msg: string): void {
  const line = { level: 40, pid: process.pid, time: new Date().toISOString(), ...facts, msg };
  fs.appendFileSync(log, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}
