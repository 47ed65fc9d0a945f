import * as fs from "node:fs";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { lettersIn } from "@mh/testing/scripted-models/server.ts";
import { expect, test } from "vitest";
import { configure, embedding, found, others, paraphrase, rowsOf, told } from "../support/embedding-home.ts";
import { forget } from "../support/forget.ts";
import { cloud, modelHome } from "../support/model-home.ts";

test("H3 a paraphrase that shares no word is in the top 3 with an embedder, and nothing is found without one", async () => {
  await using made = await embedding();
  const { home } = made;
  const [id] = await told(made, [paraphrase.told, ...others]);
  const bare = await home.own("memory.search", { q: paraphrase.asked });
  expect(bare.hits).toEqual([]);
  expect(bare.note).toContain("No vectors are made yet");
  expect(await home.own("memory.embed", {})).toEqual({ embedder: "local", made: 41, refused: 0, vectors: 41 });
  const { hits, note } = await home.own("memory.search", { q: paraphrase.asked, k: 3 });
  expect(hits.map((hit) => hit.id)).toContain(id);
  expect(hits[0]?.reason).toContain("its meaning is close");
  expect(note).toBeUndefined();
});

test("H3 with the embedder gone search goes on by words, and says so with the next step", async () => {
  await using made = await embedding();
  const { home } = made;
  const [id] = await told(made, ["Sarah moves to Lisbon", ...others.slice(0, 5)]);
  await home.own("memory.embed", {});
  await made.scripted[Symbol.asyncDispose]();
  const [ids, note] = await found(made, "Lisbon");
  expect(ids).toEqual([id]);
  expect(note).toMatch(/^Found by words alone\. .*127\.0\.0\.1/);
  expect((await home.own("memory.ask", { q: "Who moves to Lisbon?" })).note).toMatch(/^Found by words alone/);
  await configure(made, { embedder: "none" });
  expect(await found(made, "Lisbon")).toEqual([[id], undefined]);
});

test("the daemon makes vectors by itself, what is told later too, and a question that comes again asks nobody", async () => {
  await using made = await embedding();
  const { home, scripted } = made;
  const jobs = home.host.schedule({ onRun: () => undefined, onTrouble: (why) => expect.fail(String(why)) });
  const tick = async () => {
    home.clock.forward(20_000);
    await jobs.tick();
    await jobs.settled();
  };
  const [id] = await told(made, [paraphrase.told, ...others]);
  await tick();
  expect(await found(made)).toEqual([expect.arrayContaining([id]), undefined]);
  const asked = scripted.embedded.length;
  await tick();
  await found(made);
  expect(scripted.embedded.length).toBe(asked);
  const [later] = await told(made, ["Glean the tinsel, enlist"]);
  await tick();
  expect((await found(made))[0][0]).toBe(later);
  // Only that, and the question by which the model is known again.
  expect(scripted.embedded.at(-1)).toEqual([expect.any(String), "Glean the tinsel, enlist"]);
  await jobs[Symbol.asyncDispose]();
});

test("H5 what is forgotten has no vector any more, in any embedder's; what is edited has one of its new text", async () => {
  await using made = await embedding();
  const { home } = made;
  const [gone = "", edited = ""] = await told(made, [paraphrase.told, "Yes", ...others]);
  await home.own("memory.embed", {});
  await forget(made.home, gone);
  expect(rowsOf(made, "SELECT 1 FROM vectors WHERE memory = ?", gone)).toEqual([]);
  expect((await found(made))[0]).not.toContain(gone);
  await home.own("memory.edit", { id: edited, text: paraphrase.told });
  // Until it is made, the vector of the earlier text counts for nothing.
  expect((await found(made))[0]).not.toContain(edited);
  await home.own("memory.embed", {});
  expect((await found(made))[0][0]).toBe(edited);
});

test("an embedder elsewhere gets no memory and no question before the owner says so, for models and for memories", async () => {
  await using made = await embedding({ embedder: "cloud" }, { use: [cloud], cloud: true });
  const { home } = made;
  await told(made, [paraphrase.told]);
  const refused = { status: "failed", fault: { code: "model.not-found" } };
  expect(await home.act(owner, "memory.embed", {})).toMatchObject(refused);
  expect((await found(made))[1]).toContain("mh config set memory.cloud true");
  expect(made.asked).toEqual([]);
  await configure(made, { embedder: "cloud", cloud: true }, { use: [cloud], cloud: false });
  expect(await home.act(owner, "memory.embed", {})).toMatchObject(refused);
  expect((await found(made))[1]).toContain("models elsewhere are off");
  expect(made.asked).toEqual([]);
  await configure(made, { embedder: "cloud", cloud: true }, { use: [cloud], cloud: true });
  await home.own("memory.embed", {});
  expect((await found(made))[0]).toHaveLength(1);
  expect(new Set(made.asked)).toEqual(new Set(["models.example"]));
});

