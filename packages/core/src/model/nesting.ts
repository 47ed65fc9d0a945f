export const nestingMax = 64;

/** Whether JSON from outside is nested deeper than anything sane: what walks through it would run out of stack. */
export function isNestedTooDeep(value: unknown, levels: number = nestingMax): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isNestedTooDeep(each, levels - 1));
}
