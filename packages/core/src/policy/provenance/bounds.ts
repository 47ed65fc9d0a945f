/**
 * How much of a task is looked at for one verdict, and kept for the next: work grows with the input up to here, and what
 * lies beyond vouches for nothing.
 */
export const bounds = {
  /** Of the owner's words. */
  wordsChars: 200_000,
  /** Control arguments of one call: what nobody would read in an approval request. */
  controls: 1_000,
  /** Of all that is content in one call, once others' text was read. */
  contentChars: 256_000,
  /** A value that is compared with anything: no address, path, name or id is longer. */
  valueChars: 4_096,
  /** Values of one answer, and how deep they stand. */
  leaves: 20_000,
  depth: 64,
  /** Of one answer, and of all that a task read; then the oldest are forgotten. */
  answerChars: 1_000_000,
  taskChars: 4_000_000,
  /** A status report of a call that did something: what is longer is a document, and says what its author likes. */
  statusChars: 2_000,
  /** Of an answer of the owner's own, how much is searched for what a text may carry. */
  ownChars: 256_000,
  /** Places in the owner's words at which one value is looked for, and words compared for a quotation. */
  places: 1_000,
  comparisons: 1_000_000,
  /** Values of which it is looked up where they stand, for the person who is asked. */
  shown: 100,
} as const;
