import type { Planned } from "./move-plan.ts";

export const rulesName = (program: string): string => `moved-${program}.cedar`;
export const rulesPath = (program: string): string => `persona/policy/${rulesName(program)}`;

/** The rules of a plan as one file, whatever their order in it. */
export function rulesText(planned: readonly Planned[]): string {
  const parts = planned.flatMap(({ cedar }) => (cedar === undefined ? [] : [cedar.replace(/^.*\n\n/, "")]));
  return parts.length === 0
    ? ""
    : `// Moved in by mh: what another program forbade or asked about.\n\n${[...new Set(parts)].sort().join("\n")}`;
}
