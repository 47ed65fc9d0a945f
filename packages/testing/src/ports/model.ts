import assert from "node:assert/strict";
import { Fault } from "@mh/contract/values/fault.ts";
import type { ModelEvent, ModelMessage, ModelRequest, ModelServer } from "@mh/core/ports/model.ts";
import type { ScriptedModels } from "../scripted-models/server.ts";
import type { Suite } from "./suite.ts";

/** An adapter, and the scripted server that it speaks to. */
export interface ModelPlace {
  server: ModelServer;
  scripted: ScriptedModels;
  /** Waits until something holds; no clock is asked. */
  until(holds: () => boolean): Promise<void>;
  /** This kind of server can make vectors. */
  embeds: boolean;
  /** It tells what a model thinks. */
  thinks: boolean;
}

type Asking = Partial<ModelRequest> & { messages?: readonly ModelMessage[] };

const prompt = (text: string): ModelMessage[] => [{ role: "user", text }];
const forEver = () => new AbortController().signal;

function begin({ server }: ModelPlace, text: string, more: Asking = {}): AsyncIterable<ModelEvent> {
  return server.generate("scripted", { messages: prompt(text), tokensMax: 100, signal: forEver(), ...more });
}

async function eventsOf(place: ModelPlace, text: string, more: Asking = {}): Promise<ModelEvent[]> {
  const events = await Array.fromAsync(begin(place, text, more));
  const last = ["end", "failed", "cancelled"];
  assert.deepEqual(
    events.map(({ type }, at) => last.includes(type) === (at === events.length - 1)),
    events.map(() => true),
    "one event ends it, and it is the last",
  );
  return events;
}

const textOf = (events: readonly ModelEvent[]): string =>
  events.map((event) => (event.type === "text" ? event.text : "")).join("");

/** Everything but the text, which may come in pieces of any size. */
const restOf = (events: readonly ModelEvent[]): ModelEvent[] => events.filter(({ type }) => type !== "text");

const tool = (name: string) => ({
  name,
  description: `Does ${name}`,
  input: { type: "object", properties: { title: { type: "string" } } },
});

async function failing(place: ModelPlace, text: string): Promise<Fault> {
  const last = (await eventsOf(place, text)).at(-1);
  assert(last?.type === "failed", JSON.stringify(last));
  return last.fault;
}

