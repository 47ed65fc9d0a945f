import type { Outcome } from "@mh/contract/wire/command.ts";
import type { DueRun } from "@mh/core/agents/scheduler/due.ts";
import type { TestHost } from "@mh/testing";

interface Listener {
  onRun(due: DueRun, outcome: Outcome): void;
  onTrouble(why: unknown, agent?: string): void;
}

/** The scheduler of a home, which looks when the test says so. It is closed with the home, and the home with it. */
export function schedulerByHand(home: TestHost, listener: Listener) {
  let scheduler = home.host.schedule(listener);
  const settled = () => scheduler.settled();
  return {
    tick: () => scheduler.tick(),
    settled,
    /** Moves the clock where a time is given, looks once, and waits for what began. */
    async look(iso?: string) {
      if (iso) home.clock.set(iso);
      await scheduler.tick();
      await settled();
    },
    async reopen() {
      await scheduler[Symbol.asyncDispose]();
      await home.reopen();
      scheduler = home.host.schedule(listener);
    },
    async [Symbol.asyncDispose]() {
      await scheduler[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}
