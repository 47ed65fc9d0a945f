import { Fault } from "@mh/core/model/fault.ts";
import { visible } from "@mh/core/model/visible.ts";
import { codeFolder, homeFolder, ownerZone } from "@mh/host/places.ts";
import type { Context } from "./command.ts";
import { commands } from "./commands/index.ts";
import { Exit, exitCodes, faultExitCode } from "./exit.ts";
import { globalOptions, type Invocation } from "./global-options.ts";
import { overview } from "./help/overview.ts";
import { makePrinter, type Printer } from "./printer.ts";
import { version } from "./version.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const invocation = globalOptions(argv);
  const interrupt = new AbortController();
  const print = makePrinter({ ...invocation, onQuit: () => interrupt.abort(enough) });
  let code: number;
  try {
    code = await run(invocation, print, interrupt);
  } catch (error) {
    await print.end();
    return explain(error, print);
  }
  await print.end();
  return code;
}

/** Why the work is aborted where the reader of a long list has seen enough: that is a good end. */
const enough = "enough";

async function run(invocation: Invocation, print: Printer, interrupt: AbortController): Promise<number> {
  const { rest, home, isHomeMissing } = invocation;
  const [name, ...args] = rest;
  if (isHomeMissing) throw new Fault("usage", "--home names a folder, as in --home ~/mh.");
  const isHelp = name === undefined || name === "--help" || name === "-h" || (name === "help" && args.length === 0);
  if (isHelp && !print.isJson) {
    print.page();
    print.line(overview(commands, print.color.bold));
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  if (name === "--version") {
    if (print.isJson) print.json({ version });
    else print.line(version);
    return exitCodes.done;
  }
  const environment = process.env;
  const codeRoot = codeFolder(import.meta.dirname);
  const root = homeFolder(home, environment, codeRoot);
  // Times are told, and days begin, where the owner lives: whatever asks this process for its zone gets that one.
  const zone = ownerZone(root);
  if (zone) process.env.TZ = zone;
  if (name === "status" && !args.some((arg) => arg === "--help" || arg === "-h")) {
    // The one command that people run all day, and scripts every second: it starts without the option parser.
    const { showStatus } = await import("./commands/status.ts");
    return showStatus({ root, print }, args);
  }
  process.on("SIGINT", () => {
    // A pager has its own way of ending.
    if (interrupt.signal.aborted && !print.isPaging) process.exit(exitCodes.interrupted);
    interrupt.abort();
  });
  const { signal } = interrupt;
  const context: Context = {
    print,
    root,
    codeRoot,
    environment,
    commands,
    signal,
    connect: async ({ make = false } = {}) => {
      const { connect, makeHome } = await import("./connect.ts");
      if (make) await makeHome({ root, codeRoot, environment }, print);
      return connect(root, print);
    },
  };
  const { runCommand } = await import("./parser.ts");
  const code = await runCommand(isHelp ? "help" : name, args, context);
  return signal.aborted && signal.reason !== enough ? exitCodes.interrupted : code;
}

function explain(error: unknown, print: Printer): number {
  if (error instanceof Exit) return error.code;
  if (error instanceof Fault) {
    if (print.isJson) print.json({ fault: { code: error.code, message: error.message } });
    print.error(`mh: ${visible(error.message, { multiline: true })}`);
    return faultExitCode(error);
  }
  const { code = "", exitCode, message = String(error), stack } = error as Error & { code?: string; exitCode?: number };
  if (code.startsWith("commander.")) {
    // Help is no error; anything else commander has put into words already.
    if (exitCode === 0) return exitCodes.done;
    if (print.isJson) print.json({ fault: { code: "usage", message: message.replace(/^error: /, "") } });
    return exitCodes.usage;
  }
  if (print.isJson) print.json({ fault: { code: "internal", message } });
  print.error(`mh: something went wrong inside: ${visible(message)}`);
  print.error("Nothing that was acknowledged is lost. MH_DEBUG=1 shows where it happened.");
  if (process.env.MH_DEBUG) print.error(stack ?? "");
  return exitCodes.failed;
}
