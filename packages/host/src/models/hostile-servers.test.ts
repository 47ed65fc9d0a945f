import type { Http } from "@mh/core/ports/http.ts";
import type { ModelEvent, ModelServer } from "@mh/core/ports/model.ts";
import { randomFrom } from "@mh/testing";
import { httpOf } from "@mh/testing/http-of.ts";
import { anthropicWire } from "@mh/testing/scripted-models/anthropic-wire.ts";
import { ollamaWire } from "@mh/testing/scripted-models/ollama-wire.ts";
import { openAiWire } from "@mh/testing/scripted-models/openai-wire.ts";
import type { Asked, Reply } from "@mh/testing/scripted-models/script.ts";
import type { Wire } from "@mh/testing/scripted-models/wire.ts";
import { expect, inject, test } from "vitest";
import { sdkServer } from "./ai-sdk.ts";
import { anthropic } from "./anthropic.ts";
import { ollamaServer } from "./ollama.ts";
import { openAi } from "./openai.ts";
import { openAiCompatible } from "./openai-compatible.ts";

const url = "http://127.0.0.1:1";
const adapters: Record<string, { wire: Wire; make: (http: Http) => ModelServer }> = {
  ollama: { wire: ollamaWire, make: (http) => ollamaServer({ url, contextTokens: 4096 }, http) },
  "openai-compatible": { wire: openAiWire, make: (http) => sdkServer(openAiCompatible(url, undefined), http) },
  openai: { wire: openAiWire, make: (http) => sdkServer(openAi(url, "key"), http) },
  anthropic: { wire: anthropicWire, make: (http) => sdkServer(anthropic(url, "key"), http) },
};

const asked: Asked = {
  model: "m",
  messages: [{ role: "user", text: "Hello" }],
  tools: ["a"],
  schema: undefined,
  tokensMax: 9,
};
const reply: Reply = {
  pieces: [{ thought: "Hm" }, { text: "Hello, 你好 🎉" }, { call: "a", args: '{"b":{"c":[1,2]}}' }],
  usage: { input: 12, output: 7 },
};
const transcript = (wire: Wire): Buffer =>
  Buffer.from(
    [
      ...wire.begin(asked, reply),
      ...reply.pieces.flatMap((piece, n) => wire.piece(piece, n, asked)),
      ...wire.end(asked, reply),
    ].join(""),
  );

const oddValues = ["null", "[]", "{}", '""', "-1", "1e999", "true", '"\\ud800"', '{"__proto__":{"x":1}}'];

/** A good answer with something wrong in it. */
function spoilt(good: Buffer, random: () => number): Buffer {
  const at = (size: number) => Math.floor(random() * size);
  const [from, to] = [at(good.length), at(good.length)].toSorted((a, b) => a - b) as [number, number];
  const [before, part, after] = [good.subarray(0, from), good.subarray(from, to), good.subarray(to)];
  switch (at(5)) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, part, part, after]);
    case 3:
      return Buffer.concat([before, Buffer.from(Array.from({ length: at(9) }, () => at(256))), after]);
    default: {
      // A value of the JSON becomes another.
      const values = [...good.toString().matchAll(/(?<=:)("[^"]*"|\d+|\{\}|\[\]|null|false)/g)];
      const { index = 0, 0: value = "" } = values[at(values.length)] ?? {};
      const text = good.toString();
      return Buffer.from(
        text.slice(0, index) + (oddValues[at(oddValues.length)] ?? "") + text.slice(index + value.length),
      );
    }
  }
}

const isCallWhole = (event: ModelEvent): boolean =>
  event.type !== "call" ||
  (typeof event.call.name === "string" && !Array.isArray(event.call.args) && typeof event.call.args === "object");

test.each(Object.entries(adapters))(
  "whatever a server says, %s ends once and throws nothing",
  async (_name, { wire, make }) => {
    const random = randomFrom(inject("seed"));
    const good = transcript(wire);
    for (let n = 0; n < (process.env.CI === "true" ? 3000 : 300); n += 1) {
      const body = n === 0 ? good : spoilt(good, random);
      const server = make(httpOf(() => ({ status: 200, headers: { "content-type": wire.type }, body })));
      const request = {
        messages: [{ role: "user", text: "Hello" }],
        tokensMax: 100,
        signal: new AbortController().signal,
      } as const;
      const events = await Array.fromAsync(server.generate("m", request));
      const ends = events.filter(({ type }) => type === "end" || type === "failed");
      const seen = { ends, last: events.at(-1), calls: events.every(isCallWhole), body: body.toString() };
      expect(seen).toMatchObject({ ends: [seen.last], calls: true });
      if (n === 0) expect(ends).toEqual([{ type: "end", reason: "calls", usage: { input: 12, output: 7 } }]);
    }
  },
);
