/** A clock that stands still until a test moves it. */
export interface TestClock {
  now(): number;
  set(iso: string): void;
  forward(ms: number): void;
}

export function testClock(iso = "2026-03-02T09:00:00Z"): TestClock {
  let now = Date.parse(iso);
  return {
    now: () => now,
    set(to) {
      now = Date.parse(to);
    },
    forward(ms) {
      now += ms;
    },
  };
}
