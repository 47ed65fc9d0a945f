import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Host } from "../home/host.ts";

/**
 * The number of the first event that a reader is sent: after `after`, else after what its follower has acknowledged,
 * else the next one that happens. A follower that is new has its cursor from here on, so that it misses nothing while
 * it is away. Throws where the log has no such event yet.
 */
export function followFrom(
  host: Host,
  principal: Principal,
  { after, follower }: { after?: number | undefined; follower?: string | undefined },
): number {
  const { committed, cursors } = host;
  const acknowledged = follower === undefined ? undefined : cursors.of(principal, follower);
  const last = after ?? acknowledged ?? committed - 1;
  if (last >= committed) {
    const message = `There is no event ${last} yet: this log has ${committed} records. Say after which one to begin.`;
    throw new Fault("args.invalid", message);
  }
  if (follower !== undefined && (after !== undefined || acknowledged === undefined)) {
    cursors.begin(principal, follower, last);
  }
  return last + 1;
}
