import { agentRun } from "@mh/contract/agents.ts";
import type { OutputOf } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { agent as agentPrincipal, type Principal } from "@mh/contract/values/principal.ts";
import type { ProgressUpdate } from "@mh/contract/wire/progress.ts";
import { skillName } from "../kernel/registry.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { commandRow } from "../kernel/state.ts";
import { withDot } from "../model/plain-sentence.ts";
import type { Database } from "../ports/database.ts";
import { type AgentRow, agentRow, type RunArgs } from "./agents-table.ts";
import type { AgentManifest } from "./scheduler/agent-manifest.ts";

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
  /** What it gave back, unread; nothing where nobody delegated to it. */
  value?: unknown;
}

/** Which run it is, and why. */
export interface RunOrder extends Omit<RunArgs, "kind"> {
  kind: RunArgs["kind"] | "agent";
  /** What it was given to work on, where somebody delegated to it. */
  given?: Given;
  /** Agents that wait for its end: no room is kept for them meanwhile. */
  waiting?: readonly string[];
}

/** What a run is given by who delegates to it. */
export interface Given {
  input: unknown;
  from: Principal;
  origins: string[];
}

/** One attempt, as the runtime takes it on. */
export interface RunJob extends RunOrder {
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

/** Runs an agent once, under its own name: by its schedule, or as the owner asks for it. */
export function runAgentSkill(deps: AgentRunDeps) {
  return defineOutside(agentRun, {
    stored: "kept",
    journalled: ({ trigger, slot, attempt, at }) => ({ run: { trigger, slot, attempt, at } }),
    async run(args, context) {
      if (context.principal !== agentPrincipal(args.agent)) {
        throw new Fault(
          "args.invalid",
          `Only agent:${args.agent} runs as ${args.agent}. \`mh agent run\` does it right; others use agent.delegate.`,
        );
      }
      return (await runOnce(deps, args, context)).ran;
    },
  });
}

/**
 * One attempt at a run, at the version that was adopted. It only reads by itself: each of its commands is judged for
 * itself. Done means that the log holds what the agent's file says it must.
 */
export async function runOnce(
  { reader, readObject, run }: AgentRunDeps,
  order: RunOrder,
  { commandId, signal, progress, note }: Pick<OutsideContext, "commandId" | "signal" | "progress" | "note">,
): Promise<{ ran: RunValue; value: unknown }> {
  const { agent } = order;
  const { object, words: allowed, manifest } = readyAgent(reader, agent);
  const source = readObject(object);
  const words = readObject(allowed);
  if (!source || words === undefined)
    throw new Fault("agent.invalid", `The text of ${agent} is gone from logs/objects. Allow it again.`);
  const report = await run({ ...order, commandId, source, words, manifest, signal, progress });
  const ensures = manifest.ensures.map((skill) => ({ skill, held: isEnsured(reader, skill, report.commands) }));
  const told = { commands: report.commands.length, ensures, usage: report.usage };
  const waits = waitsFor(reader, report, ensures);
  note({ run: told, ...(report.reason && { why: report.reason }), ...(waits.length > 0 && { waits }) });
  if (waits.length > 0) throw new Fault("agent.waits", `${agent} waits for your answer. \`mh approvals\``);
  if (report.status !== "done") throw failure(agent, report);
  const unmet = ensures.filter(({ held }) => !held).map(({ skill }) => skill);
  if (unmet.length === 0) return { ran: { ...told, log: report.log }, value: report.value };
  const what = `${agent} came to its end, but the log does not hold what it must: ${unmet.join(", ")}`;
  throw new Fault("agent.unmet", `${what}. \`mh agent logs ${agent}\``);
}

/** An agent that may run now. Throws `agent.not-found`, `agent.paused`. */
export function readyAgent(reader: Database, name: string): Omit<AgentRow, "manifest"> & { manifest: AgentManifest } {
  const row = agentRow(reader, name);
  if (!row) throw new Fault("agent.not-found", `${name} has no leave to run. \`mh agent allow ${name}\` gives it.`);
  if (row.state === "paused")
    throw new Fault("agent.paused", `${name} is paused. \`mh agent resume ${name}\` lets it run again.`);
  return { ...row, manifest: JSON.parse(row.manifest) as AgentManifest };
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

/**
 * What a run waits for that did all it was to do but for the owner's answer: ids of the commands that are parked. One that
 * ended early did so at such a command; what went wrong after it is a failure.
 */
function waitsFor(db: Database, { status, commands }: RunReport, ensures: RunValue["ensures"]): string[] {
  const parked = commands.filter((id) => commandRow(db, id)?.status === "parked");
  const skills = new Set(parked.map((id) => skillName(commandRow(db, id)?.skill ?? "")));
  const unmet = ensures.filter(({ held }) => !held);
  if (unmet.length === 0 || !unmet.every(({ skill }) => skills.has(skill))) return [];
  const endedThere = status === "failed" && parked.at(-1) === commands.at(-1);
  return status === "done" || endedThere ? parked : [];
}

function failure(name: string, { status, reason, message: whole }: RunReport): Fault {
  const [message = ""] = whole.split("\n");
  if (reason === "stopped") return new Fault("stopped", message);
  const what = status === "killed" ? `${name} was ended (${reason}): ${message}` : `${name} failed: ${message}`;
  return new Fault("agent.failed", `${withDot(what)} \`mh agent logs ${name}\``);
}
