import type { Http } from "@mh/core/ports/http.ts";
import type { ModelServer } from "@mh/core/ports/model.ts";
import { type ModelPlace, modelSuite } from "@mh/testing/ports/model.ts";
import { type ScriptedModels, startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { nodeHttp } from "../adapters/node-http.ts";
import { sdkServer } from "./ai-sdk.ts";
import { anthropic } from "./anthropic.ts";
import { ollamaServer } from "./ollama.ts";
import { openAi } from "./openai.ts";
import { openAiCompatible } from "./openai-compatible.ts";

type Make = (url: string, http: Http) => ModelServer;

const servers: Record<string, { make: Make; embeds?: boolean; thinks?: boolean }> = {
  Ollama: { make: (url, http) => ollamaServer({ url, contextTokens: 4096 }, http), embeds: true, thinks: true },
  "a server like OpenAI's": {
    make: (url, http) => sdkServer(openAiCompatible(`${url}/v1`, undefined), http),
    embeds: true,
    thinks: true,
  },
  OpenAI: { make: (url, http) => sdkServer(openAi(`${url}/v1`, "key"), http), embeds: true },
  Anthropic: { make: (url, http) => sdkServer(anthropic(`${url}/v1`, "key"), http), thinks: true },
};

/** Each byte of an answer by itself: no letter, line or JSON comes whole. */
const byteByByte = (http: Http): Http => ({
  ...http,
  async stream(request) {
    const answer = await http.stream(request);
    async function* bytes() {
      for await (const chunk of answer.body) for (const byte of chunk) yield Uint8Array.of(byte);
    }
    return { ...answer, body: bytes() };
  },
});

// No library prints what a server said: a program's output is JSON for others.
const printer = globalThis.console;
const printed = ["log", "info", "warn", "error"] as const;
beforeEach(() => void printed.map((name) => vi.spyOn(printer, name)));
afterEach(() => {
  for (const name of printed) expect(printer[name]).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

async function placeFor(name: string, http: Http): Promise<ModelPlace> {
  const scripted: ScriptedModels = await startScriptedModels();
  onTestFinished(() => scripted[Symbol.asyncDispose]());
  const { make, embeds = false, thinks = false } = servers[name] as (typeof servers)[string];
  const until = (holds: () => boolean) => expect.poll(holds).toBe(true);
  return { server: make(scripted.url, http), scripted, until, embeds, thinks };
}

test("Ollama refuses what its context does not hold, instead of answering the end of it", async () => {
  const { server } = await placeFor("Ollama", nodeHttp());
  const messages = [{ role: "user", text: "x".repeat(4 * 4096 + 1) }] as const;
  const request = { messages, tokensMax: 10, signal: new AbortController().signal };
  expect(await Array.fromAsync(server.generate("scripted", request))).toMatchObject([
    { type: "failed", fault: { message: expect.stringContaining("exceeds the context length") } },
  ]);
});

describe.each(Object.keys(servers))("%s keeps what the port of models promises", (name) => {
  for (const [promise, tryIt] of Object.entries(modelSuite)) {
    test(promise, async () => tryIt(await placeFor(name, nodeHttp())));
    test(`${promise}, byte by byte`, async () => tryIt(await placeFor(name, byteByByte(nodeHttp()))));
  }
});
