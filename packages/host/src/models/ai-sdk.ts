import type {
  EmbeddingModelV4,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import { Fault } from "@mh/contract/values/fault.ts";
import { heldStream } from "@mh/core/models/held-stream.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type {
  EndReason,
  ModelEvent,
  ModelMessage,
  ModelRequest,
  ModelServer,
  ServedModel,
} from "@mh/core/ports/model.ts";
import { z } from "zod";
import { callOf, usageOf } from "./answers.ts";
import { asFault } from "./as-fault.ts";
import { fetchOver } from "./fetch-over.ts";

/** A provider of the AI SDK, made anew for each request, so that its connection ends with it. */
export interface Provider {
  language(fetcher: typeof fetch, model: string): LanguageModelV4;
  /** Undefined where it offers none. */
  embedding?(fetcher: typeof fetch, model: string): EmbeddingModelV4;
  /** Where it lists its models, and what it wants to see for that. */
  models: { url: string; headers: Record<string, string> };
}

/**
 * A server that a provider of the AI SDK speaks to. Of the SDK this uses the providers alone: its own loop would try
 * again by itself and call tools, which is for the gate to judge.
 */
export function sdkServer(provider: Provider, http: Http): ModelServer {
  return {
    generate: (model, request) =>
      heldStream(request, async function* (signal) {
        const { stream } = await provider.language(fetchOver(http, signal), model).doStream(optionsOf(request, signal));
        yield* eventsOf(stream as AsyncIterable<LanguageModelV4StreamPart> & typeof stream);
      }),
    embed: (model, texts, signal) =>
      asFault(async () => {
        const embedder = provider.embedding?.(fetchOver(http, signal), model);
        if (!embedder) throw new Fault("model.failed", "That server offers no embeddings. Choose another for them.");
        const { embeddings, usage } = await embedder.doEmbed({ values: [...texts], abortSignal: signal });
        return { vectors: embeddings, usage: usageOf(usage?.tokens, 0) };
      }),
    list: (signal) =>
      asFault(async (): Promise<ServedModel[]> => {
        const { url, headers } = provider.models;
        const answer = await fetchOver(http, signal)(url, { headers });
        return listSchema.parse(await answer.json()).data.map(({ id }) => ({ name: id }));
      }),
  };
}

const listSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

const endReasons: Record<string, EndReason> = {
  stop: "stop",
  "tool-calls": "calls",
  length: "length",
  "content-filter": "refused",
};

async function* eventsOf(parts: AsyncIterable<LanguageModelV4StreamPart>): AsyncGenerator<ModelEvent> {
  let calls = 0;
  for await (const part of parts) {
    switch (part.type) {
      case "text-delta":
        yield { type: "text", text: part.delta };
        break;
      case "reasoning-delta":
        yield { type: "thought", text: part.delta };
        break;
      case "tool-call":
        calls += 1;
        yield callOf(part.toolCallId || `call-${calls}`, part.toolName, part.input);
        break;
      case "error":
        throw part.error;
      case "finish": {
        const reason = endReasons[part.finishReason.unified];
        const { inputTokens, outputTokens } = part.usage;
        if (!reason) throw new Error("the answer broke off");
        yield {
          type: "end",
          reason: calls > 0 ? "calls" : reason,
          usage: usageOf(inputTokens.total, outputTokens.total),
        };
        break;
      }
      default:
        // Beginnings, ends and pieces of what comes whole, too.
        break;
    }
  }
}

function optionsOf(request: ModelRequest, abortSignal: AbortSignal): LanguageModelV4CallOptions {
  const { messages, tools = [], schema, tokensMax, temperature } = request;
  return {
    ...{ prompt: messages.map(messageOf), maxOutputTokens: tokensMax, abortSignal },
    ...(temperature !== undefined && { temperature }),
    ...(schema && { responseFormat: { type: "json", schema, name: "answer" } }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, input }) => ({ type: "function", name, description, inputSchema: input })),
    }),
  };
}

type SdkMessage = LanguageModelV4CallOptions["prompt"][number];

function messageOf(message: ModelMessage): SdkMessage {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.text };
    case "user":
      return { role: "user", content: [{ type: "text", text: message.text }] };
    case "assistant": {
      const { text, calls = [] } = message;
      const said = text === "" ? [] : [{ type: "text" as const, text }];
      const called = calls.map(({ id, name, args }) => ({
        ...{ type: "tool-call" as const, toolCallId: id, toolName: name, input: args },
      }));
      return { role: "assistant", content: [...said, ...called] };
    }
    case "tool": {
      const { call, name, text } = message;
      const output = { type: "text" as const, value: text };
      return { role: "tool", content: [{ type: "tool-result", toolCallId: call, toolName: name, output }] };
    }
  }
}
