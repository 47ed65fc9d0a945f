// Runs inside the sandbox, in front of a job that may reach some hosts: there is no network in there but this process,
// which hands what comes in on to the proxy outside. The proxy says where it may go.
import { spawn } from "node:child_process";
import * as net from "node:net";

const [program = "", ...args] = process.argv.slice(2);
const relay = net.createServer((client) => {
  const out = net.connect("/mh/proxy.sock");
  for (const [one, other] of [
    [client, out],
    [out, client],
  ] as const)
    one.on("error", () => other.destroy()).on("close", () => other.destroy());
  client.pipe(out).pipe(client);
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
