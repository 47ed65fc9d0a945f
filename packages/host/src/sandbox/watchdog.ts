import { Worker } from "node:worker_threads";
import { endTree } from "./end-tree.ts";
import { entryFile } from "./entry-file.ts";
import { beginningOf } from "./usage.ts";
import { WatchFacts, type WatchMessage, type WatchOrder } from "./watch-order.ts";

/** What is watched now. Dispose of it when it has ended. */
export interface Watch extends Disposable {
  readonly facts: WatchFacts;
  isPaused: boolean;
}

type Order = Omit<WatchOrder, "id" | "began" | "facts">;

/** Small: it holds numbers only. */
const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 };
/** Without anything to watch, its memory is given back. */
const restMs = 10_000;

let thread: Worker | undefined;
let resting: NodeJS.Timeout | undefined;
let heart: Heartbeat | undefined;
let last = 0;
const watching = new Map<number, WatchOrder>();

/** Watches a process that was just started, from a thread that does not wait for this one. */
export function watch(order: Order): Watch {
  clearTimeout(resting);
  const facts = new WatchFacts();
  last += 1;
  const id = last;
  const whole = { ...order, id, began: beginningOf(order.pid), facts: facts.buffer };
  watching.set(id, whole);
  tell({ watch: whole });
  let isPaused = false;
  return {
    facts,
    get isPaused() {
      return isPaused;
    },
    set isPaused(is) {
      isPaused = is;
      tell({ pause: id, isPaused });
    },
    [Symbol.dispose]() {
      watching.delete(id);
      thread?.postMessage({ drop: id } satisfies WatchMessage);
      if (watching.size === 0) resting = setTimeout(rest, restMs).unref();
    },
  };
}

interface Heartbeat {
  counter: Int32Array<SharedArrayBuffer>;
  log: string;
}

/** From now on the watchdog, while it watches anything, writes into that log where this thread does not react for long. */
export function beat(log: string): Disposable {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const timer = setInterval(() => Atomics.add(counter, 0, 1), 1_000).unref();
  heart = { counter, log };
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      if (heart?.counter === counter) heart = undefined;
    },
  };
}

function tell(message: WatchMessage): void {
  thread ??= start();
  if (heart && "watch" in message)
    thread.postMessage({ beat: { counter: heart.counter.buffer, log: heart.log } } satisfies WatchMessage);
  thread.postMessage(message);
}

function start(): Worker {
  const worker = new Worker(entryFile("watchdog-entry.ts"), {
    resourceLimits,
    execArgv: [],
    env: {},
    name: "watchdog",
  });
  worker.unref();
  worker.once("error", (error) =>
    process.emitWarning(`The watchdog failed, and all that it watched was ended: ${error}`),
  );
  worker.once("exit", () => {
    if (thread !== worker) return;
    thread = undefined;
    // What nobody watches does not run.
    for (const order of watching.values()) endTree(order);
  });
  return worker;
}

function rest(): void {
  const resting = thread;
  thread = undefined;
  void resting?.terminate();
}
