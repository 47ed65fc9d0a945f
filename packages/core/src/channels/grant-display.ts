import type { Scope } from "@mh/contract/values/effect.ts";
import type { DisplayName } from "@mh/contract/values/messenger.ts";
import type { OwnContext } from "../kernel/skill.ts";
import { liveGrants } from "../kernel/state.ts";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import { channelPrincipal } from "./paired.ts";

/** Lets the module of a channel show things: of browsers, by the push services that the scope names. */
export function grantDisplay(
  { tx, commandId, principal, now }: Pick<OwnContext, "tx" | "commandId" | "principal" | "now">,
  crypto: Crypto,
  channel: DisplayName,
  scope: Scope,
): void {
  const to = channelPrincipal(channel);
  const live = liveGrants(tx.db, to, "channel.send", undefined, now).filter(({ task }) => task === null);
  if (live.some((grant) => canonical(JSON.parse(grant.scope)) === canonical(scope))) return;
  const body = { principal: to, skill: "channel.send", scope };
  tx.append({ phase: "grant", id: commandId, ref: crypto.id(), principal, body });
}
