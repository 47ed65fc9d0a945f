/** What finds texts again, filled in portions of some hundred. Vectors are made before, and are no part of any figure. */
export interface Engine {
  add(items: readonly Item[]): Promise<void>;
  /** Once, after everything is there. */
  ready(): Promise<void>;
  /** How many it found, at most ten. */
  search(question: Question): Promise<number>;
}

export type Item = { id: string; text: string; vector: Float32Array };
export type Question = Omit<Item, "id">;
