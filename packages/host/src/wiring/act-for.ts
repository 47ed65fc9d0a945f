import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import type { CommandContext } from "@mh/core/kernel/skill.ts";
import type { HomeParts } from "./home-parts.ts";

/** Runs what a command causes, for its principal. Throws why it failed; where it did not run, `otherwise` with that reason. */
export async function actFor(
  act: HomeParts["act"],
  { principal, commandId }: CommandContext,
  { skill, args }: { skill: string; args: unknown },
  otherwise: (status: string) => { code: FaultCode; message: string },
): Promise<void> {
  const outcome = await act({ principal, skill, args, cause: commandId });
  if (outcome.status === "done") return;
  const { code, message } = outcome.status === "failed" ? outcome.fault : otherwise(outcome.status);
  throw new Fault(code, message);
}
