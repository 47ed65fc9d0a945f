/** What an unauthenticated caller may cost. Tests make them smaller. */
export interface HttpLimits {
  bodyBytesMax: number;
  headerBytesMax: number;
  /** For sending all of the headers, and all of a request. */
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  keepAliveTimeoutMs: number;
  /** Of them, those without a token give way to new ones. */
  connectionsMax: number;
  readersMax: number;
  /** Events that are kept in memory for all readers together; who falls further behind is ended. */
  eventsKept: number;
  heartbeatMs: number;
  /** How long a reader may take in nothing at all. */
  stalledReaderMs: number;
  /** Wrong tokens from one address in a minute, after which it is told to wait. */
  wrongTokensPerMinute: number;
  /** How long what was asked may take when the server is closed. */
  closingMs: number;
}

export const usualLimits: HttpLimits = {
  bodyBytesMax: 2 ** 20,
  headerBytesMax: 16 * 2 ** 10,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  connectionsMax: 256,
  readersMax: 64,
  eventsKept: 4096,
  heartbeatMs: 15_000,
  stalledReaderMs: 60_000,
  wrongTokensPerMinute: 10,
  closingMs: 4_000,
};
