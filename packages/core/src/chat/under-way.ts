import type { TurnTrace } from "./turn-trace.ts";

interface UnderWay {
  /** The messages that it has taken up, once it is over. */
  ended: Promise<ReadonlySet<string>>;
  trace: TurnTrace;
  /** Aborted once its run is over for those who wait, though it may not have come to rest yet. */
  signal: AbortSignal;
}

/** Turns that this process works on, by their chats: one of each at a time. */
export type TurnsUnderWay = Map<string, UnderWay>;
