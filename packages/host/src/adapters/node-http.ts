import { promises as dns, type LookupAddress } from "node:dns";
import * as http from "node:http";
import * as https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { Fault } from "@mh/contract/values/fault.ts";
import { parseWebUrl } from "@mh/contract/values/web-url.ts";
import type { Http, HttpRequest, HttpResponse, HttpStream } from "@mh/core/ports/http.ts";
import { inflated, understoodEncodings } from "./inflate.ts";
import { isPublicAddress } from "./public-address.ts";
import { trustedWith } from "./trusted-certificates.ts";

/** How names become addresses, and which of these are of the open Internet. */
export interface Reach {
  resolve: (hostname: string) => Promise<readonly LookupAddress[]>;
  isPublic: (address: string) => boolean;
}

const systemReach: Reach = {
  resolve: (hostname) => dns.lookup(hostname, { all: true }),
  isPublic: isPublicAddress,
};

/**
 * HTTP by Node's own client. `ca` gives the certificates (PEM) that are trusted beside the public ones. A name is
 * resolved once; what was judged is what is connected to, so that a name cannot lead elsewhere in between.
 */
export function nodeHttp(ca: () => string | undefined = () => undefined, reach: Partial<Reach> = {}): Http {
  const how = { ...systemReach, ...reach };
  const connectionFor = async (request: HttpRequest, signal: AbortSignal): Promise<Connection> => {
    const url = request.reach === "public" ? parseWebUrl(request.url) : new URL(request.url);
    if (!/^https?:$/.test(url.protocol)) throw new Fault("http.refused", `${url.protocol}// is not the web.`);
    const addresses = await Promise.race([addressesOf(url, request.reach, how), aborted(signal)]);
    return { url, addresses, signal, ca: ca() };
  };
  return {
    async request(request) {
      const signals = [AbortSignal.timeout(request.timeoutMs), ...(request.signal ? [request.signal] : [])];
      const signal = AbortSignal.any(signals);
      try {
        return await collect(await send(request, await connectionFor(request, signal)), request);
      } catch (error) {
        throw faultOf(error as Error, request, signal);
      }
    },
    async stream(request) {
      const signal = request.signal ?? new AbortController().signal;
      try {
        const connection = await connectionFor(request, signal);
        return streamed(await send(request, { ...connection, silenceMs: request.timeoutMs }), request, signal);
      } catch (error) {
        throw faultOf(error as Error, request, signal);
      }
    },
  };
}

/** Where a URL leads. One address that may not be reached is enough to refuse. */
async function addressesOf(url: URL, reach: HttpRequest["reach"], how: Reach): Promise<readonly LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  const addresses = family ? [{ address: host, family }] : await how.resolve(host);
  if (addresses.length === 0) throw new Error("the name has no address");
  const inside = reach === "public" ? addresses.find(({ address }) => !how.isPublic(address)) : undefined;
  if (!inside) return addresses;
  const where = family ? url.hostname : `${url.hostname} leads to ${inside.address}, which`;
  throw new Fault("http.refused", `${where} is not on the open Internet, and nothing else is reached from here.`);
}

interface Connection {
  url: URL;
  addresses: readonly LookupAddress[];
  signal: AbortSignal;
  ca: string | undefined;
  /** Of a stream: how long nothing may come. */
  silenceMs?: number;
}

/** Resolves with the head of the answer. */
function send(request: HttpRequest, connection: Connection): Promise<http.IncomingMessage> {
  const { url, addresses, signal, ca, silenceMs } = connection;
  const isStream = silenceMs !== undefined;
  const headers = { "accept-encoding": isStream ? "identity" : understoodEncodings, ...request.headers };
  const lookup = pinnedTo(addresses);
  const options = { method: request.method, headers, agent: false, signal, lookup, ...trustedWith(ca) };
  return new Promise((resolve, reject) => {
    const client = url.protocol === "https:" ? https : http;
    const sent = client.request(url, { ...options, ...(isStream && { timeout: silenceMs }) }, resolve);
    sent.on("timeout", () => sent.destroy(new Error(`nothing came for ${(silenceMs ?? 0) / 1000} s`)));
    sent.on("error", reject);
    sent.end(request.body);
  });
}

function streamed(answer: http.IncomingMessage, request: HttpRequest, signal: AbortSignal): HttpStream {
  const { "content-encoding": encoding = "identity" } = answer.headers;
  if (encoding !== "identity") {
    answer.destroy();
    throw new Fault("http.failed", `${request.url} answered in ${encoding}, which was not asked for.`);
  }
  return {
    status: answer.statusCode ?? 0,
    headers: headersOf(answer.headers),
    body: piecesOf(answer, request, signal),
  };
}

async function* piecesOf(
  answer: http.IncomingMessage,
  request: HttpRequest,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    // A caller that stops reading leaves this loop, which ends the connection.
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > request.bytesMax) throw tooLong(request.bytesMax);
      yield chunk;
    }
  } catch (error) {
    throw faultOf(error as Error, request, signal);
  }
}

function headersOf(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]));
}

/** In place of a look-up: the addresses that were judged. */
function pinnedTo(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all) return callback(null, [...addresses]);
    const [first] = addresses as [LookupAddress];
    callback(null, first.address, first.family);
  };
}

async function collect(answer: http.IncomingMessage, { bytesMax }: HttpRequest): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytesMax) {
      answer.destroy();
      throw tooLong(bytesMax);
    }
    chunks.push(chunk);
  }
  const { "content-encoding": encoding = "", "content-length": length, ...kept } = answer.headers;
  const body = await inflated(Buffer.concat(chunks), encoding, bytesMax, () => tooLong(bytesMax));
  return { status: answer.statusCode ?? 0, headers: headersOf(kept), body };
}

const tooLong = (bytesMax: number) => new Fault("http.failed", `The answer is longer than ${bytesMax} bytes.`);

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

function faultOf(error: Error, { url, timeoutMs }: HttpRequest, signal: AbortSignal): Fault {
  if (error instanceof Fault) return error;
  const host = URL.parse(url)?.host ?? "The server";
  const isLate = signal.aborted && (signal.reason as Error).name === "TimeoutError";
  const why = isLate
    ? `no answer within ${timeoutMs / 1000} s`
    : error.message || ((error as { code?: string }).code ?? error.name);
  return new Fault("http.failed", `${host} could not be reached: ${why}.`, { cause: error });
}
