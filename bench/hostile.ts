// The verdict on hostile arguments after others' text was read: as much as is looked at, and more (S5: p99 at most 50 ms).

import { toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { judgeCall } from "@mh/core/policy/provenance/judge-call.ts";
import { Trace } from "@mh/core/policy/provenance/trace.ts";
import { hostileTexts } from "../tests/support/hostile.ts";
import { quantile } from "./support/median.ts";

const news = toolFactsSchema.parse({ writers: "anyone" });
const write = toolFactsSchema.parse({ control: ["path"], content: ["text"], types: { path: "path" } });
const trace = new Trace(`Write a summary to /srv/notes.txt ${"please tell Sarah of it ".repeat(200)}`);
const output = Array.from({ length: 1_000 }, (_, id) => ({ id, text: "some words and more of them ".repeat(30) }));
trace.add({ id: "read", facts: news, effect: "fetch", args: {}, output });

const times: number[] = [];
for (const textOf of Object.values(hostileTexts)) {
  for (const length of [250_000, 1_000_000]) {
    const text = textOf(length);
    for (const args of [
      { path: "/srv/notes.txt", text },
      { path: text, text: "x" },
      { path: [text.slice(0, 4_000)], text },
    ]) {
      for (let n = 0; n < 5; n += 1) {
        const start = performance.now();
        judgeCall(trace, { id: "now", facts: write, effect: "local", args });
        times.push(performance.now() - start);
      }
    }
  }
}
const p99Ms = quantile(times, 0.99);
const line = { bench: "verdict hostile p99", verdicts: times.length, p50Ms: quantile(times, 0.5), p99Ms };
console.log(JSON.stringify({ ...line, budget: 50, withinBudget: p99Ms <= 50 }));
