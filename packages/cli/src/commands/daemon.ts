import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context, Exit, exitCodes } from "../command.ts";
import { wholeNumber } from "../options.ts";
import { table } from "../print.ts";
import { tellReport } from "./up.ts";

export const command: CommandModule = {
  uses: ["agent.list", "secret.list", "secret.unlock"],
  build(parser, context) {
    parser.addHelpText("after", "\nExamples:\n  mh daemon start\n  mh daemon status\n  mh daemon install");
    parser
      .command("status", { isDefault: true })
      .description("Whether it runs, and what it does next.")
      .addHelpText("after", "\nExample:\n  mh daemon status")
      .action(() => status(context));
    parser
      .command("start")
      .description("Start it in the background.")
      .addHelpText("after", "\nExample:\n  mh daemon start")
      .action(() => start(context));
    parser
      .command("stop")
      .description("End it; what runs is ended and goes on at the next start.")
      .addHelpText("after", "\nExample:\n  mh daemon stop")
      .action(() => stop(context));
    parser
      .command("token")
      .description("Show its token, for programs of yours: it may do all that you may.")
      .addHelpText("after", "\nExample:\n  mh daemon token")
      .action(() => showToken(context));
    parser
      .command("logs")
      .description("What it did: starts, runs, trouble.")
      .option("-n <number>", "how many lines", wholeNumber(1, 100_000), 20)
      .addHelpText("after", "\nExample:\n  mh daemon logs -n 50")
      .action(({ n }: { n: number }) => logs(context, n));
    parser
      .command("install")
      .description("Have systemd or launchd start it when you log in.")
      .option("--print", "show the file instead of writing it")
      .addHelpText("after", "\nExample:\n  mh daemon install")
      .action(({ print }: { print?: boolean }) => install(context, print ?? false));
    parser
      .command("uninstall")
      .description("Take that file away again.")
      .addHelpText("after", "\nExample:\n  mh daemon uninstall")
      .action(() => uninstall(context));
    parser
      .command("run")
      .description("Be the daemon: what start and the service manager run.")
      .addHelpText("after", "\nExample:\n  mh daemon run")
      .action(async () => {
        const { runInBackground } = await import("../daemon-run.ts");
        await runInBackground(context);
      });
  },
};

async function start(context: Context): Promise<void> {
  const { findDaemon } = await import("@mh/host/daemon/daemon-file.ts");
  const { print, root } = context;
  const running = findDaemon(root);
  if (running) {
    if (print.isJson) return print.json(running);
    return print.line(`It runs already, since ${print.moment(running.startedAt)} (process ${running.pid}).`);
  }
  const { makeHome } = await import("../connect.ts");
  const isNew = await makeHome(context, print);
  const { startInBackground } = await import("@mh/host/daemon/background.ts");
  const report = await startInBackground(root, mhFile());
  tellReport(context, report, isNew);
  if (report.secretsLocked === null || !print.canAsk) return;
  const { unlock } = await import("../unlock.ts");
  await using client = await context.connect();
  await unlock(context, client);
}

async function stop({ print, root }: Context): Promise<void> {
  const { stopDaemon } = await import("@mh/host/daemon/background.ts");
  const wasRunning = await stopDaemon(root, 10_000);
  if (print.isJson) return print.json({ wasRunning });
  print.line(wasRunning ? "Ended." : "No daemon runs here.");
}

async function showToken({ print, root, environment }: Context): Promise<void> {
  const { runningToken } = await import("@mh/host/daemon/open-page.ts");
  const token = runningToken(root, environment);
  if (print.isJson) return print.json({ token });
  print.line(token);
}

async function status(context: Context): Promise<void> {
  const { print, root } = context;
  const { findDaemon } = await import("@mh/host/daemon/daemon-file.ts");
  const facts = findDaemon(root);
  if (!facts) {
    if (print.isJson) print.json({ running: false });
    else print.line("No daemon runs here. `mh daemon start` starts one, `mh up` in this terminal.");
    throw new Exit(exitCodes.failed);
  }
  const { agents } = await actOnce(context, "agent.list", {});
  if (print.isJson) return print.json({ running: true, ...facts, agents });
  print.line(`Up since ${print.moment(facts.startedAt)}, process ${facts.pid}, ${facts.url}`);
  const rows = agents
    .filter(({ state }) => state === "on" || state === "changed")
    .map((agent) => [
      visible(agent.name),
      agent.isRunning ? "running" : agent.nextMs === null ? "" : `next ${print.moment(agent.nextMs)}`,
      agent.last ? `last ${print.moment(agent.last.begun_ms)}: ${agent.last.status}` : "never ran",
    ]);
  print.line(rows.length > 0 ? table(rows, print.width) : "No agent is on. `mh agent list` shows which there are.");
}

async function logs({ print, root, environment }: Context, count: number): Promise<void> {
  const [{ readDaemonLog }, { homeDisk }] = await Promise.all([
    import("@mh/host/daemon/read-daemon-log.ts"),
    import("@mh/host/encryption/home-disk.ts"),
  ]);
  const lines = readDaemonLog(root, count, homeDisk(root, environment).cipher);
  print.page();
  for (const line of lines) {
    if (print.isJson) print.json(line);
    else print.line(logLine(print, line));
  }
  if (lines.length === 0 && !print.isJson) print.line("No daemon has run here yet.");
}

function logLine({ moment, color }: Context["print"], line: Record<string, unknown>): string {
  const { time, level, msg, pid: _pid, ...more } = line;
  const facts = Object.entries(more).map(([name, value]) => `${name}=${visible(String(value))}`);
  const text = visible(String(msg));
  const loud = Number(level) >= 40 ? color.yellow(text) : text;
  return `${color.dim(moment(String(time)))}  ${loud}  ${color.dim(facts.join(" "))}`;
}

async function install(context: Context, isShown: boolean): Promise<void> {
  const { print, root } = context;
  const { writeServiceFile } = await import("@mh/host/daemon/service-file.ts");
  const file = await service(context);
  if (isShown) return print.isJson ? print.json(file) : print.line(file.text.trimEnd());
  const { makeHome } = await import("../connect.ts");
  await makeHome(context, print);
  writeServiceFile(file);
  if (print.isJson) return print.json(file);
  print.line(`Written: ${file.path}`);
  print.line(`For ${root}. Next:\n  ${file.enable}`);
}

async function uninstall(context: Context): Promise<void> {
  const { print } = context;
  const { removeServiceFile } = await import("@mh/host/daemon/service-file.ts");
  const file = await service(context);
  const wasThere = removeServiceFile(file);
  if (print.isJson) return print.json({ path: file.path, wasThere });
  print.line(
    wasThere ? `Removed: ${file.path}. Where it is loaded still:\n  ${file.disable}` : `There is no ${file.path}.`,
  );
}

/** Where mh looks, and what `bin/mh` sets so that memory goes back to the machine. */
const keptByService = /^(?:XDG_CONFIG_HOME|MALLOC_ARENA_MAX|MALLOC_(?:MMAP|TRIM)_THRESHOLD_)$/;

async function service({ root, environment }: Context) {
  const { serviceFile } = await import("@mh/host/daemon/service-file.ts");
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value && keptByService.test(name) ? [[name, value] as const] : [],
  );
  const facts = { node: process.execPath, mh: mhFile(), root, environment: Object.fromEntries(kept) };
  return serviceFile(facts, process.platform, environment.HOME);
}

const mhFile = (): string => process.argv[1] ?? "mh";
