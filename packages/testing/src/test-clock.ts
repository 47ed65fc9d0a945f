/** A clock that stands still until a test moves it. */
export interface TestClock {
  /** Civil time, in milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since the machine was started, which nobody sets. */
  steady(): number;
  /** Names that start of the machine. */
  readonly boot: string;
  /** Time passes until then. To a time that is over already, somebody sets the clock. */
  set(iso: string): void;
  /** Time passes. */
  forward(ms: number): void;
  /** Somebody sets the clock: no time passes. */
  jump(ms: number): void;
  /** The machine is started again, and nobody knows how long it was off. */
  restart(): void;
}

export function testClock(iso = "2026-03-02T09:00:00Z"): TestClock {
  let now = Date.parse(iso);
  let steady = 0;
  let starts = 1;
  return {
    now: () => now,
    steady: () => steady,
    get boot() {
      return `start ${starts}`;
    },
    set(to) {
      const passed = Date.parse(to) - now;
      now += passed;
      steady += Math.max(passed, 0);
    },
    forward(ms) {
      now += ms;
      steady += ms;
    },
    jump(ms) {
      now += ms;
    },
    restart() {
      starts += 1;
      steady = 0;
    },
  };
}
