import type { FileChange } from "@mh/contract/skill-packages.ts";
import type { DiffLine } from "@mh/contract/values/diff.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Tree } from "./package-tree.ts";
import { textDiff } from "./text-diff.ts";

const textMax = 64_000;
const allTextsMax = 1_000_000;
const diffLinesMax = 400;

/** The texts of a package that are kept, so that a later change can be shown line by line. */
export function textsOf(tree: Tree): Record<string, string> {
  const texts: Record<string, string> = {};
  let left = allTextsMax;
  for (const [path, bytes] of tree) {
    const text = bytes.length > Math.min(textMax, left) ? undefined : decodeUtf8(bytes);
    if (text === undefined || text.includes("\0")) continue;
    texts[path] = text;
    left -= bytes.length;
  }
  return texts;
}

/** What differs between the pinned files and a tree. */
export function changesOf(
  crypto: Crypto,
  pinned: { files: Readonly<Record<string, string>>; texts: Readonly<Record<string, string>> },
  tree: Tree,
): FileChange[] {
  const now = textsOf(tree);
  const gone = Object.keys(pinned.files).filter((path) => !tree.has(path));
  const changed = [...tree].filter(([path, bytes]) => pinned.files[path] !== crypto.sha256Hex(bytes));
  const diff = (path: string) => cut(textDiff(pinned.texts[path] ?? "", now[path] ?? ""));
  return [
    ...changed.map(([path]): FileChange => ({ path, what: pinned.files[path] ? "changed" : "new", diff: diff(path) })),
    ...gone.map((path): FileChange => ({ path, what: "gone", diff: diff(path) })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whoever is asked must know that there is more than they see. */
function cut(lines: readonly DiffLine[]): DiffLine[] {
  const more = lines.slice(diffLinesMax).filter(({ sign }) => sign !== " ").length;
  const last: DiffLine[] = more > 0 ? [{ sign: " ", text: `… and ${more} more lines that differ` }] : [];
  return [...lines.slice(0, diffLinesMax), ...last];
}
