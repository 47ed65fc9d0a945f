/** Who the owner is, in prose: one Markdown file each. */
export const personaSections = ["persona", "values", "goals", "relationships", "routines", "decision-rules"] as const;
export type PersonaSection = (typeof personaSections)[number];
