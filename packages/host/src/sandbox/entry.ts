// Runs inside the sandbox, alone: it may import nothing but Node's own modules. An agent's file comes over the channel,
// is loaded from memory, and sees no module but `@mh/core/agent`. A package whose script runs lies in /skill, to be
// read and no more.
import * as module from "node:module";
import * as net from "node:net";
import { pathToFileURL } from "node:url";

interface Message {
  jsonrpc?: string;
  id?: number | string;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: { code: number; message: string };
}

interface Agent {
  run?: (context: object) => unknown;
}

interface Script {
  run?: (args: unknown, host: object) => unknown;
}

/** The version of the table of host calls. */
const abi = 1;
/** Its second name stands in agents that were written before the first one was there. */
const agentApi = ["@mh/core/agent", "@mh/core/agent.ts"];
/** Not in the call itself: a bundler would look for it. */
const agentUrl: string = "mh:agent-file";
const channel = new net.Socket({ fd: 3, readable: true, writable: true });
const waiting = new Map<string, (message: Message) => void>();
const watching = new Map<string, (progress: object) => void>();
let calls = 0;
let run: (params: Record<string, unknown>) => unknown;

let text = "";
channel.setEncoding("utf8");
channel.on("data", (chunk: string) => {
  const lines = (text + chunk).split("\n");
  text = lines.pop() ?? "";
  for (const line of lines) take(JSON.parse(line) as Message);
});
channel.on("close", () => process.exit(0));
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
send({ method: "hello", params: { abi } });

function send(message: Message): void {
  channel.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

function fail(error: unknown): void {
  send({ method: "failed", params: { message: messageOf(error) } });
}

function take(message: Message): void {
  if (message.method === undefined) {
    waiting.get(String(message.id))?.(message);
    waiting.delete(String(message.id));
    return;
  }
  const { id, method, params = {} } = message;
  if (method === "progress") {
    const { of, ...said } = params;
    watching.get(String(of))?.(said);
    return;
  }
  const answered = answer(method, params).finally(() => Promise.all([process.stdout, process.stderr].map(written)));
  answered.then(
    (result) => send({ id: id ?? 0, result: result ?? null }),
    (error: unknown) => send({ id: id ?? 0, error: { code: -32_000, message: messageOf(error) } }),
  );
}

/** After its answer the process is ended: what it said is to be out by then. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

async function answer(method: string, params: Record<string, unknown>): Promise<unknown> {
  if (method === "load") return loadAgent(String(params.source));
  if (method === "loadScript") return loadScript(String(params.file));
  if (method === "run") return run(params);
  throw new Error(`There is no method ${method}.`);
}

async function loadAgent(source: string): Promise<unknown> {
  const text = module.stripTypeScriptTypes(source);
  module.registerHooks({
    resolve(specifier) {
      if (specifier === agentUrl) return { url: specifier, shortCircuit: true };
      if (agentApi.includes(specifier)) return { url: "mh:agent-api", shortCircuit: true };
      throw new Error(`An agent imports @mh/core/agent and nothing else, not ${specifier}.`);
    },
    load(url) {
      const api = "export const defineAgent = (definition) => definition;";
      return { format: "module", source: url === agentUrl ? text : api, shortCircuit: true };
    },
  });
  const file = (await import(agentUrl)) as { agent?: Agent };
  if (typeof file.agent !== "object" || file.agent === null) throw new Error("The file exports no `agent`.");
  const { agent } = file;
  const { run: _run, ...declared } = agent;
  if (typeof agent.run !== "function") throw new Error("The agent has no `run`.");
  run = async (context) => {
    const value = await agent.run?.({ ...context, act, need, ask: asker(context.config), progress, log });
    // What an agent gives back is nobody's, but for who delegated to it.
    return (context.trigger as { kind?: unknown } | undefined)?.kind === "agent" ? value : undefined;
  };
  return JSON.parse(JSON.stringify(declared)) as unknown;
}

async function loadScript(file: string): Promise<null> {
  const [folder = ""] = process.argv.slice(2);
  const { href: url } = pathToFileURL(`${folder}/${file}`);
  const script = (await import(url)) as Script;
  if (typeof script.run !== "function") throw new Error(`${file} exports no \`run\`.`);
  run = ({ args }) => script.run?.(args, { act, need, progress, log, secret });
  return null;
}

interface ActOptions {
  onProgress?: (progress: object) => void;
  patienceMs?: number;
}

/** Gives a command to the gate. */
async function act(skill: string, args: unknown, { onProgress, patienceMs }: ActOptions = {}): Promise<unknown> {
  calls += 1;
  const id = `a${calls}`;
  if (onProgress) watching.set(id, onProgress);
  const cancel = () => send({ method: "cancel", params: { of: id } });
  const timer = patienceMs === undefined ? undefined : setTimeout(cancel, patienceMs);
  try {
    return await new Promise((resolve, reject) => {
      waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
      send({ id, method: "act", params: { skill, args: args ?? {}, ...(onProgress && { progress: true }) } });
    });
  } finally {
    clearTimeout(timer);
    watching.delete(id);
  }
}

/** The same, where anything but done is a failure. */
async function need(skill: string, args: unknown, options?: ActOptions): Promise<unknown> {
  const outcome = (await act(skill, args, options)) as { status: string; value?: unknown };
  if (outcome.status === "done") return outcome.value;
  throw new Error(`${skill}: ${reasonOf(outcome)}`);
}

interface Asking {
  prompt: string;
  text: string;
  schema: object;
  tokensMax?: number;
  waitMs?: number;
}

const waitMsUsual = 60_000;

/** Asks a model for JSON. A run goes on without an answer, and its log says so. */
function asker(config: unknown): (asking: Asking) => Promise<unknown> {
  const { model, modelSeconds } = (config ?? {}) as { model?: unknown; modelSeconds?: unknown };
  return async ({ prompt, text, schema, tokensMax = 800, waitMs = waitMsUsual }) => {
    if (model === false) return undefined;
    const instructions = (await need("prompt.read", { name: prompt })) as { text: string };
    const messages = [
      { role: "system", text: instructions.text },
      { role: "user", text },
    ];
    const patienceMs = typeof modelSeconds === "number" ? modelSeconds * 1_000 : waitMs;
    const args = { messages, schema, tokensMax, temperature: 0 };
    const outcome = (await act("llm.generate", args, { patienceMs })) as {
      status: string;
      value?: { text: string; isTemplate: boolean };
    };
    const { value } = outcome;
    if (!value) log(`Done without a model: ${reasonOf(outcome)}`);
    if (!value || value.isTemplate) return undefined;
    const answered = jsonIn(value.text);
    if (answered === undefined) log("Done without a model: what it answered is no JSON.");
    return answered;
  };
}

/** Small models put words or a fence around it. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  } catch {
    return undefined;
  }
}

/** Says how far this run is. */
function progress({ done, total, unit, note = "" }: Record<string, unknown>): void {
  // Longer than what anybody shows, it would be refused.
  send({ method: "progress", params: { done, total, unit, note: String(note).slice(0, 500) } });
}

function log(line: unknown): void {
  send({ method: "log", params: { text: String(line) } });
}

/** What stands for a secret in a header of `web.fetch`; the value itself never comes here. */
function secret(name: string): string {
  return `{{secret:${name}}}`;
}

function reasonOf(outcome: { status: string; reason?: string; fault?: { message: string }; message?: string }): string {
  const why = outcome.reason ?? outcome.fault?.message ?? outcome.message;
  return why ? `${outcome.status}: ${why}` : outcome.status;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
