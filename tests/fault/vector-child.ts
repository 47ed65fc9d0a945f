// Takes vectors in, batch after batch, says after each how many there are, and goes on until it is killed.
import * as fs from "node:fs";
import { Vectors } from "@mh/core/memory/vectors/vectors.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { vectorFile } from "@mh/host/home/vector-file.ts";
import { vectorOf } from "../support/kept-vectors.ts";

const [root = ""] = process.argv.slice(2);
const vectors = new Vectors({ file: vectorFile(root), crypto: nodeCrypto, pause: async () => undefined });
const space = vectors.with(
  (store) => store.spaces()[0] ?? store.write(() => store.addSpace("a", "a", vectorOf(0), vectorOf(0))),
);
const atOnce = 32;
for (let from = space.seq; ; from += atOnce) {
  const put = Array.from({ length: atOnce }, (_, n) => ({
    ...{ memory: `m${from + n}`, textKey: "k", vector: vectorOf(from + n) },
  }));
  vectors.take(space, { put, refuse: [], gone: [] }, { feed: "f", seq: from + atOnce });
  fs.writeSync(1, `${from + atOnce}\n`);
}
