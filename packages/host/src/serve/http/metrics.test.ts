import type { JournalRecord } from "@mh/contract/values/record.ts";
import { expect, test } from "vitest";
import { makeMetrics } from "./metrics.ts";

const command = { v: 1, ts: "", hlc: "", boot: "", prev: "", hash: "", seq: 0, id: "1", argsHash: "a" } as const;
const record = (more: Partial<JournalRecord>): JournalRecord => ({
  ...command,
  phase: "outcome",
  principal: "owner",
  skill: "memory.list@1.0.0#0123456789abcdef",
  ...more,
});
const ran = { principal: "agent:brief", skill: "agent.run@1.0.0#0123456789abcdef" };

test("commands and runs are counted as the journal has them, and nothing that was typed becomes a label", async () => {
  const metrics = makeMetrics();
  const { argsHash: _hash, ...notUnderstood } = record({ skill: "made.up-by-somebody", outcome: { status: "failed" } });
  metrics.observe([
    record({ outcome: { status: "done" }, count: 40 }),
    record({ outcome: { status: "done" } }),
    record({ phase: "intent" }),
    record({ phase: "deny" }),
    record({ phase: "ask" }),
    notUnderstood,
    record({ ...ran, outcome: { status: "done" } }),
    record({ ...ran, outcome: { status: "failed" }, body: { why: "time" } }),
    record({ ...ran, outcome: { status: "failed" }, body: { why: "No such word as this" } }),
    record({ ...ran, phase: "deny" }),
  ]);
  const text = await metrics.registry.metrics();
  const counted = text.split("\n").filter((line) => /^mh_(commands|agent_runs)_total\{/.test(line));
  expect(counted.sort()).toEqual([
    'mh_agent_runs_total{agent="brief",end="denied"} 1',
    'mh_agent_runs_total{agent="brief",end="done"} 1',
    'mh_agent_runs_total{agent="brief",end="failed"} 1',
    'mh_agent_runs_total{agent="brief",end="time"} 1',
    'mh_commands_total{skill="agent.run",status="denied"} 1',
    'mh_commands_total{skill="agent.run",status="done"} 1',
    'mh_commands_total{skill="agent.run",status="failed"} 2',
    'mh_commands_total{skill="memory.list",status="denied"} 1',
    'mh_commands_total{skill="memory.list",status="done"} 41',
    'mh_commands_total{skill="memory.list",status="parked"} 1',
    'mh_commands_total{skill="unknown",status="failed"} 1',
  ]);
});
