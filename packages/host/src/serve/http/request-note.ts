import type { IncomingMessage, ServerResponse } from "node:http";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Trace } from "./trace.ts";

/** What is known of a request, for its log line and its metrics. Nothing that it carried: no path, no query, no body. */
export interface RequestNote {
  readonly trace: Trace;
  /** Came over the home's own socket. */
  readonly isLocal: boolean;
  readonly address: string;
  /** Tells whose token its connection has shown. */
  readonly keep: (who: Principal) => void;
  route?: string;
  who?: Principal;
  skill?: string;
  command?: string;
  outcome?: string;
  /** Why it was turned away, or how its events ended. */
  why?: string;
}

/** What a route of the app is given beside the request. */
export interface AppEnv {
  Bindings: { incoming: IncomingMessage; outgoing: ServerResponse; note: RequestNote };
  Variables: { principal: Principal };
}

/** As it stands in the log. */
export function told({
  trace,
  isLocal,
  address: _address,
  keep: _keep,
  ...rest
}: RequestNote): Record<string, unknown> {
  return { trace: trace.trace, span: trace.span, via: isLocal ? "socket" : "http", ...rest };
}
