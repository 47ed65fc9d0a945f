import { startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import { expect, test } from "vitest";
import { makeMh } from "./mh.ts";

test("a model is looked for, fetched, tried and used from the command line, each step saying the next", async () => {
  await using scripted = await startScriptedModels();
  using mh = makeMh();
  const { url } = scripted;
  await mh.here(["init", "--yes"]);
  expect((await mh.here(["model"])).out).toContain("No model yet.");
  const missing = await mh.here(["ollama", "doctor", "--url", "http://127.0.0.1:9"]);
  expect([missing.code, missing.out]).toEqual([1, expect.stringContaining("ollama serve")]);
  scripted.models = [];
  const bare = await mh.here(["ollama", "doctor", "--url", url]);
  expect([bare.code, bare.out]).toEqual([0, expect.stringContaining("mh model pull qwen3:4b")]);
  expect((await mh.here(["model", "pull", "tiny:1b", "--url", url])).out).toContain("mh model use tiny:1b");
  expect((await mh.here(["model", "use", "tiny:1b", "--url", url])).out).toContain("stays on this machine");
  expect((await mh.here(["model", "list", "--served"])).out).toMatch(/tiny-1b +on +tiny:1b/);
  expect((await mh.here(["model", "test"])).out).toContain("tiny-1b: answers “Hello, Ada. 你好 🎉” (19 tokens)");
  expect((await mh.here(["ollama", "doctor"])).out).toMatch(/tiny-1b +answers/);
  expect((await mh.here(["doctor", "--json"])).out).toContain("tiny-1b; mh model test");
  expect((await mh.here(["status"])).out).toMatch(/models +\d+ tokens in a day by owner/);
  // One of the settings by its name, with all that they say of it.
  await mh.here(["model", "use", "scripted", "--name", "other", "--url", url, "--context", "4096"]);
  expect((await mh.here(["model", "use", "tiny-1b"])).code).toBe(0);
  expect((await mh.here(["model", "use", "other"])).code).toBe(0);
  const { inForce } = JSON.parse((await mh.here(["act", "config.show", "{}"])).out);
  expect(inForce.models.use).toMatchObject([
    { name: "other", model: "scripted", contextTokens: 4096 },
    { name: "tiny-1b" },
  ]);
  scripted.models = [];
  const lost = await mh.here(["ollama", "doctor"]);
  expect([lost.code, lost.out]).toEqual([1, expect.stringContaining("mh model pull tiny:1b")]);
});

test("a model that does not answer is not saved, and one elsewhere only where the owner says that words may leave", async () => {
  using mh = makeMh();
  await mh.here(["init", "--yes"]);
  const gone = await mh.here(["model", "use", "m", "--url", "http://127.0.0.1:9"]);
  expect([gone.code, gone.err]).toEqual([1, expect.stringContaining("could not be reached")]);
  const far = ["model", "use", "m", "--kind", "openai-compatible", "--url", "https://models.example/v1"];
  expect((await mh.here(far)).err).toContain("--cloud");
  const paid = await mh.here(["model", "use", "m", "--kind", "anthropic", "--secret", "key", "--cloud"]);
  expect(paid.err).toContain("--price");
  expect((await mh.here(["model", "use", "m", "--price", "cheap"])).code).toBe(2);
  expect((await mh.here(["model", "list", "--json"])).out).toContain('"models":[]');
  const tried = await mh.here(["model", "test"]);
  expect([tried.code, tried.err]).toEqual([1, expect.stringContaining("mh model use NAME")]);
});

test("doctor says what each model of the settings lacks, with the next step: its context, vectors, tools", async () => {
  await using scripted = await startScriptedModels();
  using mh = makeMh();
  const { url } = scripted;
  await mh.here(["init", "--yes"]);
  scripted.models = ["scripted", "words:1b", "nomic"];
  scripted.facts = {
    scripted: { contextTokens: 2_048 },
    "words:1b": { abilities: ["completion"] },
    nomic: { abilities: ["embedding"], contextTokens: 2_048 },
  };
  await mh.here(["model", "use", "words:1b", "--url", url]);
  await mh.here(["model", "use", "scripted", "--url", url]);
  const used = await mh.here(["model", "use", "nomic", "--embedder", "--url", url, "--context", "2048"]);
  expect(used.out).toContain("memories are found by them from now on");
  const looked = await mh.here(["ollama", "doctor"]);
  expect(looked.out).toContain("version 0.9.0");
  expect(looked.out).toContain("it reads 2,048 tokens at once, and the settings say 8,192");
  expect(looked.out).toContain("mh model use scripted --context 2048");
  expect(looked.out).toMatch(/words-1b +it calls no tools/);
  expect(looked.out).toMatch(/nomic +makes vectors of 26 parts for memory/);
  expect(looked.code).toBe(1);
  await mh.here(["model", "use", "scripted", "--context", "2048"]);
  expect((await mh.here(["ollama", "doctor"])).code).toBe(0);
  // An embedder is not asked to talk, whatever the order is.
  expect((await mh.here(["act", "llm.generate", '{"messages":[{"role":"user","text":"Hello"}]}'])).out).toContain(
    '"model":"scripted"',
  );
  await mh.here(["config", "set", "memory.embedder", "none"]);
  expect((await mh.here(["ollama", "doctor"])).out).toContain("mh config set memory.embedder nomic");
  scripted.models = ["scripted", "words:1b"];
  expect((await mh.here(["ollama", "doctor"])).out).toContain("mh model pull nomic");
});

test("a model is taken out of the settings, what is used of models is shown, and vectors are made, from the command line", async () => {
  await using scripted = await startScriptedModels();
  using mh = makeMh();
  await mh.here(["init", "--yes"]);
  expect((await mh.here(["model", "usage"])).out).toContain("Nothing was asked of a model");
  await mh.here(["model", "use", "scripted", "--url", scripted.url]);
  await mh.here(["model", "use", "scripted", "--name", "vectors", "--embedder", "--url", scripted.url]);
  const list = (await mh.here(["model", "list"])).out;
  expect(list).toMatch(/vectors +vectors +scripted/);
  expect(list).toMatch(/stays on this machine +8,192/);
  await mh.here(["capture", "Listen to the silent angel"]);
  expect((await mh.here(["search", "enlist", "tinsel", "glean"])).err).toContain("mh memory embed");
  expect((await mh.here(["memory", "embed"])).out).toBe("1 vector made by vectors; there are 1 now.\n");
  const found = await mh.here(["search", "enlist", "tinsel", "glean"]);
  expect([found.out, found.err]).toEqual([expect.stringContaining("silent angel"), ""]);
  const usage = (await mh.here(["model", "usage"])).out;
  expect(usage).toMatch(/owner +\d+ tokens +no limit/);
  expect(usage).toContain("Left to agents together: 2,000,000 tokens, 100 EUR in a day.");
  expect((await mh.here(["status"])).out).toContain("2,000,000 tokens left to agents");
  const removed = await mh.here(["model", "rm", "vectors"]);
  expect([removed.out, removed.err]).toEqual([
    expect.stringContaining("mh undo"),
    expect.stringContaining("mh config set memory.embedder none"),
  ]);
  expect((await mh.here(["search", "angel"])).err).toContain("The settings name no model vectors");
  expect((await mh.here(["undo"])).out).toContain("model.remove");
  expect((await mh.here(["model", "list"])).out).toContain("vectors");
  expect((await mh.here(["model", "rm", "nothing"])).err).toContain("mh model list");
  await mh.here(["config", "set", "memory.embedder", "none"]);
  expect((await mh.here(["memory", "embed"])).out).toContain("there are no vectors");
});
