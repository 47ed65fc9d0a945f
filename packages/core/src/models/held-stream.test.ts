import { Fault } from "@mh/contract/values/fault.ts";
import { expect, test } from "vitest";
import type { ModelEvent } from "../ports/model.ts";
import { heldStream } from "./held-stream.ts";

const text = (words: string): ModelEvent => ({ type: "text", text: words });
const stop: ModelEvent = { type: "end", reason: "stop" };

function held(
  source: (signal: AbortSignal) => AsyncIterable<ModelEvent>,
  { signal = new AbortController().signal, tokensMax = 10 } = {},
) {
  return heldStream({ messages: [], tokensMax, signal }, source);
}

async function* of(...events: ModelEvent[]): AsyncGenerator<ModelEvent> {
  yield* events;
}

test("what an adapter throws is an event, whenever it throws it", async () => {
  const atOnce = () => {
    throw new Error("no such thing");
  };
  async function* later(): AsyncGenerator<ModelEvent> {
    yield text("a");
    throw new Fault("http.failed", "The server is gone.");
  }
  const failed = (code: string, message: string) => ({
    type: "failed",
    fault: expect.objectContaining({ code, message }),
  });
  expect(await Array.fromAsync(held(atOnce))).toEqual([
    failed("model.failed", "The model's server failed: no such thing."),
  ]);
  expect(await Array.fromAsync(held(later))).toEqual([text("a"), failed("http.failed", "The server is gone.")]);
});

test("one event ends it: what comes after is not heard, and where none comes it failed", async () => {
  expect(await Array.fromAsync(held(() => of(text("a"), stop, text("b"), stop)))).toEqual([text("a"), stop]);
  expect((await Array.fromAsync(held(() => of(text("a"))))).at(-1)).toMatchObject({ type: "failed" });
  expect(await Array.fromAsync(held(() => of(text(""), stop)))).toEqual([stop]);
});

test("an adapter that hangs is not waited for, and is told that it is over", async () => {
  const abort = new AbortController();
  let told: AbortSignal | undefined;
  async function* hanging(signal: AbortSignal): AsyncGenerator<ModelEvent> {
    told = signal;
    yield text("a");
    await new Promise(() => undefined);
  }
  const events: ModelEvent[] = [];
  for await (const event of held(hanging, { signal: abort.signal })) {
    events.push(event);
    setImmediate(() => abort.abort());
  }
  expect(events).toEqual([text("a"), { type: "cancelled" }]);
  for await (const _event of held(hanging)) break;
  expect(told?.aborted).toBe(true);
});

test("a model that writes or calls more than asked for is cut off", async () => {
  const long = await Array.fromAsync(held(() => of(text("x".repeat(160)), text("y"), stop)));
  expect(long).toEqual([text("x".repeat(160)), { type: "end", reason: "length" }]);
  const called = (args: Record<string, unknown>): ModelEvent => ({ type: "call", call: { id: "1", name: "a", args } });
  const longCall = await Array.fromAsync(held(() => of(called({ text: "x".repeat(160) }), stop)));
  expect(longCall).toEqual([{ type: "end", reason: "length" }]);
  const many = await Array.fromAsync(
    held(() => of(...new Array<ModelEvent>(200).fill(called({})), stop), { tokensMax: 1_000 }),
  );
  expect([many.length, many.at(-1)]).toEqual([101, { type: "end", reason: "length" }]);
});
