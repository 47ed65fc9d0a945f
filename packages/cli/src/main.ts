import { codeFolder } from "@mh/host/places.ts";
import type { Context } from "./command.ts";
import { commands } from "./commands/index.ts";
import { exitCodes } from "./exit.ts";
import { explain } from "./explain.ts";
import { globalOptions } from "./global-options.ts";
import { wrap } from "./layout.ts";
import { makePrinter, type Printer } from "./printer.ts";
import { openZone } from "./quick.ts";

/** Why the work is aborted where the reader of a long list has seen enough: that is a good end. */
const enough = "You have seen enough";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const { rest, home, ...options } = globalOptions(argv);
  const interrupt = new AbortController();
  const print = makePrinter({ ...options, wrap, onQuit: () => interrupt.abort(enough) });
  let code: number;
  try {
    code = await run(rest, openZone(home), print, interrupt);
    await print.end();
  } catch (error) {
    await print.end();
    code = explain(error, print);
  }
  // However what was cut off ended: it was cut off.
  const { aborted, reason } = interrupt.signal;
  return aborted && reason !== enough ? exitCodes.interrupted : code;
}

async function run(
  [name = "help", ...args]: readonly string[],
  root: string,
  print: Printer,
  interrupt: AbortController,
): Promise<number> {
  const { signal } = interrupt;
  process.on("SIGINT", () => {
    // A pager has its own way of ending.
    if (signal.aborted && !print.isPaging) process.exit(exitCodes.interrupted);
    interrupt.abort("You pressed Ctrl-C");
  });
  const environment = process.env;
  const codeRoot = codeFolder(import.meta.dirname);
  const context: Context = {
    print,
    root,
    codeRoot,
    environment,
    commands,
    signal,
    connect: async ({ make = false, apart = false } = {}) => {
      const { connect, makeHome } = await import("./connect.ts");
      if (make) await makeHome({ root, codeRoot, environment }, print);
      return connect(root, print, { apart });
    },
  };
  const { runCommand } = await import("./parser.ts");
  const isHelp = name === "--help" || name === "-h";
  return await runCommand(isHelp ? "help" : name, args, context);
}
