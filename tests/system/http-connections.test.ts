import { once } from "node:events";
import * as net from "node:net";
import { expect, test } from "vitest";
import { rawly, serveHome, statusIn, token } from "../serve-home.ts";

const connectionsMax = 8;
const limits = { connectionsMax, headersTimeoutMs: 600_000, requestTimeoutMs: 600_000 };

/** Connections that send a beginning and nothing more, each from one address of this machine's own. */
async function idle(port: number, count: number, begun: string, localAddress = "127.0.0.1"): Promise<net.Socket[]> {
  const sockets = Array.from({ length: count }, () => net.connect({ port, host: "127.0.0.1", localAddress }));
  for (const socket of sockets) socket.on("error", () => undefined).once("connect", () => socket.write(begun));
  await Promise.all(sockets.map((socket) => Promise.race([once(socket, "connect"), once(socket, "close")])));
  return sockets;
}

const open = (sockets: readonly net.Socket[]) => sockets.filter(({ readyState }) => readyState === "open").length;
const drop = (sockets: readonly net.Socket[]) => sockets.map((socket) => socket.destroy());
const authorization = `Authorization: Bearer ${token}`;

test.for([
  ["nothing", ""],
  ["half a request line", "GET /hea"],
  ["headers without end", "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "],
  ["a body that never comes", "POST /v1/command HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"],
  ["requests whose answers it does not read", `GET / HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(500)],
] as const)("S2 connections that send %s keep nobody from the port, however many they are", async ([, begun]) => {
  await using served = await serveHome({ limits });
  const { port } = served.http;
  const half = await idle(port, connectionsMax * 6, begun);
  for (let n = 0; n < 10; n += 1) expect((await served.fetch("/health")).status).toBe(200);
  expect((await served.post("/v1/query", { skill: "memory.stats", args: {} })).status).toBe(200);
  // Only who reads hears that the other side has hung up.
  for (const socket of half) socket.resume();
  await expect.poll(() => open(half)).toBeLessThanOrEqual(connectionsMax);
  drop(half);
});

test("S2 who has shown a token is not hung up on for those who have not, and an address with many gives way first", async () => {
  await using served = await serveHome({ limits });
  const { port } = served.http;
  const reader = await served.fetch("/v1/events");
  const [other] = (await idle(port, 1, "GET /hea", "127.0.0.2")) as [net.Socket];
  const many = await idle(port, connectionsMax * 6, "GET /hea");
  await expect.poll(() => open(many)).toBeLessThan(connectionsMax);
  expect(other.readyState).toBe("open");
  const answered = once(other, "data");
  other.write(`lth HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  expect(statusIn(String((await answered)[0]))).toBe(200);
  await served.http.close();
  expect(await reader.text()).toContain("event: closing");
  drop([...many, other]);
});

test("S2 one token keeps no more than half of the connections", async () => {
  await using served = await serveHome({ limits });
  const { port } = served.http;
  const request = `GET /metrics HTTP/1.1\r\nHost: localhost:${port}\r\n${authorization}\r\n\r\n`;
  const kept = await idle(port, connectionsMax, request);
  await Promise.all(kept.map((socket) => once(socket, "data")));
  for (let n = 0; n < 5; n += 1) {
    const answer = await rawly(port, `GET /health HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`);
    expect(statusIn(answer)).toBe(200);
  }
  expect(open(kept)).toBeGreaterThanOrEqual(connectionsMax / 2);
  drop(kept);
});
