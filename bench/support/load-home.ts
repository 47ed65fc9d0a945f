import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** A home with a model, a chat that may use the usual skills, and an agent `counter` that may run: what `load` asks of. */
export function prepareHome(
  root: string,
  env: NodeJS.ProcessEnv,
  { mh, modelUrl }: { mh: readonly string[]; modelUrl: string },
): void {
  const run = (...args: string[]) => {
    const [program = "", ...rest] = mh;
    const { status, stdout, stderr } = spawnSync(program, [...rest, "--home", root, ...args], {
      env,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`mh ${args.join(" ")}: ${stdout}${stderr}`);
  };
  run("init", "--yes");
  const models = { use: [{ name: "local", kind: "ollama", model: "scripted", url: modelUrl }] };
  fs.appendFileSync(path.join(root, "config.yaml"), `\ndaemon:\n  port: 0\nmodels: ${JSON.stringify(models)}\n`);
  run("review", "--adopt");
  run("act", "chat.allow", "{}");
  const agents = path.join(root, "brain", "agents");
  fs.mkdirSync(agents, { recursive: true });
  fs.writeFileSync(path.join(agents, "counter.ts"), counter);
  run("agent", "allow", "counter", "--yes");
}

const counter = `import { defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "counter",
  title: "Counts the open tasks",
  triggers: [{ cron: "0 0 1 1 *" }],
  may: ["task.list", "memory.capture", "memory.forget"],
  ensures: ["task.list"],
  async run(agent) {
    const { tasks } = await agent.need("task.list", {});
    await agent.need("memory.capture", { text: "Counted on " + agent.trigger.at + ": " + tasks.length + " tasks" });
  },
});
`;
