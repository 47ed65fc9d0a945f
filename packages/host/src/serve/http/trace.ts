import { randomBytes } from "node:crypto";

/**
 * What relates a request to what others know of it (W3C Trace Context): their trace where they sent one, and our span.
 */
export interface Trace {
  trace: string;
  span: string;
  flags: string;
}

/** Goes on with the caller's trace; begins one where it sent none, or none that can be read. */
export function traceOf(traceparent: string | undefined): Trace {
  const [, trace, parent, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? "") ?? [];
  const span = randomBytes(8).toString("hex");
  if (trace && flags && !isZero(trace) && !isZero(parent ?? "")) return { trace, span, flags };
  return { trace: randomBytes(16).toString("hex"), span, flags: "00" };
}

export const traceparent = ({ trace, span, flags }: Trace): string => `00-${trace}-${span}-${flags}`;

const isZero = (hex: string): boolean => /^0*$/.test(hex);
