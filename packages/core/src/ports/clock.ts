/** Time comes from here and nowhere else. */
export interface Clock {
  /** Civil time: milliseconds since the epoch, UTC. May jump when somebody sets the machine's clock. */
  now(): number;
  /** Milliseconds since the machine was started, its sleep included: nobody sets it. What lasts is measured by it. */
  steady(): number;
  /** Names that start of the machine: within it, `steady` of one process can be compared with that of another. */
  readonly boot: string;
}
