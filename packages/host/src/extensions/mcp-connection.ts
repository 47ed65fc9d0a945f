import type { ToolAnswer, ToolProgress } from "@mh/core/extensions/mcp-tool.ts";
import { isNestedTooDeep } from "@mh/core/model/nesting.ts";
import {
  Client,
  isInputRequiredResult,
  type Progress,
  ProtocolError,
  type Transport,
  withInputRequired,
} from "@modelcontextprotocol/client";
import { z } from "zod";
import { untilAborted } from "../until-aborted.ts";
import { Flights } from "./mcp-flights.ts";
import { listedKey, withUnreadTools } from "./unread-tools.ts";

const connectMs = 20_000;
/** An older server may say nothing at all to a request of the newer revision. */
const probeMs = 5_000;
const listMs = 20_000;
const callMs = 120_000;
const pingMs = 20_000;
const pagesMax = 20;
const listBytesMax = 4 * 2 ** 20;
const textMax = 256 * 1024;
/** Far more than a schema may have, which is said of the one tool; what is deeper nothing here can walk through. */
const listNestingMax = 500;

/** Read here, not by the SDK: an untrusted schema is never compiled. */
const listSchema = z.object({
  [listedKey]: z.array(z.unknown()).max(1_000),
  nextCursor: z.string().max(2_000).optional(),
});
const answerSchema = z.object({
  content: z
    .array(z.looseObject({ type: z.string(), text: z.string().optional() }))
    .max(1_000)
    .default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
});
const anything = z.unknown();

/** Nobody gives it up: the server is ended by the service that runs it. */
const never = new AbortController().signal;

/** What a server asks before it goes on, by keys of its own, as it sent it. Untrusted, and not looked at yet. */
export interface Asked {
  requests: Record<string, unknown>;
  /** Handed back as it came. Absent from a server of the older revision, which waits for the answer itself. */
  requestState?: string;
  /** Names the call that waits for it, in this process alone. */
  held?: string;
}

/** What the owner's answers are sent back with. */
export interface Answers {
  responses: Record<string, unknown>;
  requestState?: string | undefined;
}

export type CallEnd = { answer: ToolAnswer } | { asked: Asked };

export interface Calling {
  signal: AbortSignal;
  onProgress?: ((progress: ToolProgress) => void) | undefined;
  /** How long it may wait for the owner. */
  holdMs: number;
}

/**
 * A session with one server, of revision 2026-07-28, or of 2025-11-25 and before where it knows no other. It offers the
 * server the owner's answers, and nothing else: no sampling, no roots.
 */
export class McpConnection implements AsyncDisposable {
  readonly #client: Client;
  readonly #closed = Promise.withResolvers<never>();
  readonly #flights = new Flights();
  #isOpen = true;

  private constructor(client: Client) {
    this.#client = client;
    this.#closed.promise.catch(() => undefined);
    client.onclose = () => {
      this.#isOpen = false;
      this.#closed.reject(new Error("it ended"));
    };
  }

  /** `isOlder`: it is known to speak no revision that has to be asked for first. */
  static async open(
    transport: Transport,
    { signal = never, isOlder = false }: { signal?: AbortSignal; isOlder?: boolean } = {},
  ): Promise<McpConnection> {
    const client = new Client(
      { name: "mh", version: "1.0.0" },
      {
        capabilities: { elicitation: { form: {}, url: {} } },
        versionNegotiation: isOlder ? { mode: "legacy" } : { mode: "auto", probe: { timeoutMs: probeMs } },
        inputRequired: { autoFulfill: false },
      },
    );
    const connection = new McpConnection(client);
    client.setRequestHandler("elicitation/create", ({ params }) => connection.#flights.ask(params) as never);
    try {
      await connection.#within(
        client.connect(withUnreadTools(transport), { timeout: connectMs, maxTotalTimeout: connectMs, signal }),
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
      const { [listedKey]: tools, nextCursor } = await this.#within(asked, signal);
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

  /** Calls a tool, until it answers or asks. `answers` are those to what the same call asked before. */
  call(name: string, args: Record<string, unknown>, calling: Calling, answers?: Answers): Promise<CallEnd> {
    const { responses, requestState } = answers ?? {};
    const params = {
      ...{ name, arguments: args },
      ...(responses && Object.keys(responses).length > 0 && { inputResponses: responses }),
      ...(requestState !== undefined && { requestState }),
    };
    const flight = this.#flights.begin(callMs, ({ signal, onProgress }) =>
      this.#client
        .request({ method: "tools/call", params }, withInputRequired(answerSchema), {
          // How long a call may take is counted here: it stands still while the owner is asked.
          ...{ timeout: 2 ** 31 - 1, signal, allowInputRequired: true },
          onprogress: (progress: Progress) => onProgress(progress),
        })
        .then((result): CallEnd => {
          if (!isInputRequiredResult(result)) return { answer: answerOf(result) };
          const { inputRequests: requests = {}, requestState: state } = result;
          return { asked: { requests: { ...requests }, ...(state !== undefined && { requestState: state }) } };
        }),
    );
    return this.#within(flight.follow(calling), calling.signal);
  }

  /** Goes on with a call that waits for the answer to what it asked; undefined where none of that name waits here. */
  resume(held: string, response: unknown, calling: Calling): Promise<CallEnd> | undefined {
    const flight = this.#flights.take(held);
    if (!flight) return undefined;
    flight.answer(response);
    return this.#within(flight.follow(calling), calling.signal);
  }

  /** Calls that wait for the owner. */
  get heldCalls(): number {
    return this.#flights.held;
  }

  /** Throws where it does not answer any more. What it answers does not matter. */
  async ping(): Promise<void> {
    // The newer revision has no ping; every server answers what it offers.
    const method = this.#client.getProtocolEra() === "modern" ? "tools/list" : "ping";
    const asked = this.#client.request({ method }, anything, { timeout: pingMs });
    await asked.catch((error: unknown) => {
      if (!(error instanceof ProtocolError)) throw error;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false;
    await this.#client.close().catch(() => undefined);
  }

  /** Until it answers, ends, or nobody wants it any more. */
  #within<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
    return untilAborted(Promise.race([asked, this.#closed.promise]), signal);
  }
}

function answerOf({ content, structuredContent, isError = false }: z.output<typeof answerSchema>): ToolAnswer {
  const whole = content.map(({ type, text }) => text ?? `[${type.slice(0, 20)}, which is not kept]`).join("\n");
  const isKept = !isNestedTooDeep(structuredContent) && JSON.stringify(structuredContent ?? {}).length <= textMax;
  const data = isKept ? structuredContent : undefined;
  const isCut = whole.length > textMax || (structuredContent !== undefined && data === undefined);
  return { text: whole.slice(0, textMax), isError, isCut, ...(data !== undefined && { data }) };
}
