import type { Outcome } from "@mh/core/model/command.ts";
export interface WorkerJob {
  source: string;
  shipped: boolean;
  limits: { timeMs: number; cpuMs: number; memoryBytes: number };
  context: { name: string; config: unknown; owner: { name: string; timeZone: string }; trigger: unknown };
  act(skill: string, args: unknown): Promise<Outcome>;
  log(line: { at: string; stream: "log" | "out" | "err"; text: string }): void;
}
export interface WorkerEnd {
  how: "done" | "failed" | "killed";
  why?: string;
  message: string;
  usage: { ms: number; cpuMs: number; rssBytesMax: number };
}
export interface RunningWorker {
  readonly end: Promise<WorkerEnd>;
  pause(): void;
  resume(): void;
  kill(why: "stopped" | "closing", message: string): void;
  readonly isPaused: boolean;
}
export function runWorker(_job: WorkerJob): RunningWorker {
  throw new Error("stub");
}
