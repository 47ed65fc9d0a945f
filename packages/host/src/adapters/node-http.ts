import { promises as dns, type LookupAddress } from "node:dns";
import * as http from "node:http";
import * as https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { Fault } from "@mh/contract/values/fault.ts";
import { parseWebUrl } from "@mh/contract/values/web-url.ts";
import type { Http, HttpRequest, HttpResponse } from "@mh/core/ports/http.ts";
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
  return {
    async request(request) {
      const signals = [AbortSignal.timeout(request.timeoutMs), ...(request.signal ? [request.signal] : [])];
      const signal = AbortSignal.any(signals);
      try {
        const url = request.reach === "public" ? parseWebUrl(request.url) : new URL(request.url);
        if (!/^https?:$/.test(url.protocol)) throw new Fault("http.refused", `${url.protocol}// is not the web.`);
        const addresses = await Promise.race([addressesOf(url, request.reach, how), aborted(signal)]);
        return await send(request, { url, addresses, signal, ca: ca() });
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
}

function send(request: HttpRequest, { url, addresses, signal, ca }: Connection): Promise<HttpResponse> {
  const headers = { "accept-encoding": understoodEncodings, ...request.headers };
  const lookup = pinnedTo(addresses);
  const options = { method: request.method, headers, agent: false, signal, lookup, ...trustedWith(ca) };
  return new Promise((resolve, reject) => {
    const client = url.protocol === "https:" ? https : http;
    const sent = client.request(url, options, (answer) => collect(answer, request).then(resolve, reject));
    sent.on("error", reject);
    sent.end(request.body);
  });
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
  const headers = Object.entries(kept).map(([name, value]) => [name, [value].flat().join(", ")]);
  return { status: answer.statusCode ?? 0, headers: Object.fromEntries(headers), body };
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
