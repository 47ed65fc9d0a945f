import type { Command } from "@commander-js/extra-typings";
import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { Outcome, Refusal } from "@mh/contract/wire/command.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";
import { reasonOf } from "@mh/core/kernel/fault-of.ts";
import { disableCommand, fileOf } from "@mh/core/policy/rule-file.ts";
import type { ActOptions, Client } from "./connect.ts";
import { Exit, exitCodes } from "./exit.ts";
import { type Printer, shortId } from "./print.ts";
import { watchRun } from "./progress.ts";

export { Exit, exitCodes } from "./exit.ts";

/** What a command runs with. */
export interface Context {
  print: Printer;
  root: string;
  /** Where mh itself lies. */
  codeRoot: string;
  environment: Record<string, string | undefined>;
  /** Every command there is, for help and completion. */
  commands: Record<string, Listed>;
  /** Aborted by Ctrl-C: what runs is cancelled, and nothing more is begun. */
  signal: AbortSignal;
  /**
   * `make`: where no home is yet and none can have been meant, make one with the settings of this machine. `apart`: what
   * is done through this connection is undone by itself, not with the rest of the invocation. `givenUp`: aborted where
   * another process that holds the home is not waited for any longer, which is `home.busy`. `isLong`: what takes minutes
   * has room to work in from the start.
   */
  connect(options?: { make?: boolean; apart?: boolean; givenUp?: AbortSignal; isLong?: boolean }): Promise<Client>;
}

/** A line of `commands/index.ts`: what `mh help` shows, and where the code is. Only the command that runs is loaded. */
export interface Listed {
  summary: string;
  load(): Promise<{ command: CommandModule }>;
}

/** One command, one file. */
export interface CommandModule {
  /** The skills it acts through: its only effects. A command without any looks at files and changes nothing. */
  uses: readonly string[];
  build(command: Command, context: Context): void;
}

/** What a run is called while it lasts, as in `Importing`; with an empty text, no sign of life is shown. */
type Told = ActOptions & { doing?: string };
type ActOnceOptions = Told & { make?: boolean; isLong?: boolean };

/** Acts once and gives the value, or says why not and ends with the right code. */
export async function actOnce<Name extends string, Args extends ArgsFor<Name>>(
  context: Context,
  skill: Name,
  // A type of its own: of two overloads TypeScript first tries those whose types are equal, which the other always is.
  args: Args,
  options?: ActOnceOptions,
): Promise<ValueFor<Name>>;
export async function actOnce<T>(context: Context, skill: string, args: unknown, options?: ActOnceOptions): Promise<T>;
export async function actOnce(
  context: Context,
  skill: string,
  args: unknown,
  { make = false, isLong = false, ...options }: ActOnceOptions = {},
): Promise<unknown> {
  await using client = await context.connect({ make, isLong });
  return valueFrom(context, await actUnlocked(context, client, skill, args, options));
}

/** Acts; where that needs the owner's secrets and they are locked, asks for the passphrase and acts again. */
export async function actUnlocked<Name extends string>(
  context: Context,
  client: Client,
  skill: Name,
  args: ArgsFor<Name>,
  { doing = "Working", ...options }: Told = {},
): Promise<Outcome<ValueFor<Name>>> {
  const act = async (more: ActOptions) => {
    using run = doing === "" ? undefined : watchRun(context.print, doing);
    const onProgress = (progress: RunProgress) => {
      // A text is shown as it is written, on the line where the sign of life stands.
      if (progress.text === undefined) run?.onProgress(progress);
      else run?.[Symbol.dispose]();
      options.onProgress?.(progress);
    };
    return await client.act(skill, args, { ...more, onProgress });
  };
  const outcome = await act(options);
  const isLocked = outcome.status === "failed" && outcome.fault.code === "secret.locked";
  if (!isLocked || !context.print.canAsk) return outcome;
  const { unlock } = await import("./unlock.ts");
  await unlock(context, client);
  const { id: _failed, ...again } = options;
  return act(again);
}

/** Looks up what goes with an act that is done: where that fails, it is said, and the act has ended as it did. */
export async function alsoTell({ print }: Context, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Exit) throw error;
    print.note(`This is done; what goes with it could not be looked up: ${visible(reasonOf(error))}`);
    return false;
  }
}

export function valueFrom<T>(context: Context, outcome: Outcome<T>): T;
export function valueFrom<T>(context: Context, outcome: Outcome): T;
export function valueFrom<T>(context: Context, outcome: Outcome): T {
  if (outcome.status === "done") return outcome.value as T;
  const code = explainEnd(context.print, outcome);
  throw new Exit(code);
}

/** A rule of the owner's denied it, or none permits it: one more rule of theirs may lift that. */
const mayAskInstead = ({ rules }: Refusal): boolean => rules.every((rule) => fileOf(rule) !== undefined);

/** Says how a command ended, with the next step, and gives the exit code. */
export function explainEnd(print: Printer, outcome: Outcome): number {
  if (print.isJson && outcome.status !== "failed") print.json(outcome);
  switch (outcome.status) {
    case "done":
      return exitCodes.done;
    case "repeated":
      print.note(visible(outcome.message));
      return exitCodes.done;
    case "denied": {
      const isStop = outcome.rules.includes("invariant.stop");
      print.note(`Denied (${outcome.layer}): ${visible(outcome.reason)}.`);
      print.note(`Rule: ${visible(outcome.rules.join(", ") || "none permits it")}.`);
      for (const file of new Set(outcome.rules.map(fileOf)))
        if (file !== undefined)
          print.note(`It is a rule of yours; \`${visible(disableCommand(file))}\` takes that file out of force.`);
      if (isStop) print.note("Everyone but you is stopped: `mh resume` lifts it.");
      print.note(`Next: mh why ${shortId(outcome.id)}`);
      if (mayAskInstead(outcome)) print.note(`Ask me instead: mh approvals ask-instead ${shortId(outcome.id)}`);
      return isStop ? exitCodes.stopped : exitCodes.denied;
    }
    case "parked":
      print.note(`Waiting for your approval (${outcome.layer}): ${visible(outcome.reason)}.`);
      print.note(`Next: mh approvals show ${shortId(outcome.approval)}   (until ${print.moment(outcome.expiresAt)})`);
      return exitCodes.waiting;
    case "interrupted":
      print.note(visible(outcome.message));
      return exitCodes.interrupted;
    case "failed":
      throw new Fault(outcome.fault.code, outcome.fault.message);
  }
}
