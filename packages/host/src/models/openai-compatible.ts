import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { Provider } from "./ai-sdk.ts";

/** LM Studio, llama.cpp, vLLM and others that speak OpenAI's protocol. `url` ends before `/chat/completions`. */
export function openAiCompatible(url: string, apiKey: string | undefined): Provider {
  const baseURL = url.replace(/\/+$/, "");
  const made = (fetcher: typeof fetch) =>
    createOpenAICompatible({
      ...{ name: "models", baseURL, fetch: fetcher, includeUsage: true, supportsStructuredOutputs: true },
      ...(apiKey !== undefined && { apiKey }),
    });
  return {
    language: (fetcher, model) => made(fetcher).chatModel(model),
    embedding: (fetcher, model) => made(fetcher).embeddingModel(model),
    models: { url: `${baseURL}/models`, headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` } },
  };
}
