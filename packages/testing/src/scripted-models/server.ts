import type * as http from "node:http";
import { setImmediate } from "node:timers/promises";
import { bodyOf, type ScriptedServer, startScriptedServer } from "../scripted-server.ts";
import { anthropicWire } from "./anthropic-wire.ts";
import { ollamaWire } from "./ollama-wire.ts";
import { openAiWire } from "./openai-wire.ts";
import { type Asked, characterReply, type Reply, type Script } from "./script.ts";
import type { Wire } from "./wire.ts";

/** A server of models that speaks the protocols of Ollama, OpenAI and Anthropic, and answers as a script says. */
export interface ScriptedModels extends ScriptedServer {
  /** What it was asked, in order. */
  asked: Asked[];
  /** Path and headers of each request. */
  requests: { path: string; headers: http.IncomingHttpHeaders }[];
  /** How it answers; at first, as the character that a prompt names. */
  script: Script;
  /** Without it, requests are refused: as a bearer, or as `x-api-key`. */
  key: string | undefined;
  models: string[];
  /** The vector of a text; what it throws is the error that the server answers. */
  vectorOf: (text: string, model: string) => number[];
  /** What it tells of its models beside their names. */
  facts: Record<string, { contextTokens?: number; abilities?: string[] }>;
  /** Texts that it was asked for vectors of, a request each. */
  embedded: string[][];
}

const wires: Record<string, Wire> = {
  "/api/chat": ollamaWire,
  "/v1/chat/completions": openAiWire,
  "/v1/messages": anthropicWire,
};

export async function startScriptedModels(): Promise<ScriptedModels> {
  const server = await startScriptedServer((request, response) => answer(models, request, response));
  const models: ScriptedModels = Object.assign(server, {
    ...{ asked: [], requests: [], script: characterReply, key: undefined, models: ["scripted", "other:7b"] },
    ...{ vectorOf: lettersIn, embedded: [], facts: {} },
  });
  return models;
}

async function answer(models: ScriptedModels, request: http.IncomingMessage, response: http.ServerResponse) {
  const { url: path = "", headers } = request;
  models.requests.push({ path, headers });
  const brought = await bodyOf(request);
  const body = brought.length > 0 ? (JSON.parse(brought.toString()) as Record<string, unknown>) : {};
  const wire = wires[path] ?? wireOf(path, headers);
  const json = (status: number, value: unknown) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  const given = headers["x-api-key"] ?? headers.authorization?.replace(/^Bearer /, "");
  if (models.key !== undefined && given !== models.key) return json(401, wire.refusal(401));
  if (/\/(tags|models)$/.test(path)) return json(200, wire.models(models.models));
  if (path === "/api/show") {
    const { contextTokens = 8_192, abilities = ["completion", "tools"] } = models.facts[String(body.model)] ?? {};
    const model_info = { "general.architecture": "scripted", "scripted.context_length": contextTokens };
    return json(200, { model_info, capabilities: abilities });
  }
  if (path === "/api/version") return json(200, { version: "0.9.0" });
  if (/\/embed(dings)?$/.test(path)) {
    const texts = body.input as string[];
    models.embedded.push(texts);
    try {
      const vectors = texts.map((text) => models.vectorOf(text, String(body.model)));
      return json(200, wire.embedded(vectors, String(body.model)));
    } catch (error) {
      return json(400, { error: (error as Error).message });
    }
  }
  if (path === "/api/pull") return pull(models, String(body.name), response);
  if (!wires[path]) return json(404, wire.refusal(404));
  const asked = wire.asked(body);
  models.asked.push(asked);
  if (isTooLong(body, asked)) return json(400, { error: "the input length exceeds the context length" });
  const reply = models.script(asked);
  if (reply.redirect) return void response.writeHead(307, { location: reply.redirect }).end();
  if (reply.status) return json(reply.status, reply.why ? { error: reply.why } : wire.refusal(reply.status));
  await speak(wire, asked, reply, response);
}

/** As Ollama refuses a conversation where it was told not to cut it; four letters are a token here. */
function isTooLong(
  { truncate, options }: { truncate?: unknown; options?: { num_ctx?: number } },
  asked: Asked,
): boolean {
  const letters = asked.messages.reduce((sum, { text }) => sum + text.length, 0);
  return truncate === false && letters / 4 > (options?.num_ctx ?? Number.POSITIVE_INFINITY);
}

const wireOf = (path: string, headers: http.IncomingHttpHeaders): Wire =>
  path.startsWith("/api/") ? ollamaWire : headers["anthropic-version"] ? anthropicWire : openAiWire;

async function speak(wire: Wire, asked: Asked, reply: Reply, response: http.ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": wire.type });
  const write = (frame: string) => new Promise<void>((resolve) => void response.write(frame, () => resolve()));
  for (const frame of wire.begin(asked, reply)) await write(frame);
  let index = 0;
  do {
    for (const piece of reply.pieces) {
      for (const frame of wire.piece(piece, index, asked)) await write(frame);
      index += 1;
    }
    await setImmediate();
  } while (reply.after === "again for ever" && !response.destroyed);
  switch (reply.after) {
    case "hang":
      return response.flushHeaders();
    case "drop":
      return void response.destroy();
    case "error":
      return void response.end(wire.error());
    case "garbage":
      return void response.end("<html>Bad gateway</html>\n\n");
    default:
      for (const frame of wire.end(asked, reply)) await write(frame);
      response.end();
  }
}

/** Letters, counted: the same text has the same vector, and like texts have like ones. */
export function lettersIn(text: string): number[] {
  const counts = new Array<number>(26).fill(0);
  for (const letter of text.toLowerCase()) {
    const at = letter.charCodeAt(0) - 97;
    if (at >= 0 && at < 26) counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

/** As Ollama fetches a model; one that it does not find is an error in the middle of a good answer. */
function pull(models: ScriptedModels, name: string, response: http.ServerResponse): void {
  const lines: object[] = [{ status: "pulling manifest" }];
  if (name.startsWith("no-such")) lines.push({ error: "pull model manifest: file does not exist" });
  else {
    for (const completed of [0, 50, 100])
      lines.push({ status: "pulling 123456789abc", digest: "sha256:123456789abc", total: 100, completed });
    lines.push({ status: "verifying sha256 digest" }, { status: "success" });
    models.models.push(name);
  }
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}
