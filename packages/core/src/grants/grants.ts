import { grantGive, grantList, grantRevoke, trustList, trustSet } from "@mh/contract/grants.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { GrantRow } from "@mh/contract/values/grant.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Registry } from "../kernel/registry.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { defineAdmin, defineQuery } from "../kernel/skill.ts";
import { everyoneKnown, trustOf } from "../kernel/state.ts";
import { normalScope } from "../model/scope.ts";
import type { Crypto } from "../ports/crypto.ts";
import { plansIn } from "./plans.ts";
import { refuseUseless } from "./refuse-useless.ts";

/** Gives a principal a skill, until it is revoked or its time or task is over. */
export function giveGrantSkill(deps: { crypto: Crypto; registry: Registry }) {
  return defineAdmin(grantGive, {
    stored: "kept",
    apply({ forMinutes, scope, ...rest }, { tx, commandId, principal, now }) {
      refuseUseless(deps.registry, rest.skill, scope);
      if (isOwner(rest.principal)) throw new Fault("principal.unknown", "The owner needs no grants.");
      if (forMinutes && rest.expiresAt)
        throw new Fault("args.invalid", "A grant lasts for a time or until one, not both.");
      const expiresAt = forMinutes ? new Date(now + forMinutes * 60_000).toISOString() : rest.expiresAt;
      const body = { ...rest, ...(scope && { scope: normalScope(scope) }), ...(expiresAt && { expiresAt }) };
      const id = deps.crypto.id();
      tx.append({ phase: "grant", id: commandId, ref: id, principal, body });
      return { id };
    },
  });
}

/** A plan is a grant of several steps. */
const given: Named = {
  from: "(SELECT id FROM grants WHERE status = 'given' UNION ALL SELECT id FROM plans WHERE status = 'given')",
  column: "id",
  code: "grant.not-found",
  one: "grant",
  many: "grants",
  list: "mh grant list",
};

export function revokeGrantSkill() {
  return defineAdmin(grantRevoke, {
    stored: "kept",
    apply({ id }, { tx, commandId, principal }) {
      const ref = idNamed(tx.db, given, id);
      tx.append({ phase: "revoke", id: commandId, ref, principal });
      return { id: ref };
    },
  });
}

export function listGrantsSkill() {
  return defineQuery(grantList, {
    run({ all }, { db, now }) {
      const rows = db.prepare("SELECT * FROM grants ORDER BY given_ms").all() as GrantRow[];
      const isLive = (g: GrantRow) => g.status === "given" && (g.expires_ms === null || g.expires_ms > now);
      return { grants: all ? rows : rows.filter(isLive), plans: plansIn(db, now, all ?? false) };
    },
  });
}

/** Sets how far somebody may act alone. Only the owner does, and nothing else raises trust. */
export function setTrustSkill() {
  return defineAdmin(trustSet, {
    stored: "kept",
    apply(body, { tx, commandId, principal }) {
      if (isOwner(body.principal))
        throw new Fault("principal.unknown", "The owner has no trust level; the rules bind them.");
      tx.append({ phase: "trust", id: commandId, principal, body });
      return body;
    },
  });
}

export function listTrustSkill(declared: () => Iterable<Principal>) {
  return defineQuery(trustList, {
    run({ principal }, { db }) {
      const names = principal ? [principal] : everyoneKnown(db, declared());
      return { levels: names.map((name) => ({ principal: name, level: trustOf(db, name) })) };
    },
  });
}
