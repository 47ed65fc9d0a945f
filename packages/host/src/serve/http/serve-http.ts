import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Fault } from "@mh/contract/values/fault.ts";
import { daemonAddress } from "@mh/core/devices/device.ts";
import type { Config } from "@mh/core/model/config.ts";
import type { Host } from "../../home/host.ts";
import { version as ownVersion } from "../../version.ts";
import { EventFeed } from "../event-feed.ts";
import { type AllowedHosts, allowedHosts } from "./allowed-hosts.ts";
import { faultBody, makeApp } from "./app.ts";
import type { Tokens } from "./authenticate.ts";
import { type Binding, safeBinding } from "./binding.ts";
import { Connections } from "./connections.ts";
import { type DaemonLog, daemonLog } from "./daemon-log.ts";
import { localRefusalOf, refusalOf } from "./guard.ts";
import { type HttpLimits, usualLimits } from "./limits.ts";
import { type Metrics, makeMetrics } from "./metrics.ts";
import { type AppEnv, type RequestNote, told } from "./request-note.ts";
import { safeHeaders } from "./safe-headers.ts";
import { traceOf, traceparent } from "./trace.ts";

export interface HttpOptions extends Partial<Tokens> {
  host: Host;
  /** The owner's own: at least 32 characters, hard to guess. */
  token: string;
  /** Instead of what the home's settings say. */
  settings?: Partial<Config["daemon"]>;
  version?: string;
  /** The home's own log of its daemon where absent; it is then closed with the service. */
  log?: DaemonLog;
  /** Where it is absent, only what goes over HTTP is counted. */
  metrics?: Metrics;
  limits?: Partial<HttpLimits>;
}

export interface HttpService extends AsyncDisposable {
  url: string;
  port: number;
  /** Answers a connection of the home's own socket (`serve`'s `takeOther`), which takes a token as every other does. */
  take(socket: net.Socket): void;
  /** Ends readers of events, waits a little for what was asked, and ends every connection. */
  close(): Promise<void>;
}

