import type { Principal } from "@mh/contract/values/principal.ts";
import type { Http, HttpRequest } from "@mh/core/ports/http.ts";
import { nodeHttp } from "@mh/host/adapters/node-http.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { type ScriptedModels, startScriptedModels } from "@mh/testing/scripted-models/server.ts";

/** A home and a scripted server of models, which other names lead to as well. */
export interface ModelHome extends AsyncDisposable {
  home: TestHost;
  scripted: ScriptedModels;
  /** Hosts that were asked, in order. */
  asked: string[];
  /** Writes the settings of models, as the owner. */
  models(settings: { cloud?: boolean; use?: object[] }): Promise<void>;
  secret(name: string, value: string): Promise<void>;
}

/** What stands behind every name that ends in `.example`. */
function exampleHosts(to: string, asked: string[]): Http {
  const inner = nodeHttp();
  const led = (request: HttpRequest): HttpRequest => {
    const url = new URL(request.url);
    asked.push(url.hostname);
    if (url.hostname.endsWith(".example")) url.host = new URL(to).host;
    url.protocol = "http:";
    return { ...request, url: url.href };
  };
  return {
    request: (request) => inner.request(led(request)),
    stream: (request) => inner.stream(led(request)),
  };
}

export async function modelHome(options: HostOptions = {}): Promise<ModelHome> {
  const scripted = await startScriptedModels();
  const asked: string[] = [];
  const home = await makeHost({ http: exampleHosts(scripted.url, asked), ...options });
  return {
    ...{ home, scripted, asked },
    async models(settings) {
      await home.own("config.write", { text: `owner: Ada\nmodels: ${JSON.stringify(settings)}\n` });
    },
    async secret(name, value) {
      const offer = offerSecret(home.root, home.environment, value).id;
      await home.own("secret.move", { to: "keyfile" });
      await home.own("secret.set", { name, offer });
    },
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await scripted[Symbol.asyncDispose]();
    },
  };
}

/** Models as settings name them. */
export const local = (url: string) => ({ name: "local", kind: "ollama", model: "scripted", url });
export const cloud = { name: "cloud", kind: "openai-compatible", model: "scripted", url: "https://models.example/v1" };
export const paid = {
  ...{ name: "paid", kind: "anthropic", model: "scripted", url: "https://claude.example/v1", secret: "claude" },
  price: { input: 3, output: 15, currency: "EUR" },
};

export const grant = (home: TestHost, principal: Principal, hosts?: string[]) =>
  home.own("grant.give", { principal, skill: "llm.generate", ...(hosts && { scope: { hosts } }) });

export const ask = (text: string, more: object = {}) => ({ messages: [{ role: "user", text }], ...more });
