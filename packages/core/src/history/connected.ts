import type { Change } from "../kernel/changes.ts";
import type { Database } from "../ports/database.ts";

/** Changes that wrote into the same memory or file, together, each group in the order it was done. */
export function connected(db: Database, changes: readonly Change[]): Change[][] {
  const memoriesOf = db.prepare("SELECT DISTINCT id FROM revisions WHERE cmd = ?");
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    if (root !== key) parents.set(key, root);
    return root;
  };
  for (const { cmd, files } of changes) {
    const memories = memoriesOf.all(cmd) as { id: string }[];
    const touched = [...memories.map(({ id }) => `memory ${id}`), ...files.map(({ file }) => `file ${file}`)];
    for (const each of touched) {
      const [a, b] = [rootOf(cmd), rootOf(each)];
      if (a !== b) parents.set(b, a);
    }
  }
  const groups = Map.groupBy(
    [...changes].sort((a, b) => a.number - b.number),
    ({ cmd }) => rootOf(cmd),
  );
  return [...groups.values()];
}
