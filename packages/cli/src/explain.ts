import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { diskFault, isDiskError } from "@mh/core/ports/disk-fault.ts";
import { Exit, exitCodes, faultExitCode } from "./exit.ts";
import type { Printer } from "./printer.ts";

/** Says why a command did not end well, and gives the exit code. */
export function explain(error: unknown, print: Printer): number {
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
  if (isDiskError(error)) return explain(diskFault(error), print);
  if (print.isJson) print.json({ fault: { code: "internal", message } });
  print.error(`mh: something went wrong inside: ${visible(message)}`);
  print.error("Nothing that was acknowledged is lost. MH_DEBUG=1 shows where it happened.");
  if (process.env.MH_DEBUG) print.error(stack ?? "");
  return exitCodes.failed;
}