test("whose question may not go to an embedder searches by words and is told why, with no approval to wait for", async () => {
  await using made = await embedding({ embedder: "cloud", cloud: true }, { use: [cloud], cloud: true });
  const { home } = made;
  const reader = agent("reader");
  await told(made, [paraphrase.told, "Sarah moves to Lisbon"]);
  await home.own("memory.embed", {});
  await home.own("grant.give", { principal: reader, skill: "memory.search" });
  const search = async (q: string) => {
    const outcome = await home.act(reader, "memory.search", { q });
    return (outcome as unknown as { value: { hits: unknown[]; note?: string } }).value;
  };
  const asked = made.asked.length;
  expect(await search("Lisbon")).toMatchObject({
    hits: [{}],
    note: expect.stringContaining("agent:reader may not use"),
  });
  await home.own("grant.give", { principal: reader, skill: "llm.embed" });
  expect((await search("Lisbon")).note).toContain("agent:reader may not use");
  expect(made.asked.length).toBe(asked);
  expect((await home.own("approval.list", {})).approvals).toEqual([]);
  // By grant for that host, where the trust is high enough.
  await home.own("grant.give", { principal: reader, skill: "llm.embed", scope: { hosts: ["models.example"] } });
  await home.own("trust.set", { principal: reader, level: "adaptive_auto" });
  expect(await search(paraphrase.asked)).toMatchObject({ hits: expect.arrayContaining([expect.anything()]) });
  expect(made.asked.length).toBe(asked + 1);
});

test("an agent that may use an embedder on this machine needs no more than that: nothing leaves, and it counts", async () => {
  await using made = await embedding();
  const { home } = made;
  const reader = agent("reader");
  const [id] = await told(made, [paraphrase.told, ...others]);
  await home.own("memory.embed", {});
  for (const skill of ["memory.search", "llm.embed"]) await home.own("grant.give", { principal: reader, skill });
  const outcome = await home.act(reader, "memory.search", { q: paraphrase.asked });
  expect(outcome).toMatchObject({ value: { hits: expect.arrayContaining([expect.objectContaining({ id })]) } });
  const { spent } = await home.own("home.status", {});
  expect(spent).toEqual(
    expect.arrayContaining([expect.objectContaining({ principal: reader, tokens: expect.any(Number) })]),
  );
});

test("the embedder is changed without a gap: the old vectors serve until the new ones are whole, and are gone then", async () => {
  await using made = await embedding();
  const { home, scripted } = made;
  const [id] = await told(made, [paraphrase.told, ...others]);
  await home.own("memory.embed", {});
  // The second has vectors of another length.
  scripted.vectorOf = (text, model) => (model === "other:7b" ? [...lettersIn(text), text.length] : lettersIn(text));
  await configure(made, { embedder: "second" });
  expect(await found(made)).toEqual([expect.arrayContaining([id]), undefined]);
  let asked = 0;
  const whole = scripted.vectorOf;
  scripted.vectorOf = (text, model) => {
    asked += 1;
    if (asked > 130) throw new Error("out of memory");
    return whole(text, model);
  };
  expect(await home.act(owner, "memory.embed", {})).toMatchObject({ status: "failed" });
  scripted.vectorOf = whole;
  expect(await found(made, "tinsel enlist glean")).toEqual([expect.arrayContaining([id]), undefined]);
  // It goes on where it was.
  const before = scripted.embedded.flat().length;
  expect(await home.own("memory.embed", {})).toMatchObject({ embedder: "second", vectors: 41 });
  expect(scripted.embedded.flat().length - before).toBeLessThan(30);
  expect(await found(made)).toEqual([expect.arrayContaining([id]), undefined]);
  expect(rowsOf(made, "SELECT name, dimension FROM spaces")).toEqual([{ name: "second", dimension: 27 }]);
});

