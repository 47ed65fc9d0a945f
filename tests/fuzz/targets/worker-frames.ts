import { randomUUID } from "node:crypto";
import { agentManifestSchema } from "@mh/core/agents/scheduler/agent-manifest.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import { AgentRuntime } from "@mh/host/agents/runtime.ts";
import type { Dice } from "../dice.ts";
import { fuzzedHome } from "../fuzzed-home.ts";
import { mutatedBytes } from "../mutate.ts";
import { mutatedJson } from "../mutate-json.ts";
import { speakingExecutor, spokenRun } from "../spoken-run.ts";
import { checkFault, Finding, type Target } from "../target.ts";
import { pieces } from "./socket-frames.ts";

const declared = {
  name: "fuzzed",
  title: "Says anything",
  triggers: [{ every: "1h" }],
  may: ["memory.capture"],
  ensures: ["memory.capture"],
};
/** What a good worker says, in this order. */
const course = [
  { method: "hello", params: { abi: 1 } },
  { id: 1, result: declared },
  { method: "progress", params: { done: 1, total: 3, unit: "notes", note: "On it" } },
  { method: "log", params: { text: "Looking" } },
  { id: "a", method: "act", params: { skill: "memory.capture", args: { text: "a note" }, progress: true } },
  { method: "failed", params: { message: "It broke" } },
  { id: 2, result: null },
  { id: 2, error: { code: 1, message: "No" } },
];

/** An agent's worker that says anything on its channel, run as the daemon runs one: it gets what its own name may. */
export async function open(): Promise<Target> {
  const fuzzed = await fuzzedHome();
  const { home, commands } = fuzzed;
  const reader = openProjection(home.file("memory/index/index.db"), { readonly: true });
  const manifest = agentManifestSchema().parse(declared);
  const acts = commands.map((command, n) => ({
    id: n,
    method: "act",
    params: { ...JSON.parse(command), progress: true },
  }));
  const frames = [...course, ...course, ...course, ...acts].map((each) => JSON.stringify({ jsonrpc: "2.0", ...each }));
  const session = (dice: Dice) => {
    const good = course.slice(0, 1 + dice.below(course.length)).map((each) => JSON.stringify(each));
    const odd = Array.from({ length: 1 + dice.below(4) }, () =>
      dice.chance(0.8) ? mutatedJson(dice, frames) : dice.pick(frames),
    );
    const at = dice.below(good.length + 1);
    return Buffer.from([...good.slice(0, at), ...odd, ...good.slice(at)].map((line) => `${line}\n`).join(""));
  };
  let begun: ReturnType<typeof spokenRun>;
  const runtime = new AgentRuntime({
    executor: speakingExecutor(() => begun.run),
    ...{ root: home.root, redact: home.host.redact, crypto: nodeCrypto, clock: home.clock, reader },
    ...{ config: home.host.config, timeZone: () => "UTC", begin: (command) => home.host.begin(command) },
    ...{ reachOf: () => "home" as const, give: () => undefined, isShipped: () => false },
  });
  return {
    renewAfter: 1_500,
    make(dice) {
      const bytes = session(dice);
      return dice.chance(0.25) ? mutatedBytes(dice, bytes, [session(dice)]) : bytes;
    },
    async feed(input) {
      const before = home.outbox().length;
      const heard: string[] = [];
      begun = spokenRun((text) => heard.push(text));
      const run = runtime.run({
        ...{
          agent: "fuzzed",
          kind: "owner",
          trigger: "owner",
          slot: randomUUID(),
          attempt: 1,
          at: new Date(0).toISOString(),
        },
        ...{
          commandId: randomUUID(),
          source: "",
          words: "",
          manifest,
          signal: new AbortController().signal,
          progress: () => undefined,
        },
      } as never);
      for (const piece of pieces(input)) {
        begun.say(piece);
        await Promise.resolve();
      }
      await fuzzed.settled();
      await new Promise(setImmediate);
      begun.leave();
      const report = await run;
      if (report.message.length > 4_096) throw new Finding("Its report is too long.");
      for (const line of heard.join("").split("\n").filter(Boolean)) {
        const { result, error } = JSON.parse(line) as {
          result?: { status?: string; fault?: never };
          error?: { message: string };
        };
        if (result?.status === "failed") checkFault(result.fault);
        if (error && error.message !== "This run is over.")
          throw new Finding(`The worker is told of an error of ours: ${error.message}`);
      }
      if (home.outbox().length !== before) throw new Finding("An agent without a grant sent something.");
      await fuzzed.check();
    },
    async [Symbol.asyncDispose]() {
      reader.close();
      await fuzzed[Symbol.asyncDispose]();
    },
  };
}
