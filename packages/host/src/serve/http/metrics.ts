import type { JournalRecord } from "@mh/contract/values/record.ts";
import { skillName } from "@mh/core/kernel/registry.ts";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What the daemon counts. Names of skills and agents, never what they were given. */
export interface Metrics {
  registry: Registry;
  /** For `OpenOptions.onRecords`: every command of everybody, and every run of an agent, as the journal has it. */
  observe(records: readonly JournalRecord[]): void;
  /** How long a command took from its request to its answer. */
  took(skill: string, seconds: number): void;
  answered(route: string, status: number): void;
  sent(events: number): void;
  readers(change: 1 | -1): void;
}

// Looking at the event loop a hundred times a second, which is usual, would keep a laptop awake. What it is late by right
// now is measured all the same, whenever somebody asks.
const eventLoopMonitoringPrecision = 3_600_000;
const lagsOverTime = ["min", "max", "mean", "stddev", "p50", "p90", "p99"];

export function makeMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision });
  for (const each of lagsOverTime) registry.removeSingleMetric(`nodejs_eventloop_lag_${each}_seconds`);
  const commands = new Counter({
    name: "mh_commands_total",
    help: "Commands by skill and by how they ended",
    labelNames: ["skill", "status"],
    registers,
  });
  const runs = new Counter({
    name: "mh_agent_runs_total",
    help: "Runs by agent and by how they ended",
    labelNames: ["agent", "end"],
    registers,
  });
  const seconds = new Histogram({
    name: "mh_command_seconds",
    help: "From the request for a command to its answer, over HTTP",
    labelNames: ["skill"],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100],
    registers,
  });
  const answers = new Counter({
    name: "mh_http_answers_total",
    help: "Answers by route and status",
    labelNames: ["route", "status"],
    registers,
  });
  const events = new Counter({ name: "mh_events_sent_total", help: "Events sent to readers", registers });
  const readers = new Gauge({ name: "mh_event_readers", help: "Readers of events that are connected", registers });
  return {
    registry,
    observe(records) {
      for (const record of records) {
        const status = endOf(record);
        if (!status) continue;
        const skill = skillOf(record);
        commands.inc({ skill, status }, record.count ?? 1);
        if (skill === "agent.run")
          runs.inc({ agent: record.principal.replace(/^agent:/, ""), end: endOfRun(record, status) });
      }
    },
    took: (skill, time) => seconds.observe({ skill }, time),
    answered: (route, status) => answers.inc({ route, status: String(status) }),
    sent: (count) => events.inc(count),
    readers: (change) => readers.inc(change),
  };
}

function endOf({ phase, outcome }: JournalRecord): string | undefined {
  if (phase === "outcome") return outcome?.status;
  if (phase === "deny") return "denied";
  return phase === "ask" ? "parked" : undefined;
}

/** Only a command that was understood names a skill that there is; what else was typed must not become a label. */
function skillOf({ skill, argsHash }: JournalRecord): string {
  return skill !== undefined && argsHash !== undefined ? skillName(skill) : "unknown";
}

/** Killed for its time or memory, stopped by its owner: the record says why, where it was not the agent's own end. */
function endOfRun({ body }: JournalRecord, status: string): string {
  return typeof body?.why === "string" && /^[a-z-]{1,32}$/.test(body.why) ? body.why : status;
}
