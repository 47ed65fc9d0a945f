import * as path from "node:path";
import { type Logger, pino } from "pino";
import { RotatingFile } from "./rotating-file.ts";

export type DaemonLog = Logger & Disposable;

const bytesMax = 5 * 2 ** 20;

/**
 * What the daemon says of itself: `logs/run/daemon.ndjson`, for the owner alone, ten megabytes at most. Commands, their
 * ends and their times; no arguments, no results, no tokens. Messages of errors may quote what somebody typed: use
 * `errorFacts`.
 */
export function daemonLog(root: string, options: { bytesMax?: number } = {}): DaemonLog {
  const file = new RotatingFile(path.join(root, "logs", "run", "daemon.ndjson"), options.bytesMax ?? bytesMax);
  const log = pino({ base: { pid: process.pid }, timestamp: pinoTime }, file);
  return Object.assign(log, { [Symbol.dispose]: () => file[Symbol.dispose]() });
}

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
