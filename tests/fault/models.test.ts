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