test("a model that changed under its name is noticed, and all is made anew", async () => {
  await using made = await embedding();
  const { home, scripted } = made;
  const [id] = await told(made, [paraphrase.told, ...others]);
  await home.own("memory.embed", {});
  scripted.vectorOf = (text) =>
    lettersIn([...text].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 1)).join(""));
  await told(made, ["One more"]);
  expect(await home.own("memory.embed", {})).toMatchObject({ made: 42, vectors: 42 });
  expect((await found(made))[0]).toContain(id);
  let turn = 0;
  scripted.vectorOf = () => lettersIn("abcdefghijklmnopqrstuvwxyz".slice(turn++ % 20));
  await told(made, ["And one"]);
  expect(await home.act(owner, "memory.embed", {})).toMatchObject({
    status: "failed",
    fault: { code: "model.failed" },
  });
});

test("what is no vector is refused: zeros, no number, another length, too few; the rest of the memories have theirs", async () => {
  await using made = await embedding();
  const { home, scripted } = made;
  const [id] = await told(made, [paraphrase.told, "odd one", "Good"]);
  for (const odd of [[0, 0, 0], [1, 2], [Number.NaN, ...lettersIn("x").slice(1)], new Array<number>(26).fill(0)]) {
    scripted.vectorOf = (text) => (text.includes("odd") ? odd : lettersIn(text));
    expect(await home.own("memory.embed", {})).toMatchObject({ vectors: 2 });
    expect((await found(made))[0]).toContain(id);
    await home.close();
    fs.rmSync(home.file("memory/index/vectors.db"));
    await home.reopen();
  }
});

test("a text that is too long for a model is taken by its beginning, and what it takes nothing of stays without a vector", async () => {
  await using made = await embedding();
  const { home, scripted } = made;
  const long = `${paraphrase.told} ${"m".repeat(900)}`;
  const [, id] = await told(made, ["never", long, ...others]);
  scripted.vectorOf = (text) => {
    if (text.length > 300 || text === "never") throw new Error("the input length exceeds the context length");
    return lettersIn(text);
  };
  expect(await home.own("memory.embed", {})).toEqual({ embedder: "local", made: 41, refused: 1, vectors: 41 });
  expect(rowsOf(made, "SELECT 1 FROM vectors WHERE memory = ?", id)).toHaveLength(1);
  // It is not tried again and again.
  const before = scripted.embedded.length;
  expect(await home.own("memory.embed", {})).toMatchObject({ made: 0, refused: 0 });
  expect(scripted.embedded.length).toBe(before);
});

test("vectors outlast an index that is made anew; what was forgotten meanwhile is dropped", async () => {
  await using made = await embedding();
  const { home, scripted } = made;
  const [id = "", other = ""] = await told(made, [paraphrase.told, ...others]);
  await home.own("memory.embed", {});
  await home.close();
  const file = home.file("memory/index/vectors.db");
  const copy = fs.readFileSync(file);
  await home.reopen();
  await forget(made.home, other);
  await home.close();
  // An older copy of the file comes back, and the index is gone.
  fs.writeFileSync(file, copy);
  for (const ending of ["", "-wal", "-shm"]) fs.rmSync(home.file(`memory/index/index.db${ending}`), { force: true });
  await home.reopen();
  const before = scripted.embedded.length;
  expect(await home.own("memory.embed", {})).toEqual({ embedder: "local", made: 0, refused: 0, vectors: 40 });
  expect(scripted.embedded.length).toBe(before);
  expect((await found(made))[0]).toContain(id);
});

test("a model that makes vectors is not asked to talk, and one elsewhere needs both switches", async () => {
  await using made = await modelHome();
  const { home, scripted } = made;
  const { url } = scripted;
  const vectors = { name: "vectors", kind: "ollama", model: "scripted", url, embeds: true } as const;
  expect(await home.own("model.use", vectors)).toMatchObject({ reach: "local", text: "a vector of 26 parts" });
  expect(scripted.asked).toEqual([]);
  const hello = { messages: [{ role: "user", text: "Hello" }] } as const;
  expect(await home.act(owner, "llm.generate", hello)).toMatchObject({ value: { isTemplate: true } });
  expect(await home.own("memory.embed", {})).toMatchObject({ embedder: "vectors" });
  await home.own("model.use", { ...vectors, name: "far", url: "http://models.example", cloud: true });
  expect(await home.act(owner, "memory.embed", {})).toMatchObject({ fault: { code: "model.not-found" } });
  await home.own("config.set", { name: "memory.cloud", value: true });
  expect(await home.own("memory.embed", {})).toMatchObject({ embedder: "far" });
});
