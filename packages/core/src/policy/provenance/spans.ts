/** A piece of a text: from here to there. */
export interface Span {
  start: number;
  end: number;
}

/** What of a text stands outside spans that follow each other: one piece more than there are spans. */
export function outside(text: string, spans: readonly Span[]): string[] {
  const starts = [0, ...spans.map(({ end }) => end)];
  return starts.map((start, n) => text.slice(start, spans[n]?.start));
}