/** Serves a home over HTTP. Throws `daemon.refused` where that would not be safe or not possible. */
export async function serveHttp(options: HttpOptions): Promise<HttpService> {
  const {
    host,
    version = ownVersion,
    token,
    callerByToken = host.callerByToken,
    deviceById = host.deviceById,
  } = options;
  const settings = { ...host.config().daemon, ...options.settings };
  await using cleanup = new AsyncDisposableStack();
  const log = options.log ?? cleanup.use(daemonLog(host.root));
  const limits = { ...usualLimits, ...options.limits };
  const metrics = options.metrics ?? makeMetrics();
  const binding = safeBinding(settings, host.root, token);
  log.redactWith(host.redact);
  const server = makeServer(binding, limits);
  const connections = new Connections(limits.connectionsMax);
  server.on("connection", (socket: net.Socket) => {
    if (socket.remoteAddress !== undefined) connections.add(socket);
  });
  const port = await listen(server, binding);
  const allowed = allowedHosts({ address: binding.address, port, isTls: !!binding.tls, names: settings.hosts });
  const feed = new EventFeed(host, limits.eventsKept);
  const url = `${binding.tls ? "https" : "http"}://${nameOf(binding.address)}:${port}`;
  const address = settings.hosts.length > 0 ? daemonAddress({ ...settings, port }) : url;
  const app = makeApp({
    host,
    feed,
    tokens: { token, callerByToken, deviceById },
    version,
    log,
    metrics,
    limits,
    address,
  });
  const front = new Front({ allowed, log, metrics, connections, fetch: app.fetch });
  server.on("request", front.answer);
  server.on("error", (error) => log.error({ error: error.name }, "The server failed"));
  const close = async () => {
    feed[Symbol.dispose]();
    server.close();
    await front.close(limits.closingMs);
    server.closeAllConnections();
    await opened.disposeAsync();
  };
  const opened = cleanup.move();
  return {
    url,
    port,
    take(socket) {
      front.local.add(socket);
      // With TLS, `connection` is where the handshake begins; here there is none.
      server.emit(binding.tls ? "secureConnection" : "connection", socket);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface FrontDeps {
  allowed: AllowedHosts;
  log: DaemonLog;
  metrics: Metrics;
  connections: Connections;
  fetch: (request: Request, bindings: AppEnv["Bindings"]) => Response | Promise<Response>;
}

/** What every request meets first: a trace, safe headers, the guard; and what it leaves: a line in the log. */
class Front {
  /** Connections of the home's own socket. */
  readonly local = new WeakSet<net.Socket>();
  readonly #deps: FrontDeps;
  readonly #listener: (incoming: http.IncomingMessage, outgoing: http.ServerResponse) => Promise<void>;
  readonly #notes = new WeakMap<http.IncomingMessage, RequestNote>();
  readonly #answering = new Set<http.ServerResponse>();
  #isClosing = false;
  #drained: () => void = () => undefined;

  constructor(deps: FrontDeps) {
    this.#deps = deps;
    const fetch = (request: Request, bindings: unknown) => {
      const { incoming, outgoing } = bindings as HttpBindings;
      const note = this.#notes.get(incoming) as RequestNote;
      return deps.fetch(request, { incoming, outgoing, note });
    };
    this.#listener = getRequestListener(fetch, { overrideGlobalObjects: false });
  }

  answer = (incoming: http.IncomingMessage, outgoing: http.ServerResponse): void => {
    const { allowed, connections } = this.#deps;
    const note: RequestNote = {
      trace: traceOf(incoming.headers.traceparent as string | undefined),
      isLocal: this.local.has(incoming.socket),
      address: incoming.socket.remoteAddress ?? "",
      keep: (who) => connections.keep(incoming.socket, who),
    };
    this.#notes.set(incoming, note);
    this.#answering.add(outgoing);
    const began = performance.now();
    outgoing.once("close", () => this.#ended(note, outgoing, began));
    for (const [name, value] of Object.entries(safeHeaders)) outgoing.setHeader(name, value);
    outgoing.setHeader("traceparent", traceparent(note.trace));
    const closing = this.#isClosing ? { status: 503, message: "The daemon is ending." } : undefined;
    const refusal = closing ?? (note.isLocal ? localRefusalOf(incoming) : refusalOf(incoming, allowed));
    if (!refusal) return void this.#listener(incoming, outgoing);
    note.why = refusal.message;
    outgoing.setHeader("connection", "close");
    outgoing.writeHead(refusal.status, { "content-type": "application/json" });
    outgoing.end(JSON.stringify(faultBody(refusal.status, refusal.message)));
  };

  /** Resolves when everything that was asked is answered, or the time is up. */
  async close(ms: number): Promise<void> {
    this.#isClosing = true;
    if (this.#answering.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = resolve;
    const timer = setTimeout(resolve, ms);
    await promise;
    clearTimeout(timer);
  }

  #ended(note: RequestNote, outgoing: http.ServerResponse, began: number): void {
    const { log, metrics } = this.#deps;
    const { statusCode: status } = outgoing;
    metrics.answered(note.route ?? "other", status);
    const line = { ...told(note), status, ms: Math.round(performance.now() - began) };
    if (status >= 500) log.error(line, "Answered");
    else if (status >= 400) log.warn(line, "Answered");
    else if (note.route === "/health" || note.route === "/metrics") log.debug(line, "Answered");
    else log.info(line, "Answered");
    this.#answering.delete(outgoing);
    if (this.#answering.size === 0) this.#drained();
  }
}

function makeServer({ tls }: Binding, limits: HttpLimits): http.Server {
  const options: http.ServerOptions = {
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // More often would be surer by seconds, and wake a laptop that has nothing to do.
    connectionsCheckingInterval: limits.headersTimeoutMs,
    // The guard says what is wrong with a Host that is missing.
    requireHostHeader: false,
  };
  return tls
    ? https.createServer({ ...options, ...tls, minVersion: "TLSv1.2", handshakeTimeout: limits.headersTimeoutMs })
    : http.createServer(options);
}

function listen(server: http.Server, { address, port }: Binding): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const advice = "Choose another daemon.port or daemon.bind in config.yaml, or end what holds it";
      const what = `Nothing can listen at ${address} port ${port}: ${cause.code ?? cause.message}`;
      reject(new Fault("daemon.refused", `${what}. ${advice}.`, { cause }));
    };
    server.once("error", failed);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off("error", failed);
      resolve((server.address() as net.AddressInfo).port);
    });
  });
}

function nameOf(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  if (/^[0:]+$/.test(address)) return "[::1]";
  return net.isIPv6(address) ? `[${address}]` : address;
}
