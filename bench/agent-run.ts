// What of an agent's run is spent at the gate: the time from `Kernel.begin` to the outcome less that in the skills themselves, as a share of
// the run. What is durable waits for the disk there, so reads and writes are told apart.
import { Kernel } from "@mh/core/kernel/kernel.ts";
import type { Host } from "@mh/host/home/host.ts";
import { agentText, benchHome } from "./support/bench-home.ts";
import { median } from "./support/median.ts";

const actsPerRun = 40;
const runs = 10;
const loops = {
  reads: ["memory.search", `{ q: "the lake " + n }`],
  writes: ["memory.capture", `{ text: "Number " + n + " of " + agent.trigger.at }`],
} as const;

await using home = await benchHome();
for (let n = 0; n < 500; n += 1) await home.own("memory.capture", { text: `Walked along the lake, day ${n}` });
const spent = watchGate(home.host);

for (const [name, [skill, args]] of Object.entries(loops)) {
  const body = `for (let n = 0; n < ${actsPerRun}; n += 1) await agent.need("${skill}", ${args});`;
  await home.allow(name, agentText(name, '{ every: "1d" }', [skill], body));
  const figures: { share: number; channel: number; gateMs: number; runMs: number }[] = [];
  for (let n = 0; n < runs; n += 1) {
    spent.reset();
    const began = performance.now();
    await run(home.host, name, n);
    const runMs = performance.now() - began;
    const { actMs, skillMs } = spent.now();
    // The rest: starting and ending the worker, the channel, and the agent's own work.
    figures.push({
      ...{ share: (actMs - skillMs) / runMs, channel: 1 - actMs / runMs, runMs },
      gateMs: (actMs - skillMs) / actsPerRun,
    });
  }
  const of = (key: keyof (typeof figures)[number]) => median(figures.map((each) => each[key]));
  const told = { gateShare: of("share"), restShare: of("channel"), gateMsPerAct: of("gateMs"), runMs: of("runMs") };
  console.log(JSON.stringify({ bench: "gate in an agent's run", does: name, acts: actsPerRun, ...told }));
}

async function run(host: Host, agent: string, n: number): Promise<void> {
  const at = new Date().toISOString();
  const args = { agent, trigger: "owner", kind: "owner", slot: `${n}`, attempt: 1, at };
  const outcome = await host.act({ principal: `agent:${agent}`, skill: "agent.run", args });
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
}

/** Adds up, from outside, how long commands of agents took as a whole, and how long of that was in their skills. */
function watchGate(host: Host) {
  let [actMs, skillMs] = [0, 0];
  const begin = Kernel.prototype.begin;
  Kernel.prototype.begin = function (command) {
    const began = performance.now();
    const run = begin.call(this, command);
    const note = () => {
      if (command.skill !== "agent.run") actMs += performance.now() - began;
    };
    run.outcome.then(note, note);
    return run;
  };
  const parts = ["run", "prepare", "apply"] as const;
  for (const [skill] of Object.values(loops)) {
    const found = host.registry.get(skill) as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>;
    for (const part of parts) {
      const work = found[part];
      if (!work) continue;
      found[part] = (...args) => {
        const began = performance.now();
        const note = () => {
          skillMs += performance.now() - began;
        };
        const result = work(...args);
        if (result instanceof Promise) return result.finally(note);
        note();
        return result;
      };
    }
  }
  return {
    reset: () => {
      [actMs, skillMs] = [0, 0];
    },
    now: () => ({ actMs, skillMs }),
  };
}
