import * as dns from "node:dns/promises";
import * as fs from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { isPublicAddress } from "../adapters/public-address.ts";

/** A way out for one server: a proxy (CONNECT, RFC 9110) on a socket of its own, to the named hosts and no others. */
export interface WayOut extends Disposable {
  /** Path of the socket. */
  socket: string;
}

const connectMs = 20_000;
const connectionsMax = 64;

/**
 * A name leads to addresses of the open Internet only, however it resolves today, and by https. An address that the
 * owner wrote out as one is theirs to give, with any port.
 */
export async function openWayOut(hosts: readonly string[]): Promise<WayOut> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-out-"));
  const socket = path.join(folder, "proxy.sock");
  const server = http.createServer((_request, response) =>
    response.writeHead(403).end("Only https leaves from here.\n"),
  );
  const open = new Set<net.Socket>();
  server.on("connection", (client) => {
    open.add(client);
    client.on("close", () => open.delete(client));
    client.on("error", () => client.destroy());
    if (open.size > connectionsMax) client.destroy();
  });
  server.on("connect", ({ url = "" }, client: net.Socket, head: Buffer) => {
    reach(url, hosts).then(
      (target) => {
        client.on("close", () => target.destroy());
        target.on("close", () => client.destroy());
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        target.write(head);
        client.pipe(target).pipe(client);
      },
      (error: Error) => client.end(`HTTP/1.1 403 Forbidden\r\nx-why: ${error.message.replace(/[^ -~]/g, " ")}\r\n\r\n`),
    );
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
  server.unref();
  return {
    socket,
    [Symbol.dispose]() {
      for (const each of open) each.destroy();
      server.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function reach(target: string, hosts: readonly string[]): Promise<net.Socket> {
  const [, host = "", port = ""] = /^\[?([a-z0-9.:-]+?)\]?:(\d{1,5})$/i.exec(target) ?? [];
  const name = host.toLowerCase().replace(/\.$/, "");
  if (!hosts.some((each) => covers(each, name)))
    throw new Error(`${name.slice(0, 100)} is not among the hosts that it may reach`);
  const literal = net.isIP(name) !== 0;
  if (!literal && port !== "443") throw new Error("only https leaves from here");
  const address = literal ? name : await publicAddress(name);
  const socket = net.connect({ host: address, port: Number(port), timeout: connectMs });
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
