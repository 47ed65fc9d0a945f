/** What a chart shows: a name for each place along it, and series of values at those places. */
export interface Plotted {
  labels: readonly string[];
  /** Bars stand upon each other, the last at the bottom. A null is a gap. */
  series: readonly {
    name: string;
    values: readonly (number | null)[];
    colour: "--pine" | "--ochre" | "--red" | "--plum" | "--ink-2";
    kind: "bar" | "line" | "step";
  }[];
  /** In pixels. */
  height: number;
  /** The highest value that has to fit. */
  most: number;
  /** Names of the values 0, 1, 2 …, where they are no amounts. */
  ticks?: readonly string[];
}
