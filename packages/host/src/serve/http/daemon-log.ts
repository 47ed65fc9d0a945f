import * as path from "node:path";
import type { LineCodec } from "@mh/core/ports/line-codec.ts";
import { type Logger, pino } from "pino";
import { RotatingFile } from "./rotating-file.ts";

export type DaemonLog = Logger &
  Disposable & {
    /** From here on every line goes through this first. */
    redactWith(redact: (text: string) => string): void;
  };

const bytesMax = 5 * 2 ** 20;

export const daemonLogFile = (root: string): string => path.join(root, "logs", "run", "daemon.ndjson");

/**
 * What the daemon says of itself: `logs/run/daemon.ndjson`, for the owner alone, ten megabytes at most. Commands, their
 * ends and their times; no arguments, no results, no tokens. Messages of errors may quote what somebody typed: use
 * `errorFacts`. The process that has the home open says by `redactWith` how to remove secrets.
 */
export function daemonLog(
  root: string,
  options: { bytesMax?: number; sealer?: LineCodec | undefined } = {},
): DaemonLog {
  const file = new RotatingFile(daemonLogFile(root), options.bytesMax ?? bytesMax);
  let clean = (line: string) => line;
  const log = pino(
    { base: { pid: process.pid }, timestamp: pinoTime },
    { write: (line) => file.write(stored(clean(line), options.sealer)) },
  );
  const redactWith = (redact: (text: string) => string) => {
    clean = redact;
  };
  return Object.assign(log, { redactWith, [Symbol.dispose]: () => file[Symbol.dispose]() });
}

const stored = (line: string, sealer: LineCodec | undefined): string =>
  sealer ? `${sealer.encode(line.trimEnd())}\n` : line;

const pinoTime = (): string => `,"time":"${new Date().toISOString()}"`;

/** Where an error came from, without its message. */
export function errorFacts(error: unknown): { name: string; code?: string; stack?: string[] } {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code } = error as { code?: unknown };
  const stack = error.stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
  return { name: error.name, ...(typeof code === "string" && { code }), ...(stack && { stack: stack.slice(0, 8) }) };
}
