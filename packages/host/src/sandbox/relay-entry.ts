// Runs inside the sandbox, in front of a job that may reach some hosts: there is no network in there but this process,
// which asks for each connection on descriptor 3 (CONNECT, RFC 9113). The other side says where it may go. Neither this
// process nor the job can make a socket that leads out: what the relay has, it was handed.
import { spawn } from "node:child_process";
import * as http from "node:http";
import * as http2 from "node:http2";
import * as net from "node:net";
import { pipeline } from "node:stream";

const [program = "", ...args] = process.argv.slice(2);
const out = new net.Socket({ fd: 3, readable: true, writable: true });
const session = http2.connect("http://relay", { createConnection: () => out });
session.on("error", () => undefined);

const relay = http.createServer((_request, response) => response.writeHead(403).end("Only https leaves from here.\n"));
relay.on("clientError", (_error, client) => client.destroy());
relay.on("connect", ({ url = "" }, client: net.Socket, head: Buffer) => {
  client.on("error", () => client.destroy());
  if (session.closed || session.destroyed) return void client.destroy();
  const stream = session.request({ ":method": "CONNECT", ":authority": url });
  stream.on("error", () => client.destroy());
  stream.once("response", ({ ":status": status, "x-why": why = "" }) => {
    if (status !== 200) return void client.end(`HTTP/1.1 403 Forbidden\r\nx-why: ${why}\r\n\r\n`);
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    stream.write(head);
    pipeline(client, stream, client, () => stream.destroy());
  });
});
// Whoever asks all inside to end asks the program, too, which may still have something to send.
process.on("SIGTERM", () => undefined);
relay.listen(0, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${(relay.address() as net.AddressInfo).port}`;
  const names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].map((name) => [name, url]);
  const env = { ...process.env, ...Object.fromEntries(names), NO_PROXY: "", no_proxy: "", NODE_USE_ENV_PROXY: "1" };
  const child = spawn(program, args, { stdio: "inherit", env });
  child.on("error", () => process.exit(127));
  child.on("exit", (code) => process.exit(code ?? 1));
});
