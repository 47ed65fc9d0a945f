import { Fault } from "@mh/contract/values/fault.ts";
import type { Candidate } from "@mh/core/models/settings.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { ModelServer } from "@mh/core/ports/model.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";

/** The server of a candidate, from ports held to what the command may touch. Each library is loaded at its first use. */
export function modelServers({ http, secrets }: { http: Http; secrets: Pick<Secrets, "read"> }) {
  return async (candidate: Candidate): Promise<ModelServer> => {
    const { kind, url, contextTokens } = candidate;
    const key =
      candidate.secret === undefined ? undefined : keyOf(candidate.secret, await secrets.read(candidate.secret));
    if (kind === "ollama") return (await import("./ollama.ts")).ollamaServer({ url, contextTokens, key }, http);
    const { sdkServer } = await import("./ai-sdk.ts");
    switch (kind) {
      case "openai-compatible":
        return sdkServer((await import("./openai-compatible.ts")).openAiCompatible(url, key), http);
      case "openai":
        return sdkServer((await import("./openai.ts")).openAi(url, needed(key, candidate)), http);
      case "anthropic":
        return sdkServer((await import("./anthropic.ts")).anthropic(url, needed(key, candidate)), http);
    }
  };
}

function keyOf(name: string, value: string): string {
  const key = value.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new Fault("model.failed", `The secret ${name} is no key. \`mh secret set ${name}\` corrects it.`);
}

function needed(key: string | undefined, { name, kind }: Candidate): string {
  if (key !== undefined) return key;
  throw new Fault("model.failed", `${name} needs a key for ${kind}: \`mh secret set\` keeps one, and secret names it.`);
}
