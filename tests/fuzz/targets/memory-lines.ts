import * as fs from "node:fs";
import * as path from "node:path";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Dice } from "../dice.ts";
import { fuzzedHome } from "../fuzzed-home.ts";
import { mutatedBytes } from "../mutate.ts";
import { mutatedJson } from "../mutate-json.ts";
import { checkFault, Finding, type Target } from "../target.ts";

const commands: [skill: string, args: object][] = [
  ["memory.capture", { text: "Sarah's birthday is on 14 March 1990, she likes tea" }],
  ["memory.capture", { text: "Call +49 30 1234567 about the invoice of 50 EUR #money" }],
  ["fact.add", { subject: "Sarah", predicate: "email", object: "sarah@example.org" }],
  ["task.add", { title: "Buy tea", due: "2026-03-14" }],
  ["relationship.relate", { from: "Sarah", to: "Tom", kind: "knows" }],
  ["memory.prefer", { text: "Tea, not coffee" }],
];
/** Each file is looked at in both ways: while the home is open, and when it is opened. */
const ways = { O: "open", C: "closed", R: "index gone" } as const;

/** Lines that somebody writes into the files of memory: the home opens and answers, and none of them is the owner's word. */
export async function open(): Promise<Target> {
  const fuzzed = await fuzzedHome();
  const { home } = fuzzed;
  for (const [skill, args] of commands) await home.act("owner", skill, args);
  const files = fs.globSync("memory/**/*.ndjson", { cwd: home.root }).sort();
  const written = new Map(files.map((file) => [file, fs.readFileSync(home.file(file), "utf8")]));
  const lines = [...written.values()].flatMap((text) => text.trimEnd().split("\n"));
  const listed = await home.own<{ memories: MemoryRecord[] }>("memory.list");
  const own = new Set(listed.memories.map(({ id }) => id));
  const some = (dice: Dice) =>
    Array.from(
      { length: 1 + dice.below(5) },
      () => `${dice.chance(0.85) ? mutatedJson(dice, lines) : dice.pick(lines)}\n`,
    ).join("");
  return {
    renewAfter: 150,
    make(dice) {
      const way = dice.pick(["O", "O", "O", "C", "R"]);
      const bytes = Buffer.from(some(dice));
      const odd = dice.chance(0.25) ? mutatedBytes(dice, bytes, [Buffer.from(some(dice))]) : bytes;
      return Buffer.concat([Buffer.from(`${way}${dice.below(10)}`), odd]);
    },
    async feed(input) {
      const way = ways[String.fromCharCode(input[0] ?? 0) as keyof typeof ways] ?? "open";
      const [file = "", text = ""] = [...written][(input[1] ?? 0) % written.size] ?? [];
      const bytes = Buffer.concat([Buffer.from(text), input.subarray(2)]);
      if (way === "open") {
        fs.writeFileSync(home.file(file), bytes);
        await home.host.takeHandEdits();
      } else {
        await home.close();
        fs.writeFileSync(home.file(file), bytes);
        if (way === "index gone") fs.rmSync(path.join(home.root, "memory/index"), { recursive: true });
        await home.reopen();
      }
      for (const [skill, args] of [
        ["memory.list", {}],
        ["memory.search", { q: "sarah tea" }],
        ["memory.timeline", {}],
        ["task.list", {}],
        ["relationship.list", {}],
        ["memory.stats", {}],
      ] as const) {
        const outcome = await home.act("owner", skill, args);
        if (outcome.status === "failed") checkFault(outcome.fault);
        if (skill !== "memory.list" || outcome.status !== "done") continue;
        for (const { id, origins } of (outcome.value as { memories: MemoryRecord[] }).memories)
          if (!own.has(id) && origins.includes("owner")) throw new Finding(`${id} passes for the owner's word.`);
      }
      fs.writeFileSync(home.file(file), text);
      await home.host.takeHandEdits();
      await fuzzed.check();
    },
    [Symbol.asyncDispose]: () => fuzzed[Symbol.asyncDispose](),
  };
}
