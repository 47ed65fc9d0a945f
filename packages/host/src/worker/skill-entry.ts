// Runs inside the sandbox, alone: it may import nothing but Node's own modules. The package whose script runs lies in
// /skill, to be read and no more; everything else comes and goes over the channel.
import * as net from "node:net";

interface Message {
  jsonrpc?: string;
  id?: number | string;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: { code: number; message: string };
}

/** The version of the table of host calls. */
const abi = 1;
const channel = new net.Socket({ fd: 3, readable: true, writable: true });
const waiting = new Map<string, (message: Message) => void>();
let calls = 0;
let script: { run?: (args: unknown, host: object) => unknown } | undefined;

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
  answer(method, params).then(
    (result) => send({ id: id ?? 0, result: result ?? null }),
    (error: unknown) => send({ id: id ?? 0, error: { code: -32_000, message: messageOf(error) } }),
  );
}

async function answer(method: string, params: Record<string, unknown>): Promise<unknown> {
  if (method === "load") return load(String(params.source));
  if (method === "run") return script?.run?.(params.args, { act, need, log, secret });
  throw new Error(`There is no method ${method}.`);
}

async function load(file: string): Promise<null> {
  const url: string = `file:///skill/${file}`;
  script = (await import(url)) as typeof script;
  if (typeof script?.run !== "function") throw new Error(`${file} exports no \`run\`.`);
  return null;
}

/** Gives a command to the gate, as this package. */
function act(skill: string, args: unknown): Promise<unknown> {
  calls += 1;
  const id = `a${calls}`;
  return new Promise((resolve, reject) => {
    waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
    send({ id, method: "act", params: { skill, args: args ?? {} } });
  });
}

/** The same, where anything but done is a failure. */
async function need(skill: string, args: unknown): Promise<unknown> {
  const outcome = (await act(skill, args)) as {
    status: string;
    value?: unknown;
    reason?: string;
    fault?: { message: string };
  };
  if (outcome.status === "done") return outcome.value;
  const why = outcome.reason ?? outcome.fault?.message;
  throw new Error(`${skill}: ${why ? `${outcome.status}: ${why}` : outcome.status}`);
}

function log(line: unknown): void {
  send({ method: "log", params: { text: String(line) } });
}

/** What stands for a secret in a header of `web.fetch`; the value itself never comes here. */
function secret(name: string): string {
  return `{{secret:${name}}}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
