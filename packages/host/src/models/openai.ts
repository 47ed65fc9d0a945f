import { createOpenAI } from "@ai-sdk/openai";
import type { Provider } from "./ai-sdk.ts";

/**
 * OpenAI, by its chat completions: nothing is stored there, while the SDK's first choice, the responses API, keeps what
 * it is sent. Everything that the SDK would look for in the environment is given.
 */
export function openAi(url: string, apiKey: string): Provider {
  const baseURL = url.replace(/\/+$/, "");
  const made = (fetcher: typeof fetch) => createOpenAI({ baseURL, apiKey, fetch: fetcher });
  return {
    language: (fetcher, model) => made(fetcher).chat(model),
    embedding: (fetcher, model) => made(fetcher).embeddingModel(model),
    models: { url: `${baseURL}/models`, headers: { authorization: `Bearer ${apiKey}` } },
  };
}
