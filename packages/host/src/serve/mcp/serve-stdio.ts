import type { Readable, Writable } from "node:stream";
import { Fault } from "@mh/contract/values/fault.ts";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { HomeClient } from "../../connect/connect-home.ts";
import { usualLimits } from "../http/limits.ts";
import { mcpServer, streamsMax } from "./mcp-server.ts";
import { SharedHome } from "./shared-home.ts";
import { socketDoor } from "./socket-door.ts";

export interface StdioService {
  root: string;
  /** The client's name, as `mh mcp client add` was given it. */
  name: string;
  input: Readable;
  output: Writable;
  /** Hears in a sentence what is wrong with what was sent; it goes to nobody else. */
  note: (text: string) => void;
  connect: () => Promise<HomeClient>;
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * Serves one program over its own standard input and output, until it hangs up. Throws `device.not-found` for a client that there
 * is not: who it is says the owner, by how they have it started, and not the program.
 */
export async function serveMcpStdio({ root, name, input, output, note, connect, signal }: StdioService): Promise<void> {
  const home = new SharedHome(connect);
  const principal = await principalOf(home, name);
  const door = socketDoor({ principal, home, root });
  const transport = new PipeTransport(input, output);
  const service = serveStdio(() => mcpServer(door), {
    transport,
    onerror: ({ message }) => note(`A message was not understood: ${message}`),
    maxSubscriptions: streamsMax,
  });
  const end = () => void service.close();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  await transport.closed;
  await home.idle;
}

async function principalOf(home: SharedHome, name: string): Promise<string> {
  const outcome = await home.use((client) => client.act("client.list", {}));
  if (outcome.status !== "done")
    throw new Fault("device.not-found", `The clients could not be listed: ${outcome.status}.`);
  const found = outcome.value.clients.find((each) => each.name === name);
  if (found) return found.principal;
  throw new Fault("device.not-found", `There is no client ${name}. \`mh mcp client add ${name}\` adds it.`);
}

/** Stops reading from a program that does not read its answers, and says when it has hung up. */
class PipeTransport extends StdioServerTransport {
  readonly #ended = Promise.withResolvers<void>();
  readonly #input: Readable;
  readonly #output: Writable;

  constructor(input: Readable, output: Writable) {
    super(input, output, { maxBufferSize: usualLimits.bodyBytesMax });
    this.#input = input;
    this.#output = output;
  }

  get closed(): Promise<void> {
    return this.#ended.promise;
  }

  override send(message: JSONRPCMessage): Promise<void> {
    const sent = super.send(message);
    if (this.#output.writableNeedDrain && !this.#input.isPaused()) {
      this.#input.pause();
      this.#output.once("drain", () => this.#input.resume());
    }
    return sent;
  }

  override async close(): Promise<void> {
    await super.close();
    this.#ended.resolve();
  }
}
