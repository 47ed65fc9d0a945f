// From sending a command over HTTP to its event at another connection, against one round trip of as many bytes over plain
// TCP, taken in turn in one run. The same command within the process is measured beside and taken off before dividing:
// what is left is what the way over HTTP and back as an event costs.
import * as net from "node:net";
import { daemonLog } from "@mh/host/serve/http/daemon-log.ts";
import { serveHttp } from "@mh/host/serve/http/serve-http.ts";
import { benchHome } from "./support/bench-home.ts";
import { median, quantile } from "./support/median.ts";
import { timed } from "./support/timed.ts";

await using home = await benchHome();
const { host } = home;
const token = "bench-token-0123456789abcdef0123456789abcdef";
const log = daemonLog(host.root);
const settings = { bind: "127.0.0.1", port: 0, hosts: [] };
const http = await serveHttp({ host, settings, version: "0", token, callerByToken: () => undefined, log });
const echo = net.createServer((socket) => socket.setNoDelay().pipe(socket));
await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));

const plain = await connection((echo.address() as net.AddressInfo).port);
const commands = await connection(http.port);
const events = await connection(http.port);
const headers = `Host: 127.0.0.1:${http.port}\r\nAuthorization: Bearer ${token}\r\n`;
await events.exchange(`GET /v1/events HTTP/1.1\r\n${headers}\r\n`, "event: ready");

const rounds = 400;
const times = { tcp: [] as number[], act: [] as number[], event: [] as number[] };
for (let n = 0; n < rounds; n += 1) {
  const [skill, args] = [
    "trust.set",
    { principal: "agent:bench", level: n % 2 === 0 ? "observe" : "suggest" },
  ] as const;
  const body = JSON.stringify({ skill, args });
  const type = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  const request = `POST /v1/command HTTP/1.1\r\n${headers}${type}\r\n${body}`;
  const tcp = await timed(() => plain.exchange(`${request}\n#${n}`, `\n#${n}`));
  const seenFirst = events.upTo('"name":"trust.changed"');
  const act = await timed(() => host.act({ principal: "owner", skill, args }));
  await seenFirst;
  const seen = events.upTo('"name":"trust.changed"');
  const answered = commands.upTo('"status":"done"');
  const event = await timed(async () => {
    commands.send(request);
    await seen;
  });
  await answered;
  // The first ones load what is loaded late.
  if (n < rounds / 4) continue;
  times.tcp.push(tcp);
  times.act.push(act);
  times.event.push(event);
}
const ratios = times.event.map((ms, n) => (ms - (times.act[n] ?? 0)) / (times.tcp[n] ?? Number.NaN));
const figures = { ratio: median(ratios), tcpMs: median(times.tcp), actMs: median(times.act) };
const eventMs = { p50Ms: median(times.event), p95Ms: quantile(times.event, 0.95) };
console.log(JSON.stringify({ bench: "command to event", ...figures, ...eventMs }));

for (const each of [plain, commands, events]) each.end();
echo.close();
await http.close();
log[Symbol.dispose]();

/** A connection that can be waited on for what is to come. */
async function connection(port: number) {
  const socket = net.connect(port, "127.0.0.1").setNoDelay().setEncoding("latin1");
  let text = "";
  let look = (): void => undefined;
  socket.on("data", (chunk) => {
    text += chunk;
    look();
  });
  await new Promise((resolve) => socket.once("connect", resolve));
  const upTo = (mark: string): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        const at = text.indexOf(mark);
        if (at === -1) return;
        text = text.slice(at + mark.length);
        look = () => undefined;
        resolve();
      };
      look();
    });
  const exchange = (what: string, mark: string): Promise<void> => {
    socket.write(what);
    return upTo(mark);
  };
  return { upTo, exchange, send: (what: string) => socket.write(what), end: () => socket.destroy() };
}
