import { randomUUID } from "node:crypto";
import * as net from "node:net";
import { serveHome, token } from "../../serve-home.ts";
import type { Dice } from "../dice.ts";
import { checksOf } from "../fuzzed-home.ts";
import { mutatedBytes, numbers, oddText } from "../mutate.ts";
import { mutatedJson } from "../mutate-json.ts";
import { checkFault, Finding, type Target } from "../target.ts";
import { pieces } from "./socket-frames.ts";

const paths = [
  "/v1/command",
  "/v1/query",
  "/v1/check",
  "/v1/runs/ID",
  "/v1/followers/me",
  "/v1/events",
  "/v1/events?names=memory.*&after=0",
  "/metrics",
  "/openapi.json",
  "/health",
  "/",
  "/v1/%2e%2e/x",
  "//evil",
  "*",
  "/v1/query?token=x",
];
const places = ["localhost", "Bearer"];
/** Long enough for a machine that is busy, and short enough to wait for what never comes. */
const limits = { headersTimeoutMs: 300, requestTimeoutMs: 600, keepAliveTimeoutMs: 1, wrongTokensPerMinute: 1e9 };

/** Requests over HTTP, with the owner's token, a wrong one, or none: each is answered by the contract, or hung up on. */
export async function open(): Promise<Target> {
  const checks = checksOf();
  const served = await serveHome({ ...checks.options, limits });
  const { home, http } = served;
  const commands = checks.commandsOf(home);
  const host = `127.0.0.1:${http.port}`;
  const words = [
    ...places,
    host,
    token,
    "Content-Length: ",
    "Transfer-Encoding: chunked\r\n",
    "\r\n\r\n",
    "Expect: 100-continue\r\n",
    "Upgrade: websocket\r\n",
    "HTTP/1.0",
    "GET ",
    "0\r\n\r\n",
    ...numbers,
  ];
  const body = (dice: Dice, path: string) => {
    if (!path.startsWith("/v1/")) return "";
    const command = commands.map((each) => JSON.stringify({ id: randomUUID(), ...JSON.parse(each) }));
    const texts = path.includes("followers") ? ['{"after":1}'] : command;
    return dice.chance(0.75) ? mutatedJson(dice, texts) : dice.pick(texts);
  };
  const request = (dice: Dice) => {
    const path = dice.pick(dice.chance(0.6) ? paths.slice(0, 3) : paths).replace("ID", randomUUID());
    const sent = body(dice, path);
    const method =
      sent === ""
        ? dice.pick(["GET", "DELETE", "HEAD"])
        : dice.chance(0.9)
          ? "POST"
          : dice.pick(["GET", "DELETE", "PUT", "OPTIONS", "TRACE"]);
    const who = dice.chance(0.7)
      ? [`Authorization: Bearer ${token}`]
      : dice.pick([
          [],
          ["Authorization: Bearer x"],
          [`Authorization: Basic ${token}`],
          [`Authorization: Bearer ${oddText(dice).replaceAll(/[\r\n]/g, "")}`],
        ]);
    const length = dice.chance(0.9) ? String(Buffer.byteLength(sent)) : dice.pick(numbers);
    const type = dice.chance(0.9)
      ? "application/json"
      : dice.pick(["text/plain", "application/json; charset=utf-16", "multipart/form-data"]);
    const odd = dice.chance(0.2) ? [`X-Odd: ${oddText(dice).replaceAll(/[\r\n]/g, "")}`] : [];
    const end = dice.chance(0.9) ? ["Connection: close"] : [];
    const headers = [`Host: ${host}`, ...end, ...who, `Content-Type: ${type}`, `Content-Length: ${length}`, ...odd];
    return Buffer.from(`${method} ${path} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${sent}`);
  };
  return {
    renewAfter: 1_500,
    make(dice) {
      const requests = Array.from({ length: dice.chance(0.8) ? 1 : 3 }, () => request(dice));
      const bytes = Buffer.concat(requests);
      return dice.chance(0.2) ? mutatedBytes(dice, bytes, [request(dice)], words) : bytes;
    },
    async feed(input) {
      // The port is another one at each start.
      const bytes = Buffer.from(input.toString("latin1").replaceAll(/127\.0\.0\.1:\d+/g, host), "latin1");
      await checks.settled(home);
      const records = home.host.committed;
      const answer = await exchanged(http.port, bytes);
      for (const text of answer.split(/(?=HTTP\/1\.1 \d{3} )/).filter(Boolean)) checkAnswer(text);
      if (!bytes.includes(token) && home.host.committed !== records) throw new Finding("A stranger left a record.");
      if (!bytes.includes(token) && /"outcome"|"verdict"|"memories"/.test(answer))
        throw new Finding(`A stranger was answered: ${answer.slice(0, 300)}`);
      const health = await fetch(`${http.url}/health`);
      if (health.status !== 200) throw new Finding(`/health says ${health.status}`);
      await checks.check(home);
    },
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

/** Everything that comes back until the other side hangs up; a stream of events is left once it began. */
function exchanged(port: number, bytes: Buffer): Promise<string> {
  const socket = net.connect(port, "127.0.0.1");
  const { promise, resolve } = Promise.withResolvers<string>();
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    text += chunk;
    if (/^content-type: text\/event-stream/im.test(text)) socket.destroy();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => resolve(text));
  for (const piece of pieces(bytes)) socket.write(piece);
  return promise;
}

/** Whatever the status is, the body says in the contract's words what was wrong; 500 is also that of a keychain that fails. */
function checkAnswer(text: string): void {
  const isFailed = text.startsWith("HTTP/1.1 500 ");
  const at = text.indexOf("\r\n\r\n");
  const head = text.slice(0, at);
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  const body = Buffer.from(text.slice(at + 4, at + 4 + length), "latin1");
  const isWhole = /^content-type: application\/json/im.test(head) && length > 0 && body.length === length;
  if (isFailed && !isWhole) throw new Finding(text.slice(0, 600));
  // A HEAD is answered without one.
  if (!isWhole || body[0] !== 0x7b) return;
  const { fault, outcome } = JSON.parse(body.toString("utf8"));
  checkFault(fault);
  if (outcome?.status === "failed") checkFault(outcome.fault);
}
