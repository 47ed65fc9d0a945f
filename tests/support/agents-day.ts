import * as fs from "node:fs";
import * as path from "node:path";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { DueRun } from "@mh/core/agents/scheduler/due.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { schedulerByHand } from "./scheduler-by-hand.ts";

const folder = path.join(import.meta.dirname, "../../brain/agents");

/** The text of an agent as it is shipped. */
export const shippedAgent = (name: string): string => fs.readFileSync(path.join(folder, `${name}.ts`), "utf8");

/** A home with shipped agents, whose scheduler looks when the test says so. */
export interface AgentsDay extends AsyncDisposable {
  home: TestHost;
  /** How each run ended, by agent. */
  ends: [agent: string, status: string, why: string][];
  troubles: string[];
  /** Moves the clock, looks once, and waits for what began. */
  look(iso: string): Promise<void>;
  /** Lines that the last run of an agent logged, after that it has begun. */
  said(agent: string): Promise<string[]>;
  reopen(): Promise<void>;
}

/** With these settings, and with these agents allowed. Nothing runs before the first look. */
export async function agentsDay(
  names: readonly string[],
  settings: (home: TestHost) => Record<string, unknown>,
  options: HostOptions = {},
): Promise<AgentsDay> {
  const agents = Object.fromEntries(names.map((name) => [name, shippedAgent(name)]));
  const home = await makeHost({ ...options, agents });
  const ends: AgentsDay["ends"] = [];
  const troubles: string[] = [];
  const listener = {
    onRun: ({ agent }: DueRun, outcome: Outcome) =>
      void ends.push([agent, outcome.status, outcome.status === "failed" ? outcome.fault.message : ""]),
    onTrouble: (why: unknown, agent?: string) => void troubles.push(`${agent}: ${why}`),
  };
  const text = JSON.stringify({ owner: "Ada", timeZone: "Europe/Berlin", ...settings(home) });
  await home.own("config.write", { text });
  for (const name of names) await home.own("agent.allow", { name });
  const { look, reopen, [Symbol.asyncDispose]: close } = schedulerByHand(home, listener);
  return {
    ...{ home, ends, troubles, look, reopen },
    async said(name) {
      const { runs } = await home.own("agent.log", { name });
      return (runs[0]?.lines ?? [])
        .filter(({ stream }) => stream === "log")
        .map(({ text }) => text)
        .slice(1);
    },
    [Symbol.asyncDispose]: close,
  };
}

/** What a home remembers under a tag. */
export const memoriesOf = async (home: TestHost, tag: string): Promise<MemoryRecord[]> =>
  (await home.own<{ memories: MemoryRecord[] }>("memory.list", {})).memories.filter(({ tags }) => tags.includes(tag));
