import type { Outcome } from "@mh/contract/wire/command.ts";
import type { DueRun } from "@mh/core/agents/scheduler/due.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { expect } from "vitest";
import { schedulerByHand } from "./scheduler-by-hand.ts";

interface Declared {
  triggers?: string;
  may?: string[];
  ensures?: string[];
  more?: string;
}

/** An agent's file with the body of its `run`. */
export const agentFile = (name: string, body: string, { triggers, may, ensures, more = "" }: Declared = {}): string => `
import { type AgentContext, defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "${name}", title: "Tries things", triggers: ${triggers ?? '[{ cron: "0 7 * * *" }]'},
  may: ${JSON.stringify(may ?? ["memory.capture"])}, ensures: ${JSON.stringify(ensures ?? [may?.[0] ?? "memory.capture"])}, ${more}
  async run(agent: AgentContext) { ${body} },
});`;

/** The body of a run that captures one memory: for which time it runs. */
export const capturing = 'await agent.need("memory.capture", { text: "Run for " + agent.trigger.at });';

interface Begun {
  due: DueRun;
  outcome: Outcome;
}

/** A home whose scheduler looks when the test says so. */
export async function scheduled(options: HostOptions & { allow?: string[] } = {}) {
  const home = await makeHost(options);
  const runs: Begun[] = [];
  const troubles: string[] = [];
  const listener = {
    onRun: (due: DueRun, outcome: Outcome) => void runs.push({ due, outcome }),
    onTrouble: (why: unknown, agent?: string) =>
      void troubles.push(`${agent ?? "all"}: ${why instanceof Error ? why.message : why}`),
  };
  for (const name of options.allow ?? Object.keys(options.agents ?? {})) await home.own("agent.allow", { name });
  return {
    ...{ home, runs, troubles },
    ...schedulerByHand(home, listener),
    /** Fault or status of each agent's last run that has ended. */
    ends: () =>
      Object.fromEntries(
        runs.map(({ due, outcome }) => [due.agent, outcome.status === "failed" ? outcome.fault.code : outcome.status]),
      ),
    /** Waits until so many runs stand in the log. */
    begun: (count: number) =>
      expect
        .poll(async () => {
          const { agents } = await home.own("agent.list", {});
          return agents.filter(({ last }) => last !== null).length;
        })
        .toBe(count),
    runNow(name: string) {
      const args = { agent: name, trigger: "owner", kind: "owner", slot: "1", attempt: 1, at: "2026-03-03T06:00:00Z" };
      return home.act(`agent:${name}`, "agent.run", args);
    },
  };
}

/** What the home remembers, sorted. */
export const texts = async (home: TestHost): Promise<string[]> => {
  const { memories } = await home.own<{ memories: { content: string }[] }>("memory.list", {});
  return memories.map(({ content }) => content).sort();
};
