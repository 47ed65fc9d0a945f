import type { ChildProcess } from "node:child_process";
import { deserializeMessage, serializeMessage } from "@modelcontextprotocol/sdk/shared/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { Lines } from "../sandbox/lines.ts";
import { usageOf } from "../sandbox/usage.ts";

const messageBytesMax = 4 * 2 ** 20;
const lookEveryMs = 500;
const processesMax = 64;
const memoryBytesMax = 2 ** 30;
const rate = { windowMs: 10_000, messagesMax: 2_000, bytesMax: 64 * 2 ** 20 };
const saidMax = 2_000;
/** What waits to be read by a server that does not read. */
const unreadBytesMax = 8 * 2 ** 20;

/**
 * A local server's standard input and output, a message a line. The server may be hostile: what it sends is bounded in
 * size and number, what it uses in memory and processes, and whatever goes over a bound ends it.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #child: ChildProcess;
  readonly #redact: (text: string) => string;
  #timer: NodeJS.Timeout | undefined;
  #window = { since: performance.now(), messages: 0, bytes: 0 };
  #said = "";
  #why: string | undefined;

  constructor(child: ChildProcess, redact: (text: string) => string) {
    this.#child = child;
    this.#redact = redact;
  }

  /** Why it ended, or what it said on its standard error; for whoever waits for an answer that does not come. */
  get story(): string {
    // Redacted whole: of a secret with several lines, the last one alone is none that anybody knows.
    return this.#why ?? (tellingLine(this.#redact(this.#said)) || "it ended");
  }

  async start(): Promise<void> {
    const lines = new Lines(
      messageBytesMax,
      (line) => this.#take(line),
      () => this.#end("it sent a message of more than 4 MiB"),
    );
    const { stdin, stdout, stderr } = this.#child;
    stdout?.on("data", (chunk: Buffer) => {
      if (!this.#counts(0, chunk.length)) return;
      lines.push(chunk);
    });
    stderr?.on("data", (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString("utf8")).slice(-saidMax);
      this.#counts(0, chunk.length);
    });
    // How it ended, its exit says.
    stdin?.on("error", () => undefined);
    this.#child.on("error", (error) => this.#end(error.message));
    this.#child.on("close", () => this.#closed());
    this.#timer = setInterval(() => this.#look(), lookEveryMs).unref();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const { stdin } = this.#child;
    if (stdin && stdin.writableLength > unreadBytesMax) this.#end("it asks, and does not read the answers");
    if (!stdin?.writable || this.#why !== undefined) throw new Error(this.story);
    stdin.write(serializeMessage(message));
  }

  async close(): Promise<void> {
    this.#kill();
  }

  #take(line: string): void {
    if (this.#why !== undefined || line.trim() === "") return;
    if (!this.#counts(1, 0)) return;
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      return this.#end("it sent a line that is no message");
    }
    this.onmessage?.(message);
  }

  /** Says whether it may go on. */
  #counts(messages: number, bytes: number): boolean {
    const now = performance.now();
    if (now - this.#window.since > rate.windowMs) this.#window = { since: now, messages: 0, bytes: 0 };
    this.#window.messages += messages;
    this.#window.bytes += bytes;
    const isFlood = this.#window.messages > rate.messagesMax || this.#window.bytes > rate.bytesMax;
    if (isFlood) this.#end("it sends more than anybody can read");
    return !isFlood && this.#why === undefined;
  }

  #look(): void {
    const usage = this.#child.pid === undefined ? undefined : usageOf(this.#child.pid);
    if (!usage) return;
    if (usage.rssBytes > memoryBytesMax) this.#end("it used more than 1 GiB of memory");
    if (usage.pids.length > processesMax) this.#end(`it started more than ${processesMax} processes`);
  }

  #end(why: string): void {
    this.#why ??= why;
    this.#kill();
  }

  #kill(): void {
    const { pid } = this.#child;
    for (const each of pid === undefined ? [] : (usageOf(pid)?.pids ?? [pid])) kill(each);
  }

  #closed(): void {
    clearInterval(this.#timer);
    this.onclose?.();
  }
}

/** Node tells its version after what went wrong, and Python tells that last. */
function tellingLine(said: string): string | undefined {
  const lines = said.trim().split("\n");
  return lines.findLast((line) => /^[\w.]*Error\b.*:/.test(line)) ?? lines.at(-1);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile, which is what was wanted.
  }
}
