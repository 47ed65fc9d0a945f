import type { AnyContract } from "@mh/contract/contract.ts";
import { codeFolder } from "@mh/host/places.ts";
import type { Context } from "./command.ts";
import { commands } from "./commands/index.ts";
import type { ActOptions, Client } from "./connect.ts";
import { withDoneBefore } from "./done-before.ts";
import { exitCodes } from "./exit.ts";
import { explain } from "./explain.ts";
import { globalOptions } from "./global-options.ts";
import { wrap } from "./layout.ts";
import { makePrinter, type Printer, type Write } from "./printer.ts";
import { openZone } from "./quick.ts";

/** Why the work is aborted where the reader of a long list has seen enough: that is a good end. */
const enough = "You have seen enough";

/** Runs one invocation and gives its exit code. `write`: who takes what it prints, where that is not this process's output. */
export async function runMain(argv: readonly string[], write?: Write): Promise<number> {
  const { rest, home, ...options } = globalOptions(argv);
  const interrupt = new AbortController();
  const onQuit = () => interrupt.abort(enough);
  const print = makePrinter({ ...options, wrap, onQuit, ...(write && { write }) });
  const onInterrupt = () => {
    // A pager has its own way of ending.
    if (interrupt.signal.aborted && !print.isPaging) process.exit(exitCodes.interrupted);
    interrupt.abort("You pressed Ctrl-C");
  };
  process.on("SIGINT", onInterrupt);
  let code: number;
  try {
    code = await run(rest, openZone(home), print, interrupt.signal);
    await print.end();
  } catch (error) {
    await print.end();
    code = explain(error, print);
  } finally {
    process.off("SIGINT", onInterrupt);
  }
  // However what was cut off ended: it was cut off.
  const { aborted, reason } = interrupt.signal;
  return aborted && reason !== enough ? exitCodes.interrupted : code;
}

async function run(
  [name = "help", ...args]: readonly string[],
  root: string,
  print: Printer,
  signal: AbortSignal,
): Promise<number> {
  const environment = process.env;
  const codeRoot = codeFolder(import.meta.dirname);
  /** What an invocation does is one thing to undo, over however many connections. */
  let invocation: string | undefined;
  const done: string[] = [];
  const context: Context = {
    print,
    root,
    codeRoot,
    environment,
    commands,
    signal,
    connect: async ({ make = false, apart = false, ...options } = {}) => {
      const { connect, makeHome, newTask } = await import("./connect.ts");
      if (make) await makeHome({ root, codeRoot, environment }, print);
      invocation ??= newTask();
      const client = await connect(root, print, apart ? newTask() : invocation, options);
      // Whatever is under way when Ctrl-C comes is cancelled, and its outcome is waited for.
      const act: Client["act"] = async (skill: string | AnyContract, args: unknown, options: ActOptions = {}) => {
        const outcome = await client.act(skill as string, args, { signal, ...options });
        if (outcome.status === "done") done.push(typeof skill === "string" ? skill : skill.name);
        return await withDoneBefore(outcome, done);
      };
      return { ...client, act };
    },
  };
  const { runCommand } = await import("./parser.ts");
  const isHelp = name === "--help" || name === "-h";
  return await runCommand(isHelp ? "help" : name, args, context);
}
