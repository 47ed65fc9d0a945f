import { owner, type Principal } from "@mh/contract/values/principal.ts";
import type { Outcome, Task } from "@mh/contract/wire/command.ts";
import type { TestHost } from "@mh/testing";

/** A command that works in the home, once what it needs is there. */
export interface Ready {
  args: Record<string, unknown>;
  /** The owner's, where it is nobody else's. */
  as?: Principal;
  task?: Task;
  /** Of a step of another skill: the command that it is a step of. */
  cause?: string;
}

/** Does it, with the owner's approval where that is asked for. */
export async function doReady(
  home: TestHost,
  skill: string,
  { args, as = owner, task, cause }: Ready,
  id = home.host.newId(),
): Promise<Outcome> {
  const outcome = await home.act(as, skill, args, { id, ...(task && { task }), ...(cause && { cause }) });
  if (outcome.status !== "parked") return outcome;
  const { hash } = await home.own<{ hash: string }>("approval.show", { id });
  return home.approve(id, hash);
}
