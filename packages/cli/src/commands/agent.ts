import type { AgentView, RunText } from "@mh/contract/values/agent.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { triggerWords } from "../agent-words.ts";
import { actOnce, actUnlocked, type CommandModule, type Context, Exit, explainEnd, valueFrom } from "../command.ts";
import type { Client } from "../connect.ts";
import { consent } from "../consent.ts";
import { counted } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { hang, shortId, table, wrap } from "../print.ts";
import { shareRun, traceRun } from "../run-view.ts";

export const command: CommandModule = {
  uses: [
    ...["agent.list", "agent.show", "agent.allow", "agent.pause", "agent.resume", "agent.stop", "agent.run"],
    ...["agent.log", "run.show", "run.export"],
  ],
  build(parser, context) {
    parser.addHelpText(
      "after",
      "\nExamples:\n  mh agent list\n  mh agent allow morning-brief\n  mh agent run morning-brief",
    );
    parser
      .command("list", { isDefault: true })
      .description("Agents: which there are, which are on, when they run.")
      .addHelpText("after", "\nExample:\n  mh agent list")
      .action(() => list(context));
    parser
      .command("show <name>")
      .description("One agent: what it does, what it may, its last runs.")
      .addHelpText("after", "\nExample:\n  mh agent show morning-brief")
      .action((name: string) => show(context, name));
    parser
      .command("allow <name>")
      .description("Let an agent run, and use what it asks for.")
      .option("--yes", "do not show what it asks for and ask again")
      .addHelpText("after", "\nExample:\n  mh agent allow morning-brief")
      .action((name: string, { yes }: { yes?: boolean }) => allow(context, name, yes ?? false));
    parser
      .command("run <name>")
      .description("Run an agent now, and wait for its end.")
      .addHelpText("after", "\nExample:\n  mh agent run morning-brief")
      .action((name: string) => run(context, name));
    const verbs = [
      ["pause", "agent.pause", "Let an agent rest: no new run, and the one under way stands still."],
      ["resume", "agent.resume", "Let an agent go on."],
      ["stop", "agent.stop", "End the run that is under way."],
    ] as const;
    for (const [verb, skill, description] of verbs) {
      parser
        .command(`${verb} <name>`)
        .description(description)
        .addHelpText("after", `\nExample:\n  mh agent ${verb} morning-brief`)
        .action((name: string) => control(context, skill, name));
    }
    parser
      .command("logs <name>")
      .description("What an agent's last runs said and did.")
      .option("-n <number>", "how many runs", wholeNumber(1, 50), 1)
      .addHelpText("after", "\nExample:\n  mh agent logs morning-brief -n 3")
      .action((name: string, { n }: { n: number }) => logs(context, name, n));
    parser
      .command("trace <run>")
      .description("One run as a tree, with when each step was and what made it take as long.")
      .addHelpText("after", "\nExample:\n  mh agent trace 7f3a90c1")
      .action((id: string) => traceRun(context, id));
    parser
      .command("share <run>")
      .description("One run as an HTML file to give away, without anybody's words, names or places.")
      .option("--out <file>", "where to write it; printed without it")
      .addHelpText("after", "\nExample:\n  mh agent share 7f3a90c1 --out run.html")
      .action((id: string, { out }: { out?: string }) => shareRun(context, id, out));
  },
};

async function list(context: Context): Promise<void> {
  const { print } = context;
  const { agents } = await actOnce(context, "agent.list", {});
  if (print.isJson) return print.json({ agents });
  if (agents.length === 0) return print.line("No agents. brain/agents is where they live, one file each.");
  const rows = agents.map((agent) => [
    visible(agent.name),
    stateText(context, agent),
    agent.nextMs === null ? "" : print.moment(agent.nextMs),
    visible(agent.title),
  ]);
  print.page();
  print.line(table(rows, print.width, { head: ["agent", "state", "next", "what it does"].map(print.color.dim) }));
  const waiting = agents.filter(({ state }) => state === "waiting" || state === "changed");
  if (waiting[0])
    print.note(`${counted(waiting.length, "agent")} wait for your permission: mh agent allow ${waiting[0].name}`);
}

function stateText({ print }: Context, { state, isRunning, last, fault }: AgentView): string {
  const { green, yellow, red } = print.color;
  if (isRunning) return state === "paused" ? yellow("suspended") : green("running");
  if (fault !== null) return red("broken");
  if (state === "on" && last && (last.status === "failed" || last.status === "interrupted"))
    return yellow(`on, ${last.status}`);
  return state === "on" ? green("on") : state === "waiting" ? "off" : yellow(state);
}

async function show(context: Context, name: string): Promise<void> {
  const { print } = context;
  const { agent, runs } = await actOnce(context, "agent.show", { name });
  if (print.isJson) return print.json({ agent, runs });
  tell(context, agent);
  if (runs.length > 0) print.line(`\n${print.color.bold("Last runs")}`);
  const rows = runs
    .slice(0, 10)
    .map((run) => [
      shortId(run.id),
      print.moment(run.begun_ms),
      run.status,
      run.ended_ms === null ? "" : `${((run.ended_ms - run.begun_ms) / 1000).toFixed(1)} s`,
      [visible(run.trigger), run.attempt > 1 && `try ${run.attempt}`, run.fault].filter(Boolean).join(", "),
    ]);
  if (rows.length > 0) print.line(table(rows, print.width));
}

