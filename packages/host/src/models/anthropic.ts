import { createAnthropic } from "@ai-sdk/anthropic";
import type { Provider } from "./ai-sdk.ts";

/** Anthropic's messages API. It has no embeddings. */
export function anthropic(url: string, apiKey: string): Provider {
  const baseURL = url.replace(/\/+$/, "");
  return {
    language: (fetcher, model) => createAnthropic({ baseURL, apiKey, fetch: fetcher })(model),
    models: { url: `${baseURL}/models`, headers: { "x-api-key": apiKey, "anthropic-version": "2023-06-01" } },
  };
}
