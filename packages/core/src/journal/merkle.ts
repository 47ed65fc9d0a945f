import { fromHex, toHex } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";

/**
 * Merkle tree of RFC 6962 §2.1 over the journal's record hashes, which are its leaf hashes.
 * A compact range holds the roots of the full subtrees from left to right, so that appending costs O(1) amortised.
 * Hashes are lower-case hex.
 */
export type CompactRange = { size: number; roots: string[] };

export const emptyRange: CompactRange = { size: 0, roots: [] };

function nodeHash(crypto: Crypto, left: string, right: string): string {
  const bytes = new Uint8Array(65);
  bytes[0] = 1;
  bytes.set(fromHex(left), 1);
  bytes.set(fromHex(right), 33);
  return toHex(crypto.sha256(bytes));
}

export function appendLeaf(crypto: Crypto, range: CompactRange, leaf: string): CompactRange {
  const roots = [...range.roots];
  let node = leaf;
  for (let size = range.size; size % 2 === 1; size = (size - 1) / 2)
    node = nodeHash(crypto, roots.pop() as string, node);
  roots.push(node);
  return { size: range.size + 1, roots };
}

export function rootOf(crypto: Crypto, range: CompactRange): string {
  if (range.size === 0) return toHex(crypto.sha256(new Uint8Array()));
  return range.roots.reduceRight((right, left) => nodeHash(crypto, left, right));
}

/** Root of leaves [from, to). */
export function subtreeRoot(crypto: Crypto, leaves: readonly string[], from = 0, to = leaves.length): string {
  if (from === to) return toHex(crypto.sha256(new Uint8Array()));
  if (to - from === 1) return leaves[from] as string;
  const split = from + largestPowerBelow(to - from);
  return nodeHash(crypto, subtreeRoot(crypto, leaves, from, split), subtreeRoot(crypto, leaves, split, to));
}

/** RFC 6962 §2.1.1: the audit path of leaf `index`, from the leaf's sibling up. */
export function inclusionProof(crypto: Crypto, leaves: readonly string[], index: number): string[] {
  const path = (from: number, to: number): string[] => {
    if (to - from === 1) return [];
    const split = from + largestPowerBelow(to - from);
    return index < split
      ? [...path(from, split), subtreeRoot(crypto, leaves, split, to)]
      : [...path(split, to), subtreeRoot(crypto, leaves, from, split)];
  };
  return path(0, leaves.length);
}

/** Root that a leaf and its audit path lead to (RFC 9162 §2.1.3.2); undefined where the path does not fit. */
export function rootFromInclusion(
  crypto: Crypto,
  leaf: string,
  index: number,
  size: number,
  proof: readonly string[],
): string | undefined {
  if (index >= size) return undefined;
  let [node, last, root] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      root = nodeHash(crypto, sibling, root);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      root = nodeHash(crypto, root, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** RFC 6962 §2.1.2: shows that the tree of the first `size` leaves is a prefix of the whole. */
export function consistencyProof(crypto: Crypto, leaves: readonly string[], size: number): string[] {
  const walk = (from: number, to: number, known: number, whole: boolean): string[] => {
    const count = to - from;
    if (known === count) return whole ? [] : [subtreeRoot(crypto, leaves, from, to)];
    const split = largestPowerBelow(count);
    return known <= split
      ? [...walk(from, from + split, known, whole), subtreeRoot(crypto, leaves, from + split, to)]
      : [...walk(from + split, to, known - split, false), subtreeRoot(crypto, leaves, from, from + split)];
  };
  return size === 0 ? [] : walk(0, leaves.length, size, true);
}

/** RFC 9162 §2.1.4.2. */
export function isConsistent(
  crypto: Crypto,
  first: { size: number; root: string },
  second: { size: number; root: string },
  proof: readonly string[],
): boolean {
  if (first.size > second.size) return false;
  if (first.size === second.size) return proof.length === 0 && first.root === second.root;
  if (first.size === 0) return proof.length === 0;
  const path = isPowerOfTwo(first.size) ? [first.root, ...proof] : [...proof];
  let [node, last] = [first.size - 1, second.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let old = path.shift();
  if (old === undefined) return false;
  let recent = old;
  for (const hash of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      old = nodeHash(crypto, hash, old);
      recent = nodeHash(crypto, hash, recent);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      recent = nodeHash(crypto, recent, hash);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && old === first.root && recent === second.root;
}

function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

const half = (n: number): number => Math.floor(n / 2);
const isPowerOfTwo = (n: number): boolean => largestPowerBelow(n + 1) === n;
