import { isNestedTooDeep } from "@mh/core/model/nesting.ts";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

const connectMs = 20_000;
const listMs = 20_000;
const callMs = 120_000;
const pingMs = 20_000;
const pagesMax = 20;
const listBytesMax = 4 * 2 ** 20;
const textMax = 256 * 1024;
/** Far more than a schema may have, which is said of the one tool; what is deeper nothing here can walk through. */
const listNestingMax = 500;

/** Read here, not by the SDK: an untrusted schema is never compiled. */
const listSchema = z.object({ tools: z.array(z.unknown()).max(1_000), nextCursor: z.string().max(2_000).optional() });
const answerSchema = z.object({
  content: z
    .array(z.looseObject({ type: z.string(), text: z.string().optional() }))
    .max(1_000)
    .default([]),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
});

/** Nobody gives it up: whoever runs the server ends it. */
const never = new AbortController().signal;

const silences: readonly number[] = [ErrorCode.RequestTimeout, ErrorCode.ConnectionClosed];

/** A session with one server. It offers the server nothing: no sampling, no roots, no requests to the owner. */
export class McpConnection implements AsyncDisposable {
  readonly #client: Client;
  readonly #closed = Promise.withResolvers<never>();
  #isOpen = true;

  private constructor(client: Client) {
    this.#client = client;
    this.#closed.promise.catch(() => undefined);
    client.onclose = () => {
      this.#isOpen = false;
      this.#closed.reject(new Error("it ended"));
    };
  }

  static async open(transport: Transport, signal: AbortSignal = never): Promise<McpConnection> {
    const client = new Client({ name: "mh", version: "1.0.0" }, { capabilities: {} });
    const connection = new McpConnection(client);
    try {
      await connection.#within(
        client.connect(transport, { timeout: connectMs, maxTotalTimeout: connectMs, signal }),
        signal,
      );
      return connection;
    } catch (error) {
      await transport.close().catch(() => undefined);
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Settles when it ended. */
  get closed(): Promise<void> {
    return this.#closed.promise.catch(() => undefined);
  }

  /** Everything that it says it offers, page by page, bounded. */
  async tools(signal: AbortSignal): Promise<unknown[]> {
    const all: unknown[] = [];
    const until = performance.now() + listMs;
    let cursor: string | undefined;
    let size = 0;
    for (let page = 0; page < pagesMax; page += 1) {
      const params = cursor === undefined ? {} : { cursor };
      const timeout = Math.max(1, until - performance.now());
      const asked = this.#client.request({ method: "tools/list", params }, listSchema, {
        timeout,
        maxTotalTimeout: timeout,
        signal,
      });
      const { tools, nextCursor } = await this.#within(asked, signal);
      if (isNestedTooDeep(tools, listNestingMax))
        throw new Error("what it says of its tools is nested too deep to be read");
      size += JSON.stringify(tools).length;
      if (size > listBytesMax) throw new Error("it says more of its tools than anybody can read");
      all.push(...tools);
      if (nextCursor === undefined) return all;
      cursor = nextCursor;
    }
    throw new Error(`its list of tools does not end within ${pagesMax} pages`);
  }

  async call(name: string, args: Record<string, unknown>, signal: AbortSignal) {
    const options = { timeout: callMs, maxTotalTimeout: callMs, signal };
    const asked = this.#client.request(
      { method: "tools/call", params: { name, arguments: args } },
      answerSchema,
      options,
    );
    const { content, structuredContent, isError = false } = await this.#within(asked, signal);
    const whole = content.map(({ type, text }) => text ?? `[${type.slice(0, 20)}, which is not kept]`).join("\n");
    const isKept = !isNestedTooDeep(structuredContent) && JSON.stringify(structuredContent ?? {}).length <= textMax;
    const data = isKept ? structuredContent : undefined;
    const isCut = whole.length > textMax || (structuredContent !== undefined && data === undefined);
    return { text: whole.slice(0, textMax), isError, isCut, ...(data && { data }) };
  }

  /** Throws where it does not answer any more. What it answers does not matter. */
  async ping(): Promise<void> {
    const asked = this.#client.request({ method: "ping" }, z.unknown() as never, { timeout: pingMs });
    await asked.catch((error: unknown) => {
      const isAnswer = error instanceof McpError && !silences.includes(error.code);
      if (!isAnswer) throw error;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false;
    await this.#client.close().catch(() => undefined);
  }

  /** Until it answers, ends, or nobody wants it any more. */
  #within<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
    const stopped = Promise.withResolvers<never>();
    const stop = () => stopped.reject(new Error(String(signal.reason)));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    stopped.promise.catch(() => undefined);
    return Promise.race([asked, this.#closed.promise, stopped.promise]).finally(() =>
      signal.removeEventListener("abort", stop),
    );
  }
}
