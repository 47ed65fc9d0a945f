import type { Outcome } from "@mh/contract/wire/command.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { vectorFileInMemory } from "@mh/testing/vectors.ts";
import { expect, test } from "vitest";
import type { Run } from "../../kernel/run.ts";
import type { QueryContext } from "../../kernel/skill.ts";
import { floatBytes } from "../../models/float-bytes.ts";
import { toBase64 } from "../../ports/bytes.ts";
import { embedderOf } from "./embedder.ts";
import { QuestionMeanings } from "./question-meaning.ts";
import { Vectors } from "./vectors.ts";

const config = { memory: { embedder: "use", cloud: false, queryPrefix: "", textPrefix: "" } } as never;
const vector = Float32Array.from([1, 2, 3]);
const value = { model: "use", dimension: 3, tokens: 0, vectors: [toBase64(floatBytes(vector))] };

/** An embedder that never answers until it is cancelled, or answers at once; the time is the test's. */
function made() {
  const vectors = new Vectors({ file: vectorFileInMemory(), crypto: nodeCrypto, pause: async () => undefined });
  const { model } = embedderOf(config) ?? { model: "" };
  const space = vectors.with((store) =>
    store.write(() =>
      store.addSpace(
        "use",
        model,
        vector.map(() => 0),
        vector,
      ),
    ),
  );
  vectors.take(space, { put: [{ memory: "m", textKey: "k", vector }], refuse: [], gone: [] }, { feed: "", seq: 1 });
  vectors.with((store) => store.readTo(space, "", 1, true));
  const state = { now: 0, hangs: false, asked: 0, due: [] as (() => void)[] };
  const begin = (): Run => {
    state.asked += 1;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    if (!state.hangs) resolve({ status: "done", id: "1", value });
    return {
      outcome: promise,
      cancel: (message: string) => resolve({ status: "interrupted", id: "1", message }),
    } as Run;
  };
  const timers = {
    now: () => state.now,
    after(_ms: number, work: () => void) {
      state.due.push(work);
      return {
        [Symbol.dispose]() {
          state.due = state.due.filter((each) => each !== work);
        },
      };
    },
  };
  const check = () => ({ verdict: { verdict: "allow" } }) as never;
  const meanings = new QuestionMeanings({ vectors, begin, check, timers, crypto: nodeCrypto });
  const of = (q: string, signal = new AbortController().signal) =>
    meanings.of(q, { config, principal: "owner", signal } as unknown as QueryContext);
  return { state, meanings, of };
}

test("an embedder that does not answer in time is not waited for, and for a minute not asked; then it is", async () => {
  const { state, of } = made();
  state.hangs = true;
  const waiting = of("one");
  await expect.poll(() => state.due.length).toBe(1);
  state.due[0]?.();
  expect((await waiting).note).toContain("use does not answer in time");
  expect((await of("two")).note).toContain("use does not answer in time");
  expect([state.asked, state.due]).toEqual([1, []]);
  state.hangs = false;
  state.now = 61_000;
  const { meaning, note } = await of("two");
  expect([meaning?.nearest(1)[0]?.memory, note]).toEqual(["m", undefined]);
});

test("a search that is ended ends its question, and says nothing of the embedder", async () => {
  const { state, of } = made();
  state.hangs = true;
  const abort = new AbortController();
  const waiting = of("one", abort.signal);
  await expect.poll(() => state.asked).toBe(1);
  abort.abort(new Error("You pressed Ctrl-C"));
  await expect(waiting).rejects.toThrow("You pressed Ctrl-C");
});

test("a question is asked once while it is remembered, and again once anything was forgotten", async () => {
  const { state, meanings, of } = made();
  for (let n = 0; n < 3; n += 1) await of("the same");
  expect(state.asked).toBe(1);
  for (let n = 0; n < 256; n += 1) await of(`another ${n}`);
  await of("the same");
  expect(state.asked).toBe(258);
  meanings.forget();
  await of("the same");
  expect(state.asked).toBe(259);
  expect(await of("  ")).toEqual({});
});
