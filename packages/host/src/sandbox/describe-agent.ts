import { Fault } from "@mh/contract/values/fault.ts";
import { type AgentManifest, agentManifestSchema } from "@mh/core/agents/scheduler/agent-manifest.ts";
import type { Executor } from "@mh/core/ports/executor.ts";
import { z } from "zod";
import { errorLine } from "./error-line.ts";
import { runWorker } from "./run-worker.ts";

/**
 * What an agent's file declares, by loading it where it can do nothing: a file is a program, and reading what it says of
 * itself is running it. Throws `agent.invalid`, `sandbox.missing`, and `stopped` while STOP stands.
 */
export async function describeAgent(executor: Executor, source: string, shipped: boolean): Promise<AgentManifest> {
  const worker = runWorker(executor, {
    source,
    shipped,
    limits: { timeMs: 10_000, cpuMs: 3_000, memoryBytes: 256 * 2 ** 20 },
    context: undefined,
    act: () => Promise.reject(new Error("An agent acts in its `run` only.")),
    log: () => undefined,
  });
  const { status, reason: cause, message, declared } = await worker.end;
  if (cause === "sandbox.missing") throw new Fault("sandbox.missing", message);
  if (cause === "stopped") throw new Fault("stopped", message);
  if (status !== "done") throw new Fault("agent.invalid", `It cannot be loaded: ${errorLine(message)}`);
  const read = agentManifestSchema().safeParse(declared);
  if (read.success) return read.data;
  throw new Fault(
    "agent.invalid",
    z
      .prettifyError(read.error)
      .replace(/\s*\n\s*/g, " ")
      .slice(0, 1000),
  );
}
