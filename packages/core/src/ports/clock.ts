/** Time comes from here and nowhere else. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. May jump back when somebody sets the machine's clock. */
  now(): number;
}
