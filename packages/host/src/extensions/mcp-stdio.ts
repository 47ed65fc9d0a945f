import { LineSplitter } from "@mh/core/model/lines.ts";
import { isNestedTooDeep } from "@mh/core/model/nesting.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Run, RunEnd } from "@mh/core/ports/executor.ts";
import {
  deserializeMessage,
  type JSONRPCMessage,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/client";

const messageBytesMax = 4 * 2 ** 20;
/** Far more than what a tool says of itself may have; what is deeper runs the SDK out of stack, in nobody's hands. */
const nestingMax = 500;
const rate = { windowMs: 10_000, messagesMax: 2_000 };
const saidMax = 2_000;
/** What waits to be read by a server that does not read. */
const unreadBytesMax = 8 * 2 ** 20;

/**
 * A local server's standard input and output, a message a line. The server may be hostile: what it sends is bounded in
 * size and number, and whatever goes over a bound ends it, as its limits do.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** By these two the library knows that silence is that of an older server, and not of a network. */
  readonly stderr = null;
  readonly pid = null;
  readonly #run: Run;
  readonly #redact: (text: string) => string;
  #window = { since: performance.now(), messages: 0 };
  #said = "";
  #reason: string | undefined;

  constructor(run: Run, redact: (text: string) => string) {
    this.#run = run;
    this.#redact = redact;
    run.errors.listen((chunk) => {
      this.#said = (this.#said + Buffer.from(chunk).toString("utf8")).slice(-saidMax);
    });
  }

  /** Why it ended, or what it said on its standard error: the fault of an answer that does not come. */
  get story(): string {
    // Redacted whole: of a secret with several lines, the last one alone is none that anybody knows.
    return this.#reason ?? (tellingLine(this.#redact(this.#said)) || "it ended");
  }

  /** It was ended for what it did, and not by itself. */
  get wasEnded(): boolean {
    return this.#reason !== undefined;
  }

  async start(): Promise<void> {
    const lines = new LineSplitter(messageBytesMax);
    this.#run.output.listen((chunk) => {
      if (this.#reason !== undefined) return;
      for (const { bytes, isTooLong } of lines.push(chunk)) {
        if (isTooLong) this.#end("it sent a message of more than 4 MiB");
        else this.#take(decodeLossy(bytes));
      }
    });
    this.#run.end.then((end) => this.#ended(end));
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const { input } = this.#run;
    if (input.unreadBytes > unreadBytesMax) this.#end("it asks, and does not read the answers");
    if (!input.isOpen || this.#reason !== undefined) throw new Error(this.story);
    input.write(serializeMessage(message));
  }

  async close(): Promise<void> {
    this.#run.kill("it was ended");
  }

  #take(line: string): void {
    if (this.#reason !== undefined || line.trim() === "") return;
    if (this.#isFlood()) return this.#end("it sends more than anybody can read");
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      return this.#end("it sent a line that is no message");
    }
    if (isNestedTooDeep(message, nestingMax)) return this.#end("it sent a message that is nested too deep to be read");
    this.onmessage?.(message);
  }

  #isFlood(): boolean {
    const now = performance.now();
    if (now - this.#window.since > rate.windowMs) this.#window = { since: now, messages: 0 };
    this.#window.messages += 1;
    return this.#window.messages > rate.messagesMax;
  }

  #end(why: string): void {
    this.#reason ??= why;
    this.#run.kill(why);
  }

  #ended({ status, reason, message }: RunEnd): void {
    // What went over a limit says so; what was ended by us, or by itself, has its own words for it.
    if (status !== "exited" && reason !== "stopped") this.#reason ??= message.replace(/\.$/, "").replace(/^It /, "it ");
    this.onclose?.();
  }
}

/** Node tells its version after what went wrong, and Python tells that last. */
function tellingLine(said: string): string | undefined {
  const lines = said.trim().split("\n");
  return lines.findLast((line) => /^[\w.]*Error\b.*:/.test(line)) ?? lines.at(-1);
}
