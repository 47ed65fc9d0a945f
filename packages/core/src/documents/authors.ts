/**
 * Who wrote what a document says: whom `by` of its front matter names, or the owner. `byHand`: no command wrote it as it
 * is; then whom it names may have a part in it, and vouches for nothing.
 */
export function originsOf(path: string, by: readonly string[] | null | undefined, byHand: boolean): string[] {
  return byHand ? [`file:${path}`, ...(by ?? [])] : [...(by ?? ["owner"])];
}

/** Front matter that says who wrote a document up to now, and who besides; nothing where that is the owner alone. */
export function authors(before: readonly string[], now: readonly string[]): { by?: string[] } {
  const by = [...new Set([...before.filter((each) => !each.startsWith("file:")), ...now])];
  return by.every((each) => each === "owner") ? {} : { by };
}
