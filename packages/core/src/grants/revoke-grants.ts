import type { OwnContext } from "../kernel/skill.ts";

/** Takes grants back: those of a principal, with its plans, or those for a skill. */
export function revokeGrants(
  { tx, commandId, principal }: Pick<OwnContext, "tx" | "commandId" | "principal">,
  of: { principal: string } | { skill: string },
): void {
  const [column, value] = "skill" in of ? ["skill", of.skill] : ["principal", of.principal];
  const plans =
    column === "principal" ? " UNION ALL SELECT id FROM plans WHERE status = 'given' AND principal = :value" : "";
  const sql = `SELECT id FROM grants WHERE status = 'given' AND ${column} = :value${plans}`;
  const rows = tx.db.prepare(sql).all({ value });
  for (const { id } of rows as { id: string }[]) tx.append({ phase: "revoke", id: commandId, ref: id, principal });
}
