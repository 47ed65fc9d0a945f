import { agentRun } from "@mh/contract/agents.ts";
import type { ArgsOf, OutputOf } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { agent as agentPrincipal } from "@mh/contract/values/principal.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import { skillName } from "../kernel/registry.ts";
import { defineOutside } from "../kernel/skill.ts";
import { commandRow } from "../kernel/state.ts";
import type { Database } from "../ports/database.ts";
import { agentRow } from "./agents-table.ts";
import type { AgentManifest } from "./scheduler/agent-manifest.ts";

export type RunArgs = ArgsOf<typeof agentRun>;
export type RunValue = OutputOf<typeof agentRun>;

/** What a worker's run came to. */
export interface RunReport {
  status: "done" | "failed" | "killed";
  reason?: string | undefined;
  message: string;
  usage: RunValue["usage"];
  /** Ids of the commands it gave. */
  commands: readonly string[];
  log: string;
}

/** One attempt, as the runtime takes it on. */
export interface RunJob extends RunArgs {
  commandId: string;
  source: string;
  /** The text that the owner allowed: it counts as the owner's words, whatever runs. */
  words: string;
  manifest: AgentManifest;
  signal: AbortSignal;
  progress: (update: ProgressUpdate) => void;
}

export interface AgentRunDeps {
  reader: Database;
  readObject: (name: string) => string | undefined;
  run: (job: RunJob) => Promise<RunReport>;
}

/**
 * Runs an agent once, at the version that was adopted. It only reads by itself: each of its commands is judged for
 * itself. Done means that the log holds what the agent's file says it must.
 */
export function runAgentSkill({ reader, readObject, run }: AgentRunDeps) {
  return defineOutside(agentRun, {
    stored: "kept",
    journalled: ({ trigger, slot, attempt, at }) => ({ run: { trigger, slot, attempt, at } }),
    async run(args, { commandId, principal, signal, progress, note }) {
      if (principal !== agentPrincipal(args.agent)) {
        throw new Fault(
          "args.invalid",
          `Only agent:${args.agent} runs as ${args.agent}. \`mh agent run\` does it right.`,
        );
      }
      const row = agentRow(reader, args.agent);
      if (!row)
        throw new Fault(
          "agent.not-found",
          `${args.agent} has no leave to run. \`mh agent allow ${args.agent}\` gives it.`,
        );
      if (row.state === "paused") {
        throw new Fault(
          "agent.paused",
          `${args.agent} is paused. \`mh agent resume ${args.agent}\` lets it run again.`,
        );
      }
      const source = readObject(row.object);
      const words = readObject(row.words);
      if (!source || words === undefined)
        throw new Fault("agent.invalid", `The text of ${args.agent} is gone from logs/objects. Allow it again.`);
      const manifest = JSON.parse(row.manifest) as AgentManifest;
      const report = await run({ ...args, commandId, source, words, manifest, signal, progress });
      const ensures = manifest.ensures.map((skill) => ({ skill, held: isEnsured(reader, skill, report.commands) }));
      const told = { commands: report.commands.length, ensures, usage: report.usage };
      note({ run: told, ...(report.reason && { why: report.reason }) });
      if (report.status !== "done") throw failure(args.agent, report);
      const unmet = ensures.filter(({ held }) => !held).map(({ skill }) => skill);
      if (unmet.length === 0) return { ...told, log: report.log };
      const what = `${args.agent} came to its end, but the log does not hold what it must: ${unmet.join(", ")}`;
      throw new Fault("agent.unmet", `${what}. \`mh agent logs ${args.agent}\``);
    },
  });
}

/** By what the log says of the commands, not by what the agent says. */
function isEnsured(db: Database, wanted: string, commands: readonly string[]): boolean {
  const mayWait = wanted.endsWith("?");
  const skill = mayWait ? wanted.slice(0, -1) : wanted;
  return commands.some((id) => {
    const row = commandRow(db, id);
    if (!row || skillName(row.skill) !== skill) return false;
    return row.status === "done" || (mayWait && row.status === "parked");
  });
}

function failure(name: string, { status, reason, message: whole }: RunReport): Fault {
  const [message = ""] = whole.split("\n");
  if (reason === "stopped") return new Fault("stopped", message);
  const what = status === "killed" ? `${name} was ended (${reason}): ${message}` : `${name} failed: ${message}`;
  return new Fault("agent.failed", `${what.replace(/\.?$/, ".")} \`mh agent logs ${name}\``);
}
