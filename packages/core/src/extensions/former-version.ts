import { fromBase64, toBase64, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Files } from "../ports/files.ts";
import { diskTree } from "./disk-tree.ts";
import type { ExtensionRow } from "./extensions-table.ts";
import { hashesOf, type Tree, treeHash } from "./package-tree.ts";
import type { SkillManifest } from "./skill-manifest.ts";
import { keptOf } from "./skill-package-view.ts";

/** A version that was allowed, whole, so that it can be put in place again. */
export interface FormerVersion {
  source: string;
  version: string | null;
  mine?: true;
  /** Base64, by path. */
  files: Record<string, string>;
}

interface Deps {
  files: Files;
  crypto: Crypto;
  readObject: (name: string) => string | undefined;
}

/**
 * The version that is in force, as long as its bytes are there: in its folder, or as the texts that were kept of it. Undefined
 * where both have become something else.
 */
export function formerOf(deps: Deps, row: ExtensionRow): FormerVersion | undefined {
  const { source, texts } = keptOf(deps, row);
  const kept: Tree = new Map(Object.entries(texts).map(([path, text]) => [path, utf8.encode(text)]));
  const tree = [diskTree(deps.files, row.name), kept].find(
    (each) => treeHash(deps.crypto, hashesOf(deps.crypto, each)) === row.hash,
  );
  if (!tree) return undefined;
  const { mh, mine } = JSON.parse(row.manifest) as SkillManifest;
  const files = Object.fromEntries([...tree].map(([path, bytes]) => [path, toBase64(bytes)]));
  return { source, version: mh?.version ?? null, ...(mine && { mine }), files };
}

/** What a version with this hash goes back to: allowed once more, it goes back to where it did. */
export const formerFor = (deps: Deps, row: ExtensionRow, hash: string): FormerVersion | undefined =>
  row.hash === hash ? keptOf(deps, row).former : formerOf(deps, row);

export const treeOf = ({ files }: FormerVersion): Tree =>
  new Map(Object.entries(files).map(([path, bytes]) => [path, fromBase64(bytes)]));
