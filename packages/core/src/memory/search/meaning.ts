/** How close memories are in meaning to a question, by the vectors of a model. */
export interface Meaning {
  /** The closest memories. */
  nearest(most: number): Likeness[];
  /** Of these memories, those that have a vector. */
  of(memories: readonly string[]): Likeness[];
}

export interface Likeness {
  memory: string;
  /** Of which text of it the vector is: one of an earlier text counts for nothing. */
  textKey: string;
  /** Cosine, from −1 to 1. */
  likeness: number;
}
