import { passkeyAdd, passkeyRemove, passkeyUse } from "@mh/contract/passkeys.ts";
import type { Parked } from "@mh/contract/values/approval.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import { classified } from "../approvals/classified.ts";
import type { Registry } from "../kernel/registry.ts";
import { defineAdmin } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import type { CredentialJson, Passkey, Passkeys } from "../ports/passkeys.ts";
import { append, deviceNamed, ownDevice } from "./device.ts";
import { type DeviceRow, isDevice, liveDevices, passkeyOf } from "./devices-table.ts";

export interface PasskeyDeps {
  passkeys: Passkeys;
}

/** One for each device: who has its token adds none of their own beside it. */
export function addPasskeySkill({ passkeys }: PasskeyDeps) {
  return defineAdmin(passkeyAdd, {
    stored: "kept",
    async prepare({ device, response }, { db, principal }) {
      const row = ownDevice({ db, principal }, device);
      expectNone(row);
      return passkeys.added(response, { for: "add", device: row.id });
    },
    apply({ device }, context, passkey) {
      const row = ownDevice({ db: context.tx.db, principal: context.principal }, device);
      expectNone(row);
      append(context, row.id, { what: "passkey", passkey });
      return { id: row.id, name: row.name };
    },
  });
}

function expectNone({ name, passkey }: DeviceRow): void {
  if (passkey === null) return;
  const next = `\`mh device passkey remove ${name}\` at home takes it away`;
  throw new Fault("args.invalid", `${name} has a passkey, and a second one would answer for it. ${next}.`);
}

export function removePasskeySkill() {
  return defineAdmin(passkeyRemove, {
    stored: "kept",
    apply({ device }, context) {
      const row = deviceNamed(context.tx.db, device);
      if (row.passkey !== null) append(context, row.id, { what: "passkey", passkey: null });
      return { id: row.id, name: row.name };
    },
  });
}

/** Signs a device in: its passkey is the proof, and the daemon gives this. */
export function usePasskeySkill({ passkeys }: PasskeyDeps) {
  return defineAdmin(passkeyUse, {
    stored: "kept",
    prepare: ({ response }, { db }) => {
      const found = deviceWith(db, String(response.id));
      if (!found) throw new Fault("passkey.refused", "No device here has this passkey.");
      return passkeys.proven(response, { for: "sign-in" }, found.passkey);
    },
    apply({ response }, context, proven) {
      // Revoked, or taken away, while it was being proven.
      const found = deviceWith(context.tx.db, String(response.id));
      if (!found) throw new Fault("passkey.refused", "No device here has this passkey.");
      append(context, found.row.id, { what: "passkey", passkey: proven });
      return { id: found.row.id, name: found.row.name };
    },
  });
}

/** Whose passkey it is. */
export function deviceWith(db: Database, id: string): { row: DeviceRow; passkey: Passkey } | undefined {
  for (const row of liveDevices(db)) {
    const passkey = passkeyOf(row);
    if (passkey?.id === id) return { row, passkey };
  }
  return undefined;
}

export interface ProofDeps extends PasskeyDeps {
  registry: Registry;
  config: () => Config;
}

/** What an approval from a device was proven by, to be written with it. */
export interface Proof {
  device: string;
  passkey: Passkey;
}

/**
 * Asks a device that has a passkey for it, where what it approves is of high risk, is paid, or cannot be taken back. Throws
 * `approval.passkey` without it. A device without one has its token alone.
 */
export async function proofFor(
  { passkeys, registry, config }: ProofDeps,
  { db, principal, hash, parked }: { db: Database; principal: Principal; hash: string; parked: Parked },
  response: CredentialJson | undefined,
): Promise<Proof | undefined> {
  const row = liveDevices(db).find((device) => isDevice(device, principal));
  const passkey = row && passkeyOf(row);
  if (!row || !passkey || !isGrave({ registry, config }, parked)) return undefined;
  if (!response)
    throw new Fault(
      "approval.passkey",
      "This needs the passkey of this device. Approve it on the page, and unlock it there.",
    );
  const use = { for: "approve", device: row.id, approval: parked.id, hash } as const;
  return { device: row.id, passkey: await passkeys.proven(response, use, passkey) };
}

/** What cannot be classified any more is taken to be. */
function isGrave(deps: Pick<ProofDeps, "registry" | "config">, parked: Parked): boolean {
  const kind = classified(deps, parked);
  return !kind || kind.risk === "high" || kind.effect === "spend" || kind.effect === "destroy";
}
