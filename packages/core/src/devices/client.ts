import { clientAdd, clientList, clientRevoke } from "@mh/contract/clients.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { initialTrust } from "@mh/contract/values/principal.ts";
import { revokeGrants } from "../grants/revoke-grants.ts";
import type { Registry } from "../kernel/registry.ts";
import { defineAdmin, defineQuery } from "../kernel/skill.ts";
import { trustOf } from "../kernel/state.ts";
import { toBase64Url } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import { append } from "./device.ts";
import { clientPrincipal, liveClients } from "./devices-table.ts";
import { endRunsOf, leftBehind, type RevokeDeps } from "./left-behind.ts";

/** Throws where a program would be added to ask for what there is not, or what is the owner's alone. */
function refuseUnaskable(registry: Registry, may: readonly string[]): void {
  for (const skill of may)
    if (registry.get(skill).contract.effects.every((effect) => effect === "admin"))
      throw new Fault("args.invalid", `${skill} is yours alone: no program may ask for it.`);
}

export function addClientSkill({ crypto, registry }: { crypto: Crypto; registry: Registry }) {
  return defineAdmin(clientAdd, {
    stored: "once",
    apply({ name, may = [] }, context) {
      refuseUnaskable(registry, may);
      if (liveClients(context.tx.db).some((row) => row.name.toLowerCase() === name.toLowerCase())) {
        const next = `Take another name, or \`mh device client revoke ${name}\``;
        throw new Fault("args.invalid", `There is a client ${name} already. ${next}.`);
      }
      const id = crypto.id();
      const token = `mhc_${toBase64Url(crypto.random(32))}`;
      append(context, id, { what: "added", kind: "client", name, tokenHash: crypto.sha256Hex(token), may });
      return { id, name, principal: clientPrincipal(name), token };
    },
  });
}

export function revokeClientSkill({ registry, runs }: RevokeDeps) {
  return defineAdmin(clientRevoke, {
    stored: "kept",
    apply({ client }, context) {
      const row = liveClients(context.tx.db).find(
        ({ id, name }) => id === client || name.toLowerCase() === client.toLowerCase(),
      );
      if (!row)
        throw new Fault("device.not-found", `There is no client ${client}. \`mh device client list\` shows them.`);
      append(context, row.id, { what: "revoked" });
      const principal = clientPrincipal(row.name);
      endRunsOf(runs, principal, context.commandId);
      const left = leftBehind({ db: context.tx.db, registry }, principal, row.added_ms);
      revokeGrants(context, { principal });
      if (trustOf(context.tx.db, principal) !== initialTrust(principal))
        context.tx.append({
          ...{ phase: "trust", id: context.commandId, principal: context.principal },
          body: { principal, level: initialTrust(principal) },
        });
      return { id: row.id, name: row.name, left };
    },
  });
}

export function listClientsSkill() {
  return defineQuery(clientList, {
    run: (_args, { db }) => ({
      clients: liveClients(db).map(({ id, name, added_ms }) => ({
        ...{ id, name, principal: clientPrincipal(name) },
        addedAt: new Date(added_ms).toISOString(),
      })),
    }),
  });
}