function tell({ print }: Context, agent: AgentView): void {
  const say = (label: string, text: string) =>
    print.line(hang(`${print.color.dim(label.padEnd(10))} `, text, print.width));
  print.line(print.color.bold(visible(agent.name)));
  print.line(wrap(visible(agent.title), print.width));
  say("state", agent.state + (agent.isShipped ? ", came with mh" : ""));
  say("runs", agent.triggers.map(triggerWords).join("; ") || "when you say so");
  if (agent.nextMs !== null) say("next", print.moment(agent.nextMs));
  say("may", names(agent.may));
  say("must", names(agent.ensures));
  if (agent.asksFor.length > 0) say("asks for", print.color.yellow(names(agent.asksFor)));
  if (agent.fault !== null) say("fault", print.color.red(visible(agent.fault)));
  if (agent.path !== null) say("file", visible(agent.path));
}

const names = (list: readonly string[]): string => visible(list.join(", "));

async function allow(context: Context, name: string, isDecided: boolean): Promise<void> {
  const { print } = context;
  const { agent } = await actOnce(context, "agent.show", { name }, { make: true });
  if (!isDecided && !agent.fault) await ask(context, agent);
  const shown = agent.hash && !agent.fault ? { hash: agent.hash, may: agent.may } : {};
  const value = await actOnce(context, "agent.allow", { name, ...shown });
  if (print.isJson) return print.json(value);
  print.line(
    wrap(`${visible(name)} is on. It runs while mh is up; \`mh agent run ${visible(name)}\` runs it now.`, print.width),
  );
}

function ask(context: Context, agent: AgentView): Promise<void> {
  const { print } = context;
  return consent(context, {
    tell: () => {
      tell(context, agent);
      if (!print.canAsk) return;
      print.note("Your rules and its trust hold for each of these; what sends, spends or deletes still asks you.");
    },
    question: "Let it run?",
    later: `mh agent allow ${agent.name} --yes`,
    isDecided: false,
  });
}

async function run(context: Context, name: string): Promise<void> {
  const { print } = context;
  await using client = await context.connect();
  const { v7 } = await import("uuid");
  const at = new Date().toISOString();
  const args = { agent: name, trigger: "owner", kind: "owner" as const, slot: v7(), attempt: 1, at };
  const options = { as: `agent:${name}`, doing: `${visible(name)} is at work` };
  const outcome = await actUnlocked(context, client, "agent.run", args, options);
  if (outcome.status === "denied") await mustBeThere(context, client, name);
  if (outcome.status === "denied" || outcome.status === "parked") throw new Exit(explainEnd(print, outcome));
  if (!print.isJson) await tellRun(context, client, name, at);
  const value = valueFrom(context, outcome);
  if (print.isJson) return print.json(value);
  print.line(`Done: ${counted(value.commands, "command")} in ${(value.usage.ms / 1000).toFixed(1)} s.`);
}

/** The gate denies an agent that is not allowed; the owner wants to know whether there is such an agent, and what to do. */
async function mustBeThere(context: Context, client: Pick<Client, "act">, name: string): Promise<void> {
  const { agent } = valueFrom(context, await client.act("agent.show", { name }));
  if (agent.state === "waiting")
    context.print.note(`${visible(name)} has no leave to run yet: mh agent allow ${visible(name)}`);
}

/** What the run said that began at `at` or later: one that never began wrote nothing, and the one before is not meant. */
async function tellRun(context: Context, client: Pick<Client, "act">, name: string, at: string): Promise<void> {
  const { runs } = valueFrom(context, await client.act("agent.log", { name, runs: 1 }));
  for (const { lines } of runs) if (lines[0] && lines[0].at >= at) tellLines(context, lines.slice(1, -1));
}

function tellLines({ print }: Context, lines: RunText["lines"]): void {
  const { dim, red } = print.color;
  for (const { at, stream, text } of lines) {
    const label = `${dim(new Date(at).toLocaleTimeString("sv-SE"))}  ${dim(stream.padEnd(3))}  `;
    const said = visible(withoutFrames(text), { multiline: true });
    print.line(hang(label, stream === "err" ? red(said) : said, print.width));
  }
}

/** Of an error's stack, the places in the agent's own file. */
const withoutFrames = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !/^\s+at /.test(line) || line.includes("mh:agent-file"))
    .join("\n");

async function control(context: Context, skill: string, name: string): Promise<void> {
  const { print } = context;
  const value = await actOnce<{ wasRunning?: boolean; state?: string }>(context, skill, { name });
  if (print.isJson) return print.json(value);
  if (skill === "agent.stop") return print.line(value.wasRunning ? `Ended: ${name}.` : `${name} does not run now.`);
  print.line(value.state === "paused" ? `${name} rests. \`mh agent resume ${name}\` wakes it.` : `${name} is on.`);
}

async function logs(context: Context, name: string, count: number): Promise<void> {
  const { print } = context;
  await using client = await context.connect();
  const { runs } = valueFrom(context, await client.act("agent.log", { name, runs: count }));
  if (runs.length === 0) await mustBeThere(context, client, name);
  if (print.isJson) return print.json({ runs });
  if (runs.length === 0) return print.line(`${visible(name)} never ran.`);
  print.page();
  for (const { file, lines } of runs) {
    print.line(print.color.bold(file));
    tellLines(context, lines);
  }
}
