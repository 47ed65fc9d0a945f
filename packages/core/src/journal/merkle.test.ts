import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { fromHex, toHex } from "../ports/bytes.ts";
import {
  appendLeaf,
  consistencyProof,
  emptyRange,
  inclusionProof,
  isConsistent,
  rootFromInclusion,
  rootOf,
  subtreeRoot,
} from "./merkle.ts";

/** Test vectors of Certificate Transparency (google/certificate-transparency, merkle_tree_test). */
const data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const leaves = data.map((hex) => toHex(nodeCrypto.sha256(new Uint8Array([0, ...fromHex(hex)]))));
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const many = Array.from({ length: 70 }, (_, n) => nodeCrypto.sha256Hex(`leaf ${n}`));
const rootAt = (size: number) => subtreeRoot(nodeCrypto, many.slice(0, size));
const runs = { seed: inject("seed"), numRuns: 300 };
const sizes = fc.tuple(fc.nat(69), fc.nat(69)).map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);

test("H20 the tree has the roots of RFC 6962's test vectors, grown leaf by leaf or at once", () => {
  let range = emptyRange;
  const grown = leaves.map((leaf) => {
    range = appendLeaf(nodeCrypto, range, leaf);
    return rootOf(nodeCrypto, range);
  });
  expect(grown).toEqual(roots);
  expect(leaves.map((_, n) => subtreeRoot(nodeCrypto, leaves, 0, n + 1))).toEqual(roots);
  expect([rootOf(nodeCrypto, emptyRange), subtreeRoot(nodeCrypto, [])]).toEqual([empty, empty]);
});

test("H20 an audit path leads from its leaf to the root, and from no other leaf, place or path", () => {
  fc.assert(
    fc.property(sizes, fc.nat(1000), ([index, size], salt) => {
      const proof = inclusionProof(nodeCrypto, many.slice(0, size), index);
      const root = rootAt(size);
      const leaf = many[index] as string;
      const from = (l: string, i: number, p: string[]) => rootFromInclusion(nodeCrypto, l, i, size, p);
      expect(from(leaf, index, proof)).toBe(root);
      expect(from(nodeCrypto.sha256Hex(`other ${salt}`), index, proof)).not.toBe(root);
      expect(from(leaf, index, [...proof, leaf])).not.toBe(root);
      expect(from(leaf, size, proof)).toBeUndefined();
      if (proof.length === 0) return;
      expect(from(leaf, index, proof.slice(1))).not.toBe(root);
      const other = salt % size;
      if (other !== index) expect(from(leaf, other, proof)).not.toBe(root);
    }),
    runs,
  );
});

test("H20 a consistency proof shows that a tree only grew, and fails for a tree that was rewritten", () => {
  fc.assert(
    fc.property(sizes, fc.nat(1000), ([from, to], salt) => {
      const [first, second] = [
        { size: from, root: rootAt(from) },
        { size: to, root: rootAt(to) },
      ];
      const proof = consistencyProof(nodeCrypto, many.slice(0, to), from);
      expect(isConsistent(nodeCrypto, first, second, proof)).toBe(true);
      expect(isConsistent(nodeCrypto, second, first, proof)).toBe(from === to);
      if (from === 0) return;
      const forged = nodeCrypto.sha256Hex(`forged ${salt}`);
      expect(isConsistent(nodeCrypto, { ...first, root: forged }, second, proof)).toBe(false);
      expect(isConsistent(nodeCrypto, first, { ...second, root: forged }, proof)).toBe(false);
      expect(isConsistent(nodeCrypto, first, second, [...proof, forged])).toBe(false);
      if (proof.length > 0)
        expect(isConsistent(nodeCrypto, first, second, proof.with(salt % proof.length, forged))).toBe(false);
    }),
    runs,
  );
});
