import type { Entry } from "@mh/contract/values/record.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { EndNotKnown } from "../journal/ledger.ts";
import type { Call } from "./call.ts";
import { endNotKnown, outcomeEntry, unwrittenEnd, unwrittenFailure } from "./entries.ts";
import { faultOf } from "./fault-of.ts";
import type { KernelParts } from "./parts.ts";
import { commandRow } from "./state.ts";

/** Ends a command that was cancelled, and journals that. */
export function interrupted({ ledger }: KernelParts, call: Call, message: string): Promise<Outcome> {
  const outcome: Outcome = { status: "interrupted", id: call.id, message };
  return ledger
    .transact((tx) => tx.append(outcomeEntry(call, outcome)))
    .then(
      () => outcome,
      (error: unknown) => unwrittenEnd(outcome, error),
    );
}

/**
 * A fault before or inside the transaction left nothing behind; the journal says that it was tried. `judged`: the verdict that
 * went with the transaction. `isBegun`: an intent of it stands in the journal.
 */
export async function failed(
  { registry, reader, ledger }: KernelParts,
  command: (Command & { id: string }) | Call,
  error: unknown,
  { isBegun, judged }: { isBegun: boolean; judged: Partial<Entry> | undefined },
): Promise<Outcome> {
  const { id, principal, skill } = command;
  if (error instanceof EndNotKnown) return endNotKnown(id, error);
  const outcome: Outcome = { status: "failed", id, fault: faultOf(error) };
  const { code } = outcome.fault;
  // The index cannot be asked, and what the log says of this is read when it is made anew.
  if (code === "index.damaged") return outcome;
  const isNew = isBegun || (code !== "command.id-reused" && commandRow(reader, id) === undefined);
  if (!isNew || code.startsWith("disk.") || code === "home.lost") return outcome;
  const entry: Entry = {
    ...{ phase: "outcome", id, principal },
    skill: typeof skill === "string" ? skill : registry.pinned(skill),
    ...("argsHash" in command && { argsHash: command.argsHash, ...judged }),
    outcome: { status: "failed", fault: { code, message: "" } },
  };
  return ledger
    .transact((tx) => tx.append(entry))
    .then(
      () => outcome,
      (error: unknown) => (isBegun ? unwrittenEnd(outcome, error) : unwrittenFailure(outcome, error)),
    );
}
