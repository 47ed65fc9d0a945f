import { Fault } from "@mh/core/model/fault.ts";
import { visible } from "@mh/core/model/visible.ts";
import { codeFolder, homeFolder } from "@mh/host/places.ts";
import { type Context, Exit, exitCodes, faultExitCode } from "./command.ts";
import { commands } from "./commands/index.ts";
import { makePrinter, type Printer, table } from "./print.ts";

const version = "0.1.0";

const globalHelp = `  --home FOLDER   the home to work in (else MH_HOME, else the checkout)
  --json          results as JSON
  -q, --quiet     results only
  --version       the version
  --help          this, or a command's own help`;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const { rest, home, json, quiet } = globalOptions(argv);
  const print = makePrinter({ json, quiet });
  const [name] = rest;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    const [, topic] = rest;
    if (name === "help" && topic) return main([topic, "--help"]);
    print.line(helpText());
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  if (name === "--version") {
    print.line(version);
    return exitCodes.done;
  }
  try {
    return await run(name, rest.slice(1), print, home);
  } catch (error) {
    return explain(error, print);
  }
}

async function run(name: string, args: readonly string[], print: Printer, home: string | undefined): Promise<number> {
  const listed = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!listed) throw new Fault("usage", `There is no command ${name}. \`mh --help\` lists them.`);
  const environment = process.env;
  const codeRoot = codeFolder(import.meta.dirname);
  const root = homeFolder(home, environment, codeRoot);
  if (name === "status" && !args.some((arg) => arg === "--help" || arg === "-h")) {
    // The one command that people run all day, and scripts every second: it starts without the option parser.
    const { showStatus } = await import("./commands/status.ts");
    return showStatus({ root, print }, args);
  }
  const interrupt = new AbortController();
  process.on("SIGINT", () => {
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
    interrupt.abort();
  });
  const context: Context = {
    print,
    root,
    codeRoot,
    environment,
    signal: interrupt.signal,
    connect: async ({ make = false } = {}) => {
      const { connect, makeHome } = await import("./connect.ts");
      if (make) await makeHome({ root, codeRoot, environment }, print);
      return connect(root, print);
    },
  };
  const [{ runParsed }, { command }] = await Promise.all([import("./parser.ts"), listed.load()]);
  return runParsed({ name, summary: listed.summary, command, args, context });
}

/** Global options may stand anywhere before `--`. */
function globalOptions(argv: readonly string[]) {
  const rest: string[] = [];
  let home: string | undefined;
  let json = false;
  let quiet = false;
  for (let n = 0; n < argv.length; n += 1) {
    const arg = argv[n] as string;
    if (arg === "--") {
      rest.push(...argv.slice(n));
      break;
    }
    if (arg === "--json") json = true;
    else if (arg === "--quiet" || arg === "-q") quiet = true;
    else if (arg.startsWith("--home=")) home = arg.slice("--home=".length);
    else if (arg === "--home") home = argv[++n];
    else rest.push(arg);
  }
  return { rest, home, json, quiet };
}

function explain(error: unknown, print: Printer): number {
  if (error instanceof Exit) return error.code;
  if (error instanceof Fault) {
    if (print.isJson) print.json({ fault: { code: error.code, message: error.message } });
    print.error(`mh: ${visible(error.message, { multiline: true })}`);
    return faultExitCode(error);
  }
  // Commander has said what was wrong; help and version are not errors.
  const code = (error as { code?: string; exitCode?: number }).code ?? "";
  if (code.startsWith("commander."))
    return (error as { exitCode: number }).exitCode === 0 ? exitCodes.done : exitCodes.usage;
  print.error(`mh: something went wrong inside: ${visible(String((error as Error)?.message ?? error))}`);
  print.error("Nothing that was acknowledged is lost. MH_DEBUG=1 shows where it happened.");
  if (process.env.MH_DEBUG) print.error((error as Error)?.stack ?? "");
  return exitCodes.failed;
}

function helpText(): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => [`  ${name}`, summary]);
  const example = 'Example: mh capture "Met with Sarah about the ML project"';
  return `mh: your memory, your agents, one gate.\n\nUsage: mh COMMAND [options]\n\n${table(rows, 80)}\n\n${globalHelp}\n\n${example}`;
}
