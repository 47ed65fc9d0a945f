import { trustLevels } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { principalSchema } from "@mh/contract/values/principal-schema.ts";
import { scopeSchema } from "@mh/contract/values/record.ts";
import { instantSchema } from "@mh/contract/values/text.ts";
import { z } from "zod";
import { defineAdmin } from "../kernel/define-admin.ts";
import { defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import type { Registry } from "../kernel/registry.ts";
import { normalScope } from "../kernel/scope.ts";
import { always } from "../kernel/skill.ts";
import { type GrantRow, trustOf } from "../kernel/state.ts";
import type { Crypto } from "../ports/crypto.ts";
import { plansIn, type ShownPlan } from "./plans.ts";

const grantInput = z.strictObject({
  principal: principalSchema,
  skill: z.string(),
  scope: scopeSchema.optional(),
  task: z.string().optional(),
  expiresAt: instantSchema.optional(),
  /** From now, instead of until a time. */
  forMinutes: z
    .number()
    .int()
    .positive()
    .max(366 * 24 * 60)
    .optional(),
});

const done = z.strictObject({ id: z.string() });

/** Gives a principal a skill, until it is revoked or its time or task is over. */
export function giveGrantSkill(deps: { crypto: Crypto; registry: Registry }) {
  return defineAdmin<z.infer<typeof grantInput>, { id: string }>({
    name: "grant.give",
    title: "Let somebody use a skill",
    input: grantInput,
    output: done,
    event: "grant.given",
    undo: "mh grant revoke",
    apply({ forMinutes, scope, ...rest }, { tx, commandId, principal, now }) {
      deps.registry.get(rest.skill);
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

export function revokeGrantSkill() {
  const input = z.strictObject({ id: z.string() });
  return defineAdmin<z.infer<typeof input>, { id: string }>({
    name: "grant.revoke",
    title: "Take a grant back",
    input,
    output: done,
    event: "grant.revoked",
    undo: "mh grant give",
    apply({ id }, { tx, commandId, principal }) {
      const sql = `SELECT id FROM (SELECT id, status FROM grants UNION ALL SELECT id, status FROM plans)
        WHERE status = 'given' AND (id LIKE :id || '%' OR id LIKE '%' || :id)`;
      const rows = tx.db.prepare(sql).all({ id }) as { id: string }[];
      const [grant, another] = rows;
      if (!grant || another)
        throw new Fault("grant.not-found", `${id} names no single grant. \`mh grant list\` shows them.`);
      tx.append({ phase: "revoke", id: commandId, ref: grant.id, principal });
      return { id: grant.id };
    },
  });
}

export function listGrantsSkill() {
  const input = z.strictObject({ all: z.boolean().optional() });
  const output = z.strictObject({ grants: z.array(z.custom<never>()), plans: z.array(z.custom<never>()) });
  return defineQuery<z.infer<typeof input>, { grants: GrantRow[]; plans: ShownPlan[] }>({
    manifest: readManifest("grant.list", "List grants", input, output),
    classify: always("read"),
    run({ all }, { db, now }) {
      const rows = db.prepare("SELECT * FROM grants ORDER BY given_ms").all() as GrantRow[];
      const isLive = (g: GrantRow) => g.status === "given" && (g.expires_ms === null || g.expires_ms > now);
      return { grants: all ? rows : rows.filter(isLive), plans: plansIn(db, now, all ?? false) };
    },
  });
}

/** Sets how far somebody may act alone. Only the owner does, and nothing else raises trust. */
export function setTrustSkill() {
  const input = z.strictObject({ principal: principalSchema, level: z.enum(trustLevels) });
  return defineAdmin<z.infer<typeof input>, z.infer<typeof input>>({
    name: "trust.set",
    title: "Set how far somebody may act alone",
    input,
    output: input,
    event: "trust.changed",
    undo: "mh trust",
    apply(body, { tx, commandId, principal }) {
      if (isOwner(body.principal))
        throw new Fault("principal.unknown", "The owner has no trust level; the rules bind them.");
      tx.append({ phase: "trust", id: commandId, principal, body });
      return body;
    },
  });
}

export function listTrustSkill(declared: () => Iterable<string>) {
  const input = z.strictObject({ principal: principalSchema.optional() });
  const output = z.strictObject({
    levels: z.array(z.strictObject({ principal: z.string(), level: z.enum(trustLevels) })),
  });
  return defineQuery<z.infer<typeof input>, z.infer<typeof output>>({
    manifest: readManifest("trust.list", "List trust levels", input, output),
    classify: always("read"),
    run({ principal }, { db }) {
      const rows = db.prepare("SELECT principal FROM trust UNION SELECT principal FROM grants").all() as {
        principal: string;
      }[];
      const names = principal ? [principal] : [...new Set([...declared(), ...rows.map((row) => row.principal)])].sort();
      return { levels: names.map((name) => ({ principal: name, level: trustOf(db, name) })) };
    },
  });
}
