import * as fs from "node:fs";
import type { Space } from "@mh/core/memory/vectors/vector-store.ts";
import { Vectors } from "@mh/core/memory/vectors/vectors.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { vectorFile } from "@mh/host/home/vector-file.ts";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { embedding, found, others, paraphrase, rowsOf, told } from "../support/embedding-home.ts";
import { forget } from "../support/forget.ts";

// The file of vectors is a cache: whatever becomes of it, a search answers, nothing untrue is found, and it is made anew.
const random = randomFrom(inject("seed"));
const below = (most: number) => Math.floor(random() * most);

test("wherever bits flip in the file of vectors, a search answers, and all is as it was once they are made again", async () => {
  await using made = await embedding();
  const { home } = made;
  await told(made, [paraphrase.told, ...others]);
  await home.own("memory.embed", {});
  const right = await found(made, undefined, 10);
  await home.close();
  const file = home.file("memory/index/vectors.db");
  const sound = fs.readFileSync(file);
  for (let round = 0; round < 40; round += 1) {
    const damaged = Buffer.from(sound);
    const flips = Array.from({ length: 1 + below(3) }, () => [below(sound.length), 1 << below(8)] as const);
    for (const [at, bit] of flips) damaged[at] = (damaged[at] as number) ^ bit;
    for (const ending of ["-wal", "-shm"]) fs.rmSync(file + ending, { force: true });
    fs.writeFileSync(file, damaged);
    await home.reopen();
    const [ids] = await found(made, "Lisbon number 7 at the quay", 10);
    expect([flips, ids.length]).toEqual([flips, 10]);
    expect([flips, await home.own("memory.embed", {})]).toMatchObject([flips, { vectors: 41 }]);
    expect((await found(made))[0][0]).toBe(right[0][0]);
    await home.close();
    // The mean of all is taken when they are read.
    await home.reopen();
    expect([flips, await found(made, undefined, 10)]).toEqual([flips, right]);
    await home.close();
  }
  await home.reopen();
});

test("a memory's id that is damaged in a row or in an index of the file is no reason to miss the memory", async () => {
  await using made = await embedding();
  const { home } = made;
  const [id = ""] = await told(made, [paraphrase.told, ...others]);
  await home.own("memory.embed", {});
  await home.close();
  const file = home.file("memory/index/vectors.db");
  const sound = fs.readFileSync(file);
  const places: number[] = [];
  for (let at = sound.indexOf(id); at !== -1; at = sound.indexOf(id, at + 1)) places.push(at);
  expect(places.length).toBeGreaterThanOrEqual(3);
  for (const at of places) {
    const damaged = Buffer.from(sound);
    damaged[at + 20] = (damaged[at + 20] as number) ^ 1;
    fs.writeFileSync(file, damaged);
    await home.reopen();
    await found(made);
    expect(await home.own("memory.embed", {})).toMatchObject({ vectors: 41 });
    expect((await found(made))[0][0]).toBe(id);
    await home.close();
  }
  await home.reopen();
});

test("H5 what is forgotten has no vector left in a file whose index no longer finds it", async () => {
  await using made = await embedding();
  const { home } = made;
  const [id = ""] = await told(made, [paraphrase.told, ...others]);
  await home.own("memory.embed", {});
  const [{ int8 }] = rowsOf(made, "SELECT int8 FROM vectors WHERE memory = ?", id) as [{ int8: Buffer }];
  await home.close();
  const file = home.file("memory/index/vectors.db");
  const sound = fs.readFileSync(file);
  const row = sound.lastIndexOf(id, sound.indexOf(int8));
  expect(row).toBeGreaterThan(0);
  for (let at = sound.indexOf(id); at !== -1; at = sound.indexOf(id, at + 1))
    if (at !== row) sound[at + 20] = (sound[at + 20] as number) ^ 1;
  fs.writeFileSync(file, sound);
  await home.reopen();
  await forget(home, id);
  expect(fs.existsSync(file) && fs.readFileSync(file).includes(int8)).toBe(false);
});

test.each([
  ["flipped bytes", (bytes: Buffer) => bytes.map((byte, at) => (at > 100 && at % 97 === 0 ? byte ^ 0x5a : byte))],
  ["a truncated file", (bytes: Buffer) => bytes.subarray(0, bytes.length / 3)],
  ["no database", () => Buffer.from("Not a database at all. ".repeat(500))],
  ["an empty file", () => Buffer.alloc(0)],
])("damaged vectors are never believed and never end the process: %s", async (_what, damage) => {
  await using made = await embedding();
  const { home } = made;
  const [id] = await told(made, [paraphrase.told, "Lisbon", ...others]);
  await home.own("memory.embed", {});
  const right = await found(made);
  await home.close();
  const file = home.file("memory/index/vectors.db");
  fs.writeFileSync(file, damage(fs.readFileSync(file)));
  await home.reopen();
  const [ids] = await found(made, "Lisbon");
  expect(ids.length).toBeGreaterThan(0);
  await home.own("memory.embed", {});
  expect(await found(made)).toEqual(right);
  expect(right[0]).toContain(id);
});

test("a vector of which a byte was changed counts for nothing, and is made anew", async () => {
  await using made = await embedding();
  const { home } = made;
  const [id = ""] = await told(made, [paraphrase.told, ...others]);
  await home.own("memory.embed", {});
  await home.close();
  const [{ int8 }] = rowsOf(made, "SELECT int8 FROM vectors WHERE memory = ?", id) as [{ int8: Buffer }];
  int8[3] = (int8[3] as number) ^ 0x7f;
  rowsOf(made, "UPDATE vectors SET int8 = ? WHERE memory = ? RETURNING row", int8, id);
  await home.reopen();
  expect((await found(made))[0]).not.toContain(id);
  expect(await home.own("memory.embed", {})).toMatchObject({ made: 1, vectors: 41 });
  expect((await found(made))[0]).toContain(id);
});

test("vectors of another length under the same model's name are never compared, and are made anew", async () => {
  await using made = await embedding();
  const { home } = made;
  const [id] = await told(made, [paraphrase.told, ...others]);
  await home.own("memory.embed", {});
  await home.close();
  // A file that an update of the model, or a copy from elsewhere, left: the space and its rows have 12 parts, and are sound.
  const vectors = new Vectors({ file: vectorFile(home.root), crypto: nodeCrypto, pause: async () => undefined });
  const short = Float32Array.from({ length: 12 }, (_, n) => n - 6);
  const { model, feed, seq } = vectors.with((store) => store.spaces()[0] as Space);
  const space = vectors.with((store) =>
    store.write(() =>
      store.addSpace(
        "local",
        model,
        short.map(() => 0),
        short,
      ),
    ),
  );
  vectors.take(
    space,
    { put: [{ memory: id ?? "", textKey: "k", vector: short }], refuse: [], gone: [] },
    { feed, seq },
  );
  vectors.with((store) => store.readTo(space, feed, seq, true));
  await vectors[Symbol.asyncDispose]();
  await home.reopen();
  const [ids, note] = await found(made, "number 7 at the quay");
  expect(ids).toHaveLength(3);
  expect(note).toContain("vectors of another length");
  await told(made, ["One more"]);
  expect(await home.own("memory.embed", {})).toMatchObject({ made: 42, vectors: 42 });
  expect((await found(made))[0][0]).toBe(id);
});
