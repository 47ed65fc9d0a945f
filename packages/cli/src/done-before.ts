import type { Outcome } from "@mh/contract/wire/command.ts";

/** Where the disk was full in the middle of a command: that what it did before stays done. `done`: names of skills. */
export async function withDoneBefore(outcome: Outcome, done: readonly string[]): Promise<Outcome> {
  if (outcome.status !== "failed" || outcome.fault.code !== "disk.full" || done.length === 0) return outcome;
  const { shippedContracts } = await import("./contracts.ts");
  const asks = new Set(shippedContracts.flatMap(({ name, kind }) => (kind === "query" ? [name] : [])));
  const steps = done.filter((name) => !asks.has(name)).length;
  if (steps === 0) return outcome;
  const before =
    steps === 1
      ? "What came before it in this command is done and stays so."
      : `The ${steps} steps before it in this command are done and stay so.`;
  const message = `The disk is full, and the last step was not written. ${before} Make room, and run it again.`;
  return { ...outcome, fault: { ...outcome.fault, message } };
}
