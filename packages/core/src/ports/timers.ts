/** Waiting, as a port, so that a test moves the time. */
export interface Timers {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Calls once after that time, unless it is disposed of before. */
  after(ms: number, work: () => void): Disposable;
}
