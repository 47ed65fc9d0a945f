/** One request to the world outside. */
export interface HttpRequest {
  method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "PROPFIND" | "REPORT";
  url: string;
  headers?: Record<string, string>;
  body?: Uint8Array | string;
  /**
   * Where it may go. `public`: only addresses of the open Internet, whatever the name resolves to (for URLs that others
   * wrote). `any`: also this machine and its network (for servers that the owner's settings name).
   */
  reach: "public" | "any";
  /** For the whole answer; of a stream, the longest silence. */
  timeoutMs: number;
  /** More than that is refused, not cut. */
  bytesMax: number;
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
}

/** An answer whose body is read as it comes. To stop reading ends the connection. */
export interface HttpStream extends Omit<HttpResponse, "body"> {
  body: AsyncIterable<Uint8Array>;
}

/**
 * HTTP without redirects followed: where one leads is for the caller to judge.
 * Throws `http.refused` (an address it may not reach, plain http to a public one is allowed), `http.failed` (no
 * connection, no time, too long). Any status is an answer.
 */
export interface Http {
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Resolves with the head of the answer. Reading the body throws `http.failed` as `request` does. */
  stream(request: HttpRequest): Promise<HttpStream>;
}
