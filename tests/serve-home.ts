import * as net from "node:net";
import type { Event } from "@mh/contract/wire/event.ts";
import type { Config } from "@mh/core/model/config.ts";
import type { TokenHolder } from "@mh/host/serve/http/authenticate.ts";
import { daemonLog } from "@mh/host/serve/http/daemon-log.ts";
import type { HttpLimits } from "@mh/host/serve/http/limits.ts";
import { type Metrics, makeMetrics } from "@mh/host/serve/http/metrics.ts";
import { type HttpService, serveHttp } from "@mh/host/serve/http/serve-http.ts";
import { makeCode } from "@mh/host/serve/http/sign-in.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";

export const token = "owner-token-0123456789abcdef0123456789abcdef";

/** An address of a served home as a link that signs one browser in, once. */
export const signInLink = (address: string): string => `${address}#code=${makeCode(token, Date.now())}`;

export interface ServeOptions extends HostOptions {
  settings?: Partial<Config["daemon"]>;
  limits?: Partial<HttpLimits>;
  devices?: Map<string, TokenHolder>;
}

/** A home that is served over HTTP at a free port. */
export interface ServedHome extends AsyncDisposable {
  home: TestHost;
  readonly http: HttpService;
  metrics: Metrics;
  /** With the owner's token. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Ends the server and begins another, on the same home. */
  restart(): Promise<void>;
}

export async function serveHome(options: ServeOptions = {}): Promise<ServedHome> {
  const { limits = {}, devices = new Map(), settings = {} } = options;
  const metrics = makeMetrics();
  const home = await makeHost({ ...options, onRecords: metrics.observe });
  const log = daemonLog(home.root);
  const begin = () =>
    serveHttp({
      ...{ log, metrics, limits },
      ...{ host: home.host, version: "1.2.3", token },
      callerByToken: (each) => devices.get(each) ?? home.host.callerByToken(each),
      settings: { port: 0, ...settings },
    });
  let http = await begin().catch(async (error: unknown) => {
    log[Symbol.dispose]();
    await home[Symbol.asyncDispose]();
    throw error;
  });
  const ask: ServedHome["fetch"] = (path, { headers, ...init } = {}) =>
    fetch(`${http.url}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(headers as Record<string, string>) },
      ...init,
    });
  return {
    home,
    metrics,
    get http() {
      return http;
    },
    fetch: ask,
    post: (path, body, headers = {}) =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    async restart() {
      await http.close();
      http = await begin();
    },
    async [Symbol.asyncDispose]() {
      await http.close();
      log[Symbol.dispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Sends bytes as they are, and gives everything that comes back until the other side hangs up. */
export async function rawly(to: number | string, ...parts: readonly string[]): Promise<string> {
  const socket = typeof to === "number" ? net.connect(to, "127.0.0.1") : net.connect(to);
  const { promise, resolve } = Promise.withResolvers<void>();
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    text += chunk;
  });
  // A server that refuses may hang up while it is still being written to.
  socket.on("error", () => undefined);
  socket.on("close", () => resolve());
  for (const part of parts) socket.write(part);
  await promise;
  return text;
}

export const statusIn = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

/** A reader of events as a client is: it knows the id of the last whole event it got. */
export interface Reader {
  /** The next block; undefined when the stream has ended. */
  next(): Promise<Block | undefined>;
  /** The next event, heartbeats and greetings left out. */
  event(): Promise<Event>;
  leave(): Promise<void>;
}

export interface Block {
  id?: string;
  event?: string;
  data?: string;
}

export function readEvents(body: ReadableStream<Uint8Array> | null): Reader {
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  const next = async (): Promise<Block | undefined> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end !== -1) {
        const lines = text.slice(0, end).split("\n");
        text = text.slice(end + 2);
        return Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2)));
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += decoder.decode(value, { stream: true });
    }
  };
  return {
    next,
    async event() {
      for (let block = await next(); block; block = await next()) {
        if (block.data && !block.event) return JSON.parse(block.data) as Event;
      }
      throw new Error("The events ended.");
    },
    leave: () => reader.cancel(),
  };
}
