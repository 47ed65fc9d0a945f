// One look of the scheduler at 100 agents of which none is due, and what it costs of a processor that looks every 15 s;
// against a look where there is one agent.
import { agentText, benchHome } from "./support/bench-home.ts";
import { median, quantile } from "./support/median.ts";

const looks = 200;
const triggers = ['{ cron: "0 7 * * *" }', '{ every: "6h" }', '{ event: "mail.**" }', '{ idle: "12h" }'];

const p50 = new Map<number, number>();
for (const count of [1, 100]) {
  await using home = await benchHome();
  for (let n = 0; n < count; n += 1) {
    const name = `agent-${n}`;
    await home.allow(name, agentText(name, triggers[n % triggers.length] ?? "", ["memory.list"], ""));
  }
  let begun = 0;
  const onRun = () => {
    begun += 1;
  };
  await using scheduler = home.host.schedule({ onTrouble: (why) => fail(String(why)), onRun });
  const times: number[] = [];
  for (let n = 0; n < looks; n += 1) {
    const start = performance.now();
    await scheduler.tick();
    if (n >= looks / 4) times.push(performance.now() - start);
  }
  await scheduler.settled();
  p50.set(count, median(times));
  const figures = { p50Ms: median(times), p95Ms: quantile(times, 0.95), ratioToOne: median(times) / (p50.get(1) ?? 1) };
  const cpuShare = median(times) / 15_000;
  console.log(JSON.stringify({ bench: "scheduler tick", agents: count, ...figures, cpuShare, begun }));
}

function fail(why: string): never {
  throw new Error(why);
}
