import type { Outcome } from "@mh/core/model/command.ts";
import { Fault } from "@mh/core/model/fault.ts";
import { visible } from "@mh/core/model/visible.ts";
import type { Command } from "commander";
import type { ActOptions, Client } from "./connect.ts";
import type { Printer } from "./print.ts";

/** What a command runs with. */
export interface Context {
  print: Printer;
  root: string;
  /** Where mh itself lies. */
  codeRoot: string;
  environment: Record<string, string | undefined>;
  /** Aborted by Ctrl-C: finish what was begun, begin nothing more. */
  signal: AbortSignal;
  /** `make`: where no home is yet and none can have been meant, make one with the settings of this machine. */
  connect(options?: { make?: boolean }): Promise<Client>;
}

/** One command, one file. */
export interface CommandModule {
  /** The skills it acts through: its only effects. A command without any looks at files and changes nothing. */
  uses: readonly string[];
  build(command: Command, context: Context): void;
}

/** Exit codes of DESIGN §11. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  denied: 3,
  waiting: 4,
  stopped: 5,
  locked: 6,
  busy: 7,
  interrupted: 130,
} as const;

/** A command that ends with a code of its own, having said why. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super();
    this.code = code;
  }
}

/** Acts once and gives the value, or says why not and ends with the right code. */
export async function actOnce<T>(
  context: Context,
  skill: string,
  args: unknown,
  options: ActOptions & { make?: boolean } = {},
): Promise<T> {
  await using client = await context.connect(options.make ? { make: true } : {});
  return valueFrom<T>(context, await client.act(skill, args, options));
}

export function valueFrom<T>(context: Context, outcome: Outcome): T {
  if (outcome.status === "done") return outcome.value as T;
  const code = explainEnd(context.print, outcome);
  throw new Exit(code);
}

/** Says how a command ended, with the next step, and gives the exit code. */
export function explainEnd(print: Printer, outcome: Outcome): number {
  if (print.isJson && outcome.status !== "failed") print.json(outcome);
  switch (outcome.status) {
    case "done":
      return exitCodes.done;
    case "denied": {
      const isStop = outcome.rules.includes("invariant.stop");
      print.note(`Denied (${outcome.layer}): ${visible(outcome.reason)}.`);
      print.note(`Rule: ${visible(outcome.rules.join(", ") || "none permits it")}. Next: mh why ${outcome.id}`);
      return isStop ? exitCodes.stopped : exitCodes.denied;
    }
    case "parked":
      print.note(`Waiting for your yes (${outcome.layer}): ${visible(outcome.reason)}.`);
      print.note(`Next: mh approvals show ${outcome.approval}   (until ${outcome.expiresAt})`);
      return exitCodes.waiting;
    case "interrupted":
      print.note(visible(outcome.message));
      return exitCodes.interrupted;
    case "failed":
      throw new Fault(outcome.fault.code, outcome.fault.message);
  }
}

export function faultExitCode(fault: Fault): number {
  if (fault.code === "usage" || fault.code === "args.invalid") return exitCodes.usage;
  if (fault.code === "home.busy") return exitCodes.busy;
  if (fault.code === "stopped") return exitCodes.stopped;
  return exitCodes.failed;
}
