import type { OwnContext } from "../kernel/skill.ts";

/** Takes grants back: those of a principal, or those for a skill. */
export function revokeGrants(
  { tx, commandId, principal }: Pick<OwnContext, "tx" | "commandId" | "principal">,
  of: { principal: string } | { skill: string },
): void {
  const [column, value] = "skill" in of ? ["skill", of.skill] : ["principal", of.principal];
  const rows = tx.db.prepare(`SELECT id FROM grants WHERE status = 'given' AND ${column} = ?`).all(value);
  for (const { id } of rows as { id: string }[]) tx.append({ phase: "revoke", id: commandId, ref: id, principal });
}
