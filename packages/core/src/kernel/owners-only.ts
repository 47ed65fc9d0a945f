import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";

/** Throws for everybody but the owner, whatever was granted to them; a device of the owner's may do what it does. */
export function ownersOnly(principal: Principal, skill: string): void {
  if (isOwner(principal)) return;
  throw new Fault("args.invalid", `${skill} is for the owner alone: what is said by it counts as the owner's words.`);
}
