import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

export interface HomeOptions {
  mh: readonly string[];
  modelUrl: string;
  /** Agents that come with mh and are let run, beside one of the load's own. */
  agents?: readonly string[];
}

/**
 * A home with a model, a chat that may use the usual skills, a phone, a program, and an agent `counter` that runs every minute:
 * what `load` asks of. Gives the tokens.
 */
export function prepareHome(
  root: string,
  env: NodeJS.ProcessEnv,
  { mh, modelUrl, agents = [] }: HomeOptions,
): { phone: string; program: string } {
  const run = (...args: string[]) => {
    const [program = "", ...rest] = mh;
    const { status, stdout, stderr } = spawnSync(program, [...rest, "--home", root, ...args], {
      env,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`mh ${args.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  };
  run("init", "--yes");
  const models = { use: [{ name: "local", kind: "ollama", model: "scripted", url: modelUrl }] };
  fs.appendFileSync(path.join(root, "config.yaml"), `\ndaemon:\n  port: 0\nmodels: ${JSON.stringify(models)}\n`);
  run("review", "--adopt");
  run("act", "chat.allow", "{}");
  const folder = path.join(root, "brain", "agents");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "counter.ts"), counter);
  for (const name of ["counter", ...agents]) run("agent", "allow", name, "--yes");
  const tokenOf = (...args: string[]) => (JSON.parse(run(...args, "--json")) as { token: string }).token;
  return { phone: tokenOf("device", "add", "phone"), program: tokenOf("mcp", "client", "add", "claude", "--yes") };
}

const counter = `import { defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "counter",
  title: "Counts the open tasks",
  triggers: [{ cron: "* * * * *" }],
  may: ["task.list", "memory.capture", "memory.forget"],
  ensures: ["task.list"],
  async run(agent) {
    const { tasks } = await agent.need("task.list", {});
    await agent.need("memory.capture", { text: "Counted on " + agent.trigger.at + ": " + tasks.length + " tasks" });
  },
});
`;
