// Fills one engine with so many texts and asks it: `node engine-child.ts minisearch 10000`. A process of its own, so that one
// that needs more memory than there is ends alone. Prints one line of JSON.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Item } from "./engine.ts";
import { type EngineName, engines } from "./engines.ts";
import { median, quantile } from "./median.ts";
import { processorMsOf } from "./processor-time.ts";
import { questionsOf, sentence, vectorOf } from "./synthetic-text.ts";

const [name, count] = process.argv.slice(2) as [EngineName, string];
const memories = Number(count);
const atOnce = 500;
const noVector = new Float32Array(0);
const ofVectors = name === "vectra" || name === "sqlite-vec" || name === "mh-vectors";
const given = (text: string) => ({ text, vector: ofVectors ? vectorOf(text) : noVector });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true }));
const engine = await engines[name](folder);
let buildMs = 0;
for (let from = 0; from < memories; from += atOnce) {
  const items = Array.from({ length: Math.min(atOnce, memories - from) }, (_, i): Item => {
    return { id: `n${from + i}`, ...given(sentence(from + i)) };
  });
  buildMs += await processorMsOf(() => engine.add(items));
}
buildMs += await processorMsOf(() => engine.ready());
const asked = questionsOf(40).map(given);
// What is compiled at first use is no part of it.
for (const question of asked.slice(0, 10)) await engine.search(question);
const times: number[] = [];
for (const question of asked) times.push(await processorMsOf(() => engine.search(question)));
const residentMB = process.memoryUsage.rss() / 1e6;
console.log(
  JSON.stringify({
    buildMs: buildMs / memories,
    searchMs: median(times),
    searchP95Ms: quantile(times, 0.95),
    residentMB,
  }),
);
