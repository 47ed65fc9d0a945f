import * as dns from "node:dns/promises";
import * as http2 from "node:http2";
import * as net from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { isPublicAddress } from "../adapters/public-address.ts";

const connectMs = 20_000;
const connectionsMax = 64;

/**
 * Serves the relay of one job on its descriptor: a proxy (CONNECT over HTTP/2, RFC 9113) to the named hosts and no others.
 * A name leads to addresses of the open Internet only, however it resolves today, and by https. An address that the
 * owner wrote out as one is theirs to give, with any port. It ends with the relay.
 */
export function serveWayOut(relay: Duplex, hosts: readonly string[]): void {
  const session = http2.performServerHandshake(relay, { settings: { maxConcurrentStreams: connectionsMax } });
  // What a relay that was taken over sends ends its own session and nothing else.
  session.on("error", () => session.destroy());
  session.on("stream", (stream, { ":method": method, ":authority": to = "" }) => {
    stream.on("error", () => stream.destroy());
    if (method !== "CONNECT") return refuse(stream, "only https leaves from here");
    reach(to, hosts).then(
      (target) => {
        if (stream.destroyed) return void target.destroy();
        stream.respond({ ":status": 200 });
        pipeline(stream, target, stream, () => target.destroy());
      },
      (error: Error) => refuse(stream, error.message),
    );
  });
}

function refuse(stream: http2.ServerHttp2Stream, why: string): void {
  if (stream.destroyed) return;
  stream.respond({ ":status": 403, "x-why": why.replace(/[^ -~]/g, " ") }, { endStream: true });
}

async function reach(target: string, hosts: readonly string[]): Promise<net.Socket> {
  const [, host = "", port = ""] = /^\[?([a-z0-9.:-]+?)\]?:(\d{1,5})$/i.exec(target) ?? [];
  const name = host.toLowerCase().replace(/\.$/, "");
  if (!hosts.some((each) => covers(each, name)))
    throw new Error(`${name.slice(0, 100)} is not among the hosts that it may reach`);
  const literal = net.isIP(name) !== 0;
  if (!literal && port !== "443") throw new Error("only https leaves from here");
  const address = literal ? name : await publicAddress(name);
  const socket = net.connect({ host: address, port: Number(port), timeout: connectMs, allowHalfOpen: true });
  socket.on("error", () => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
    socket.once("timeout", () => reject(new Error("no answer")));
  });
  socket.setTimeout(0);
  return socket;
}

/** What was judged is what is connected to. One address inside is enough to refuse. */
async function publicAddress(name: string): Promise<string> {
  const found = await dns.lookup(name, { all: true });
  const [first] = found;
  if (!first || found.some(({ address }) => !isPublicAddress(address)))
    throw new Error(`${name} is not on the open Internet`);
  return first.address;
}

const covers = (granted: string, name: string): boolean =>
  granted.startsWith("*.") ? name.endsWith(granted.slice(1)) : name === granted;