export const modelSuite: Suite<ModelPlace> = {
  async "what a model writes comes as it is, and ends with what was counted"(place) {
    const events = await eventsOf(place, "Hello");
    assert.equal(textOf(events), "Hello, Ada. 你好 🎉");
    assert.deepEqual(restOf(events), [{ type: "end", reason: "stop", usage: { input: 12, output: 7 } }]);
  },
  async "the whole conversation, what may be written and the tools arrive at the server"(place) {
    const messages: ModelMessage[] = [
      { role: "system", text: "Be brief." },
      { role: "user", text: "What is to do?" },
      { role: "assistant", text: "I look.", calls: [{ id: "c1", name: "task_list", args: { all: true } }] },
      { role: "tool", call: "c1", name: "task_list", text: "Buy tea" },
    ];
    const events = await eventsOf(place, "", { messages, tools: [tool("task_list")], tokensMax: 50 });
    assert.equal(textOf(events), "The tool says: Buy tea");
    const [asked] = place.scripted.asked;
    assert.deepEqual(asked?.messages, [
      { role: "system", text: "Be brief." },
      { role: "user", text: "What is to do?" },
      { role: "assistant", text: "I look." },
      { role: "tool", text: "Buy tea" },
    ]);
    assert.deepEqual([asked?.tools, asked?.tokensMax, asked?.model], [["task_list"], 50, "scripted"]);
  },
  async "a call comes whole, with an id and its arguments, after the text before it"(place) {
    const text = '[calls] task_add {"title":"Tea {for} two","n":[1,2]}';
    const events = await eventsOf(place, text, { tools: [tool("task_add")] });
    assert.equal(textOf(events), "One moment. ");
    const [call, end] = restOf(events);
    assert(call?.type === "call" && call.call.id !== "");
    assert.deepEqual([call.call.name, call.call.args], ["task_add", { title: "Tea {for} two", n: [1, 2] }]);
    assert(end?.type === "end" && end.reason === "calls");
  },
  async "two calls at once are two, each with an id of its own"(place) {
    const events = restOf(await eventsOf(place, "[calls twice]", { tools: [tool("task_list"), tool("task_add")] }));
    const calls = events.flatMap((event) => (event.type === "call" ? [event.call] : []));
    assert.deepEqual(
      calls.map(({ name, args }) => [name, args]),
      [
        ["task_list", {}],
        ["task_add", { title: "Tea" }],
      ],
    );
    assert.equal(new Set(calls.map(({ id }) => id)).size, 2);
  },
  async "a call whose arguments are no JSON object is none, and is told as that"(place) {
    for (const text of ["[malformed call]", "[array call]"]) {
      const events = await eventsOf(place, text, { tools: [tool("task_add")] });
      assert.deepEqual(
        events.filter(({ type }) => type === "call"),
        [],
      );
      const bad = events.find((event) => event.type === "bad-call");
      assert.equal(bad?.name, "task_add");
      assert.equal(events.at(-1)?.type, "end");
    }
  },
  async "what a model thinks is no part of its answer"(place) {
    const events = await eventsOf(place, "[thinks]");
    assert.equal(textOf(events), "Four.");
    const thought = events.flatMap((event) => (event.type === "thought" ? [event.text] : [])).join("");
    assert.equal(thought, place.thinks ? "Two and two…" : "");
  },
  async "the form that the text must have arrives at the server"(place) {
    const schema = { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] };
    const events = await eventsOf(place, "Two and two?", { schema });
    assert.deepEqual(JSON.parse(textOf(events)), { answer: "four" });
    const told = place.scripted.asked[0]?.schema as typeof schema | undefined;
    assert.deepEqual(Object.keys(told?.properties ?? {}), ["answer"]);
  },
  async "an answer that was cut says so"(place) {
    const end = (await eventsOf(place, "[cut off]")).at(-1);
    assert(end?.type === "end" && end.reason === "length");
  },
  async "counts that are no numbers are none"(place) {
    const events = await eventsOf(place, "[counts nonsense]");
    const end = events.at(-1);
    assert(end?.type === "failed" || (end?.type === "end" && end.usage === undefined), JSON.stringify(end));
  },
  async "a server that refuses is a fault with what it said and the next step"(place) {
    for (const [text, status] of [
      ["[unauthorized]", 401],
      ["[unknown]", 404],
      ["[busy]", 429],
      ["[broken]", 500],
    ] as const) {
      const { code, message } = await failing(place, text);
      assert.equal(code, "model.failed");
      assert.match(message, new RegExp(`^127\\.0\\.0\\.1:\\d+ answered ${status}: .+\\.$`));
    }
  },
  async "it is asked once: whether it is tried again is not for an adapter to say"(place) {
    for (const text of ["[broken]", "[drops]"]) await failing(place, text);
    assert.equal(place.scripted.asked.length, 2);
  },
  async "what breaks off in the middle is no answer, however it breaks off"(place) {
    for (const text of ["[drops]", "[breaks off]", "[garbage]"]) {
      const events = await eventsOf(place, text);
      assert.equal(events.at(-1)?.type, "failed", `${text}: ${JSON.stringify(events)}`);
      assert.equal("The answer is".startsWith(textOf(events)), true);
    }
  },
  async "no server at all is a fault, too"(place) {
    await place.scripted[Symbol.asyncDispose]();
    await failing(place, "Hello");
    await assert.rejects(place.server.list(forEver()), Fault);
    await assert.rejects(place.server.embed("scripted", ["a"], forEver()), Fault);
  },
  async "no other server is asked, whatever this one says"(place) {
    place.scripted.script = () => ({ pieces: [], redirect: `${place.scripted.url}/v1/elsewhere` });
    await failing(place, "Hello");
    assert.equal(place.scripted.requests.length, 1);
  },
  async "an abort ends it at once, and the connection with it"(place) {
    const abort = new AbortController();
    const events: ModelEvent[] = [];
    for await (const event of begin(place, "[hangs]", { signal: abort.signal })) {
      events.push(event);
      if (event.type === "text") abort.abort("enough");
    }
    assert.deepEqual(events.at(-1), { type: "cancelled" });
    await place.until(() => place.scripted.open === 0);
  },
  async "an abort ends what has not begun to answer"(place) {
    const abort = new AbortController();
    const work = eventsOf(place, "[hangs at once]", { signal: abort.signal });
    await place.until(() => place.scripted.asked.length === 1);
    abort.abort("enough");
    assert.deepEqual(await work, [{ type: "cancelled" }]);
    await place.until(() => place.scripted.open === 0);
  },
  async "what was aborted before it began asks nobody"(place) {
    assert.deepEqual(await eventsOf(place, "Hello", { signal: AbortSignal.abort("no") }), [{ type: "cancelled" }]);
    assert.equal(place.scripted.requests.length, 0);
  },
  async "a reader that stops ends the connection"(place) {
    for await (const event of begin(place, "[hangs]")) if (event.type === "text") break;
    await place.until(() => place.scripted.open === 0);
  },
  async "a model that writes without end is cut off, and the connection ends"(place) {
    const events = await eventsOf(place, "[endless]", { tokensMax: 20 });
    assert.deepEqual(events.at(-1), { type: "end", reason: "length" });
    assert.equal(textOf(events).length <= 20 * 16, true);
    await place.until(() => place.scripted.open === 0);
  },
  async "the models of a server are listed"(place) {
    assert.deepEqual(
      (await place.server.list(forEver())).map(({ name }) => name),
      ["scripted", "other:7b"],
    );
  },
  async "each text has a vector, in their order"(place) {
    const work = place.server.embed("scripted", ["ab", "b", "ab"], forEver());
    if (!place.embeds) return assert.rejects(work, Fault);
    const { vectors } = await work;
    assert.deepEqual(
      vectors.map((vector) => vector.slice(0, 2)),
      [
        [1, 1],
        [0, 1],
        [1, 1],
      ],
    );
  },
  async "two at once do not end each other"(place) {
    const abort = new AbortController();
    const hanging = eventsOf(place, "[hangs at once]", { signal: abort.signal });
    assert.equal(textOf(await eventsOf(place, "Hello")), "Hello, Ada. 你好 🎉");
    abort.abort();
    assert.deepEqual(await hanging, [{ type: "cancelled" }]);
  },
};
