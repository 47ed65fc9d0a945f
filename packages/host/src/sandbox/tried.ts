import type { Job, RunEnd } from "@mh/core/ports/executor.ts";
import { ProcessRun, type RunDeps } from "./process-run.ts";

/** What became of a job that tried something. */
export interface Tried {
  end: RunEnd;
  said: string;
  /** The first line of its standard error. */
  complaint: string;
  /** The system held it as a group. */
  isGrouped: boolean;
}

interface Trial {
  /** Called when it says its first word. */
  onFirstWord?: () => void;
  /** A descriptor that the job must not see. */
  leak?: number;
}

/** Runs a job of a probe to its end, and keeps what it said. */
export async function tryJob(job: Job, deps: RunDeps, { onFirstWord, leak }: Trial = {}): Promise<Tried> {
  const run = new ProcessRun(job, deps, leak);
  const texts = { said: "", complaint: "" };
  run.output.listen((chunk) => {
    if (texts.said === "") onFirstWord?.();
    texts.said += Buffer.from(chunk).toString("utf8");
  });
  run.errors.listen((chunk) => {
    texts.complaint += Buffer.from(chunk).toString("utf8");
  });
  const end = await run.end;
  return { end, said: texts.said, isGrouped: run.isGrouped, complaint: texts.complaint.trim().split("\n")[0] ?? "" };
}
