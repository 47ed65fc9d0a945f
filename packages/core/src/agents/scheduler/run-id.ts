import { idOfHash } from "../../model/hashed-id.ts";
import type { Crypto } from "../../ports/crypto.ts";

/** What makes a run the same run: its agent, its trigger, and the time or event that it answers. */
export interface RunSlot {
  agent: string;
  trigger: string;
  slot: string;
}

/** The id of one attempt at a run: the same slot gives the same id, so the gate lets it through once. */
export const runId = (crypto: Crypto, { agent, trigger, slot }: RunSlot, attempt: number): string =>
  idOfHash(crypto, ["run", agent, trigger, slot, attempt]);

/** The task of all attempts at a run. */
export const runTaskId = (crypto: Crypto, { agent, trigger, slot }: RunSlot): string =>
  idOfHash(crypto, ["task", agent, trigger, slot]);

/**
 * The id of a command within a run. It does not depend on the attempt: what an earlier one did is not done again.
 * `nth` counts equal commands of the run; `round` goes up where an earlier try came to nothing.
 */
export function commandId(
  crypto: Crypto,
  { agent, trigger, slot }: RunSlot,
  command: { skill: string; args: unknown; nth: number; round: number },
): string {
  return idOfHash(crypto, ["command", agent, trigger, slot, command.skill, command.args, command.nth, command.round]);
}
