import { agentDelegate } from "@mh/contract/agents.ts";
import { agent as agentPrincipal } from "@mh/contract/values/principal.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import type { RunJob } from "@mh/core/agents/agent-run.ts";
import { commandId, runTaskId } from "@mh/core/agents/scheduler/run-id.ts";
import { agentSection } from "@mh/core/agents/settings.ts";
import { attemptId, type Reach } from "@mh/core/kernel/attempts.ts";
import type { DelegationsPort } from "@mh/core/kernel/delegations-port.ts";
import type { Run } from "@mh/core/kernel/run.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import type { Config } from "@mh/core/model/config.ts";
import { shortId } from "@mh/core/model/short-id.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { type WorkerJob, watched } from "../sandbox/run-worker.ts";
import type { RunLog } from "./run-log.ts";

export interface GateDeps {
  crypto: Crypto;
  reader: Database;
  config: () => Config;
  /** The gate. */
  begin: (command: Command) => Run;
  /** Takes in what the task of a run was given. */
  give: DelegationsPort["give"];
  reachOf: (skill: string) => Reach;
}

/** One run's way to the kernel: as its agent, caused by this run, under ids that a second attempt shares. */
export class RunGate {
  readonly #deps: GateDeps;
  readonly #job: RunJob;
  readonly #log: RunLog;
  readonly #underWay = new Set<Run>();
  /** Ids of all that it gave to the kernel. */
  readonly commands: string[] = [];

  constructor(deps: GateDeps, job: RunJob, log: RunLog) {
    this.#deps = deps;
    this.#job = job;
    this.#log = log;
  }

  /** Takes in what the run was given, and makes its worker's one way to act. */
  open(): WorkerJob["act"] {
    const { crypto, config, begin, give } = this.#deps;
    const job = this.#job;
    const counts = new Map<string, number>();
    const task = {
      id: runTaskId(crypto, job),
      words: `${JSON.stringify(agentSection(config(), job.agent))}\n${job.words}`,
      by: "program" as const,
    };
    if (job.given) give(task, { skill: agentDelegate.name, id: job.commandId }, job.given);
    return async (skill, args, onProgress, signal) => {
      const what = canonical([skill, args ?? null]);
      const nth = (counts.get(what) ?? 0) + 1;
      counts.set(what, nth);
      const id = this.#idFor({ skill, args: args ?? null, nth });
      this.commands.push(id);
      const command = { id, principal: agentPrincipal(job.agent), skill, args, task, cause: job.commandId };
      const outcome =
        skill === "agent.run" ? refused(id) : await this.#seenThrough(begin(command), { onProgress, signal });
      this.#log.write("act", `${skill}: ${told(outcome)}`, { command: id });
      return outcome;
    };
  }

  /** Cancels what still goes on, as an agent that it delegated to: it does so for nobody. */
  close(reason: string): void {
    for (const each of this.#underWay) each.cancel(reason);
  }

  #idFor(command: { skill: string; args: unknown; nth: number }): string {
    const { crypto, reader, reachOf } = this.#deps;
    const idOf = (round: number) => commandId(crypto, this.#job, { ...command, round });
    return attemptId(reader, reachOf(command.skill), idOf).id;
  }

  async #seenThrough(
    run: Run,
    { onProgress, signal }: { onProgress: Parameters<WorkerJob["act"]>[2]; signal: AbortSignal },
  ): Promise<Outcome> {
    this.#underWay.add(run);
    try {
      return await watched(run, onProgress, signal);
    } finally {
      this.#underWay.delete(run);
    }
  }
}

function told(outcome: Outcome): string {
  if (outcome.status === "failed") return `failed (${outcome.fault.code}): ${outcome.fault.message}`;
  if (outcome.status === "denied") return `denied (${outcome.layer}): ${outcome.reason}`;
  if (outcome.status === "parked")
    return `parked (${outcome.layer}): ${outcome.reason}: \`mh approvals show ${shortId(outcome.approval)}\``;
  return outcome.status === "interrupted" ? `interrupted: ${outcome.message}` : "done";
}

const refused = (id: string): Outcome => ({
  status: "failed",
  id,
  fault: {
    code: "args.invalid",
    message: "An agent starts itself by no command; another one it asks by agent.delegate.",
  },
});
