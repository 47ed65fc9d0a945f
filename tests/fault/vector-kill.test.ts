import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Vectors } from "@mh/core/memory/vectors/vectors.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { vectorFile } from "@mh/host/home/vector-file.ts";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { vectorOf } from "../support/kept-vectors.ts";
import { killChild } from "../support/kill-child.ts";

const child = path.join(import.meta.dirname, "vector-child.ts");
const random = randomFrom(inject("seed"));

test("killed while vectors are saved: whole batches are there, each as it was made, and the next goes on behind them", async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "mh-vectors-"));
  fs.mkdirSync(path.join(root, "memory", "index"), { recursive: true });
  try {
    let before = 0;
    for (let round = 0; round < 6; round += 1) {
      const printed = await killChild({ program: [child, root], lines: 1 + Math.floor(random() * 8), laterMs: 0 });
      const said = Number(printed.at(-1));
      const vectors = new Vectors({ file: vectorFile(root), crypto: nodeCrypto, pause: async () => undefined });
      const [space] = vectors.with((store) => store.spaces());
      if (!space) throw new Error("The space is gone.");
      const { vectors: count } = vectors.with((store) => store.count(space));
      // What was reported is there; what was being written is there as a whole or not at all.
      expect(count).toBeGreaterThanOrEqual(said);
      expect([count, count % 32]).toEqual([space.seq, 0]);
      expect(count).toBeGreaterThan(before);
      const loaded = await vectors.loaded(space);
      expect(loaded.count).toBe(count);
      for (const n of [1, Math.floor(count / 2), count - 1])
        expect(loaded.meaningOf(vectorOf(n)).nearest(1)).toMatchObject([{ memory: `m${n}` }]);
      await vectors[Symbol.asyncDispose]();
      before = count;
    }
  } finally {
    fs.rmSync(root, { recursive: true });
  }
});
