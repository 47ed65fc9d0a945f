import * as diagnostics from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { owner } from "@mh/contract/values/principal.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { makeHost } from "@mh/testing";
import { startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ask } from "../support/model-home.ts";

// Every connection of this process, whichever library makes it.
let connected: string[] = [];
const onSocket = (message: unknown) => {
  const { socket } = message as { socket: Socket };
  socket.on("connectionAttempt", (ip: string, port: number) => void connected.push(`${ip}:${port}`));
};
beforeEach(() => {
  connected = [];
  diagnostics.subscribe("net.client.socket", onSocket);
  // Where libraries would look, and are not asked to.
  const elsewhere = "http://127.0.0.9:9";
  for (const name of ["ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "OLLAMA_HOST", "HTTP_PROXY", "HTTPS_PROXY"])
    vi.stubEnv(name, elsewhere);
  for (const name of ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OLLAMA_API_KEY"]) vi.stubEnv(name, "sk-environment");
});
afterEach(() => {
  vi.unstubAllEnvs();
  diagnostics.unsubscribe("net.client.socket", onSocket);
});

const price = { input: 1, output: 1, currency: "EUR" };

/** A home with models of every kind at one place. */
async function homeWith(host: string, cloud: boolean) {
  const scripted = await startScriptedModels();
  const home = await makeHost();
  const origin = scripted.url.replace("127.0.0.1", host);
  await home.own("secret.move", { to: "keyfile" });
  await home.own("secret.set", { name: "key", offer: offerSecret(home.root, home.environment, "sk-own-key-1").id });
  const use = [
    { name: "ollama", kind: "ollama", model: "m", url: origin },
    { name: "like", kind: "openai-compatible", model: "m", url: `${origin}/v1` },
    { name: "openai", kind: "openai", model: "m", url: `${origin}/v1`, secret: "key", price },
    { name: "anthropic", kind: "anthropic", model: "m", url: `${origin}/v1`, secret: "key", price },
  ];
  await home.own("config.write", { text: JSON.stringify({ owner: "Ada", models: { cloud, use } }) });
  return {
    ...{ home, scripted, names: use.map(({ name }) => name), place: `${host}:${new URL(origin).port}` },
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await scripted[Symbol.asyncDispose]();
    },
  };
}

test("H19 with models elsewhere off no connection is made, whatever is asked", async () => {
  // An address that leads here, and is not spelled as this machine.
  await using made = await homeWith("0.0.0.0", false);
  const { home, names } = made;
  await home.act(owner, "llm.generate", ask("Hello"));
  for (const name of names) {
    await home.act(owner, "llm.generate", ask("Hello", { model: name }));
    await home.act(owner, "model.test", { name });
  }
  await home.own("model.list", {});
  await home.own("memory.capture", { text: "Tea with Sarah" });
  await home.own("memory.ask", { q: "Who had tea?" });
  expect(connected).toEqual([]);
  expect(made.scripted.requests).toEqual([]);
});

test("H19 with models elsewhere on only the host that the settings name is reached, whatever the environment says", async () => {
  await using made = await homeWith("0.0.0.0", true);
  for (const model of made.names) {
    connected = [];
    const outcome = await made.home.act(owner, "llm.generate", ask("Hello", { model }));
    expect([model, outcome]).toMatchObject([model, { status: "done", value: { model } }]);
    expect([model, connected]).toEqual([model, [made.place]]);
  }
  const keys = made.scripted.requests.map(({ headers }) => headers["x-api-key"] ?? headers.authorization);
  expect(keys).toEqual([undefined, undefined, "Bearer sk-own-key-1", "sk-own-key-1"]);
});

test("H19 a model on this machine is asked with models elsewhere off", async () => {
  await using made = await homeWith("127.0.0.1", false);
  expect((await made.home.act(owner, "llm.generate", ask("Hello"))).status).toBe("done");
  expect(connected).toEqual([made.place]);
});

test("S2 what a chat has read reaches no socket elsewhere without a grant for that host, also where the model here is gone", async () => {
  await using made = await homeWith("0.0.0.0", true);
  const { home, place } = made;
  const like = { name: "like", kind: "openai-compatible", model: "m", url: `http://${place}/v1` };
  const gone = { name: "gone", kind: "ollama", model: "m", url: "http://127.0.0.1:9" };
  await home.own("config.write", {
    text: JSON.stringify({ owner: "Ada", models: { cloud: true, use: [gone, like] } }),
  });
  const { id: chat } = await home.own("chat.start", {});
  await home.own("memory.capture", { text: "The walnut code is 4711" });
  const say = async () => {
    connected = [];
    const outcome = await home.act(owner, "chat.say", { chat, text: "What is the walnut code?" });
    return (outcome as { value: { end: string } }).value.end;
  };
  expect([await say(), connected]).toEqual(["failed", ["127.0.0.1:9"]]);
  await home.own("grant.give", { principal: "module:chat", skill: "llm.generate", scope: { hosts: ["0.0.0.0"] } });
  expect([await say(), connected]).toEqual(["answered", ["127.0.0.1:9", place]]);
});
