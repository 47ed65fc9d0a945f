/** Something that the owner did, as far as it is taken. */
export interface Observed {
  ms: number;
  what: string;
}

/** What a file of a source holds, and how much of it is left where it is. */
export interface Taken {
  events: Observed[];
  left: { why: string; count: number }[];
}

export const nothingTaken: Taken = { events: [], left: [] };

export const together = (all: readonly Taken[]): Taken => {
  const counts = new Map<string, number>();
  for (const { why, count } of all.flatMap(({ left }) => left)) counts.set(why, (counts.get(why) ?? 0) + count);
  return {
    events: all.flatMap(({ events }) => events),
    left: [...counts].flatMap(([why, count]) => (count > 0 ? [{ why, count }] : [])),
  };
};
