import type { Candidate } from "../candidates.ts";
import type { Span } from "../question.ts";
import { each, type Signal } from "./signal.ts";

/** Whole for an event in the time asked about, half for one much longer than that or for what was only told then. */
export const dates: Signal = {
  scale: "relative",
  of: each((candidate, { spans }) => Math.max(0, ...spans.map((span) => eventPart(span, candidate)))),
  say: () => "it is from the time asked about",
};

function eventPart(span: Span, { atMs, eventSpans }: Candidate): number {
  const events = eventSpans.filter(({ from, to }) => from < span.to && to > span.from);
  if (events.some(({ from, to }) => to - from <= 4 * (span.to - span.from))) return 1;
  return events.length > 0 || (atMs >= span.from && atMs < span.to) ? 0.5 : 0;
}

const weekMs = 7 * 24 * 60 * 60_000;

/** What happened in June is told in June or in the week after. */
export const toldNear: Signal = {
  scale: "absolute",
  of: each(({ atMs }, { spans }) => Math.max(0, ...spans.map((span) => Math.exp(-awayFrom(span, atMs) / weekMs)))),
  say: () => "it was told about then",
};

const awayFrom = ({ from, to }: Span, at: number) => Math.max(0, from - at, at - to);

export const when: Signal = {
  scale: "absolute",
  of: each(({ eventSpans }, { asks }) => (asks.has("when") && eventSpans.length > 0 ? 1 : 0)),
  say: () => "it says when",
};
