import { heldStream } from "@mh/core/models/held-stream.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { ModelEvent, ModelMessage, ModelRequest, ModelServer } from "@mh/core/ports/model.ts";
import { type ChatResponse, type Message, Ollama, type Tool } from "ollama/browser";
import { z } from "zod";
import { callOf, usageOf } from "./answers.ts";
import { asFault } from "./as-fault.ts";
import { fetchOver } from "./fetch-over.ts";
import { wholeLines } from "./whole-lines.ts";

interface OllamaSettings {
  url: string;
  /** How many tokens of context it is given. */
  contextTokens: number;
  /** For one behind a proxy that asks for it. */
  key?: string | undefined;
}

/** Ollama's own API (https://docs.ollama.com/api), by its own library. */
export function ollamaServer({ url, contextTokens, key }: OllamaSettings, http: Http): ModelServer {
  const clientFor = (signal: AbortSignal) =>
    new Ollama({
      ...{ host: url, fetch: wholeLines(fetchOver(http, signal)) },
      ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
    });
  return {
    generate: (model, request) =>
      heldStream(request, async function* (signal) {
        const { messages, tools = [], schema, tokensMax, temperature } = request;
        const answers = await clientFor(signal).chat({
          ...{ model, stream: true, messages: messages.map(messageOf) },
          ...tooLongFails,
          ...(tools.length > 0 && { tools: tools.map(toolOf) }),
          ...(schema && { format: schema }),
          options: {
            num_ctx: contextTokens,
            num_predict: tokensMax,
            ...(temperature !== undefined && { temperature }),
          },
        });
        yield* eventsOf(answers);
      }),
    embed: (model, texts, signal) =>
      asFault(async () => {
        const answer = embeddedSchema.parse(
          await clientFor(signal).embed({ model, input: [...texts], truncate: false }),
        );
        return { vectors: answer.embeddings, usage: usageOf(answer.prompt_eval_count, 0) };
      }),
    list: (signal) =>
      asFault(async () => {
        const { models } = listSchema.parse(await clientFor(signal).list());
        return models.map(({ name, size }) => ({ name, sizeBytes: size }));
      }),
    describe: (model, signal) =>
      asFault(async () => {
        const { model_info: info = {}, capabilities } = shownSchema.parse(await clientFor(signal).show({ model }));
        const context = info[`${info["general.architecture"]}.context_length`];
        return { contextTokens: typeof context === "number" ? context : undefined, abilities: capabilities };
      }),
    version: (signal) =>
      asFault(async () => z.object({ version: z.string() }).parse(await clientFor(signal).version()).version),
    pull: (model, signal, onProgress) =>
      asFault(async () => {
        for await (const { status, completed, total } of await clientFor(signal).pull({ model, stream: true }))
          onProgress({ status: String(status), doneBytes: Number(completed) || 0, totalBytes: Number(total) || null });
      }),
  };
}

/** A newer server refuses what its context does not hold, instead of cutting it silently; an older one knows no better. */
const tooLongFails = { truncate: false, shift: false };

const embeddedSchema = z.object({
  embeddings: z.array(z.array(z.number())),
  prompt_eval_count: z.number().optional().catch(undefined),
});
const listSchema = z.object({
  models: z.array(z.object({ name: z.string(), size: z.number().optional().catch(undefined) })),
});

const shownSchema = z.object({
  model_info: z.record(z.string(), z.unknown()).optional().catch(undefined),
  capabilities: z.array(z.string()).optional().catch(undefined),
});

async function* eventsOf(answers: AsyncIterable<ChatResponse>): AsyncGenerator<ModelEvent> {
  let calls = 0;
  for await (const answer of answers) {
    const { message, done, done_reason, prompt_eval_count, eval_count } = answer as Partial<ChatResponse>;
    if (typeof message?.thinking === "string") yield { type: "thought", text: message.thinking };
    if (typeof message?.content === "string") yield { type: "text", text: message.content };
    for (const { function: named } of message?.tool_calls ?? []) {
      calls += 1;
      yield callOf(`call-${calls}`, named?.name, named?.arguments);
    }
    if (!done) continue;
    const reason = calls > 0 ? "calls" : done_reason === "length" ? "length" : "stop";
    yield { type: "end", reason, usage: usageOf(prompt_eval_count, eval_count) };
  }
}

function messageOf(message: ModelMessage): Message {
  switch (message.role) {
    case "assistant": {
      const { role, text, calls = [] } = message;
      const tool_calls = calls.map(({ name, args }) => ({ function: { name, arguments: args } }));
      return { role, content: text, ...(calls.length > 0 && { tool_calls }) };
    }
    case "tool":
      return { role: "tool", content: message.text, tool_name: message.name };
    default:
      return { role: message.role, content: message.text };
  }
}

const toolOf = ({ name, description, input }: NonNullable<ModelRequest["tools"]>[number]): Tool => ({
  type: "function",
  // It is passed on as it is: the library's type knows less of JSON Schema than the server does.
  function: { name, description, parameters: input as NonNullable<Tool["function"]["parameters"]> },
});
