// What a turn of a chat takes beside its model, which writes at the pace of a small one on a processor: the whole turn against the
// same requests sent to the model alone; the first word on the terminal after the model wrote it (at most 50 ms); and memory.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { createHome } from "@mh/host/home/home-file.ts";
import { openHome } from "@mh/host/home/open-home.ts";
import { serve } from "@mh/host/serve/socket/serve.ts";
import { median } from "./support/median.ts";

const budgetMs = 50;
const turns = 15;
const memories = 500;
const words = 40;
const wordMs = 15;

/** Looks once into memory, and then writes so many words at its pace. */
const model = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => void answer(Buffer.concat(chunks).toString(), response));
});
let firstWordAt = 0;
let asked: string[] = [];

async function answer(body: string, response: http.ServerResponse): Promise<void> {
  asked.push(body);
  const line = (message: object, more: object = {}) =>
    response.write(
      `${JSON.stringify({ model: "paced", message: { role: "assistant", content: "", ...message }, ...more })}\n`,
    );
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  const isFirst = !body.includes('"role":"tool"');
  if (isFirst) line({ tool_calls: [{ function: { name: "memory_search", arguments: { q: "the lake" } } }] });
  else firstWordAt = performance.now();
  for (let n = 0; n < (isFirst ? 0 : words); n += 1) {
    line({ content: `word${n} ` });
    await new Promise((next) => setTimeout(next, wordMs));
  }
  line({}, { done: true, done_reason: "stop", prompt_eval_count: 10, eval_count: words });
  response.end();
}

await new Promise<void>((ready) => model.listen(0, "127.0.0.1", ready));
const url = `http://127.0.0.1:${(model.address() as AddressInfo).port}`;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
const [root, environment] = [path.join(folder, "home"), { HOME: folder }];
createHome(root, environment, { owner: "Bench", timeZone: "UTC" });
const use = [{ name: "paced", kind: "ollama", model: "paced", url }];
fs.appendFileSync(path.join(root, "config.yaml"), `\nmodels: ${JSON.stringify({ use })}\n`);

try {
  const host = await openHome(root, { environment });
  if (!host) throw new Error("The bench's own home is held by another process.");
  await using _host = host;
  await using _server = await serve(host);
  const own = async <T>(skill: string, args: object): Promise<T> => {
    const outcome = await host.act({ principal: "owner", skill, args });
    if (outcome.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
    return outcome.value as T;
  };
  await own("chat.allow", {});
  for (let n = 0; n < memories; n += 1) await own("memory.capture", { text: `Walked along the lake, day ${n}` });

  const { id: chat } = await own<{ id: string }>("chat.start", {});
  const say = (n: number) => own("chat.say", { chat, text: `What was at the lake on day ${n}?` });
  await say(0);
  const before = process.memoryUsage().rss;
  const figures: { turnMs: number; modelMs: number }[] = [];
  for (let n = 1; n <= turns; n += 1) {
    asked = [];
    const turnMs = await timed(() => say(n));
    const requests = [...asked];
    const modelMs = await timed(async () => {
      for (const body of requests) await (await fetch(`${url}/api/chat`, { method: "POST", body })).text();
    });
    figures.push({ turnMs, modelMs });
  }
  const memoryRatio = process.memoryUsage().rss / before;
  const ratio = median(figures.map(({ turnMs, modelMs }) => turnMs / modelMs));
  const beyondMs = median(figures.map(({ turnMs, modelMs }) => turnMs - modelMs));
  console.log(JSON.stringify({ bench: "chat turn beside its model", ratio, beyondMs, turns, memories, memoryRatio }));

  const lateMs: number[] = [];
  for (let n = 0; n < turns; n += 1) lateMs.push(await lateOnTerminal(`And on day ${n}?`));
  const value = median(lateMs);
  const judged = { budget: budgetMs, withinBudget: value <= budgetMs };
  console.log(JSON.stringify({ bench: "chat, first word on the terminal after the model's", ms: value, ...judged }));
} finally {
  model.closeAllConnections();
  model.close();
  fs.rmSync(folder, { recursive: true });
}

/** From the model's first word to that of `mh chat say`, in milliseconds. */
async function lateOnTerminal(text: string): Promise<number> {
  const mh = path.join(import.meta.dirname, "..", "bin", "mh");
  const child = spawn(mh, ["--home", root, "chat", "say", text], {
    env: { ...process.env, HOME: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const shownAt = await new Promise<number>((shown) => child.stdout.once("data", () => shown(performance.now())));
  const late = shownAt - firstWordAt;
  await new Promise((ended) => child.once("close", ended));
  return late;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
