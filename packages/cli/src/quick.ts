import { Fault } from "@mh/contract/values/fault.ts";
import { readRulesTrouble } from "@mh/host/home/rules-trouble.ts";
import { codeFolder, homeFolder, ownerZone, saysEncrypted } from "@mh/host/places.ts";
import { version } from "@mh/host/version.ts";
import { commands } from "./commands/index.ts";
import { showStatus } from "./commands/status.ts";
import { exitCodes } from "./exit.ts";
import { explain } from "./explain.ts";
import { globalOptions, type Invocation } from "./global-options.ts";
import { overview } from "./help/overview.ts";
import { makePrinter, type Printer, type Write } from "./printer.ts";

/**
 * What people run all day, and scripts every second: it starts without the option parser. Undefined where the command is
 * none of these.
 */
export async function quickly(argv: readonly string[], write?: Write): Promise<number | undefined> {
  const invocation = globalOptions(argv);
  const print = makePrinter({ ...invocation, ...(write && { write }) });
  let code: number | undefined;
  try {
    code = run(invocation, print);
  } catch (error) {
    code = explain(error, print);
  }
  await print.end();
  return code;
}

function run({ rest, home, isHomeMissing }: Invocation, print: Printer): number | undefined {
  const [name, ...args] = rest;
  if (isHomeMissing) throw new Fault("usage", "--home names a folder, as in --home ~/mh.");
  const isHelp = name === "--help" || name === "-h" || (name === "help" && args.length === 0);
  if ((name === undefined || isHelp) && !print.isJson) {
    print.page();
    print.line(overview(commands, print.color.bold));
    return isHelp ? exitCodes.done : exitCodes.usage;
  }
  if (name === "--version") {
    if (print.isJson) print.json({ version });
    else print.line(version);
    return exitCodes.done;
  }
  if (name === "status" && !args.some((arg) => arg === "--help" || arg === "-h")) {
    const root = openZone(home);
    // Told in whole sentences, for which main.ts has the layout.
    return (readRulesTrouble(root).length > 0 && !print.isJson) || saysEncrypted(root)
      ? undefined
      : showStatus({ root, print }, args);
  }
  return undefined;
}

/** The home that is meant. Times are told where its owner lives: whatever asks this process for its zone gets that one. */
export function openZone(home: string | undefined): string {
  const root = homeFolder(home, process.env, codeFolder(import.meta.dirname));
  const zone = ownerZone(root);
  if (zone) process.env.TZ = zone;
  return root;
}
