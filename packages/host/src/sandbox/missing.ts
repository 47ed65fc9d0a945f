import { Fault } from "@mh/contract/values/fault.ts";
import type { Executor } from "@mh/core/ports/executor.ts";

/** Why nothing of others begins while STOP stands. */
export const standing = "STOP stands: nothing runs but what is your own. `mh resume` lifts it.";

/** `refusal` says what does not run for that. */
export const noSandbox = (reason: string, refusal: string): string =>
  `There is no sandbox on this machine: ${reason.replace(/\.$/, "")}. ${refusal}`.trimEnd();

/** Throws `sandbox.missing` where there is none, before anything is made ready for it. */
export async function demandSandbox(executor: Executor, refusal: string): Promise<void> {
  const { kind, reason = "none was found" } = await executor.sandbox();
  if (kind === "none") throw new Fault("sandbox.missing", noSandbox(reason, refusal));
}
