import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Config } from "@mh/core/model/config.ts";
import type { Http, HttpRequest } from "@mh/core/ports/http.ts";
import { nodeHttp } from "@mh/host/adapters/node-http.ts";
import { permitted } from "@mh/host/wiring/permitted.ts";
import type { WorldPorts } from "@mh/host/wiring/world-ports.ts";
import { expect, onTestFinished, test } from "vitest";

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

async function serve(handler: Handler): Promise<{ url: string; closed: () => number }> {
  let closed = 0;
  const server = http.createServer((request, response) => {
    response.on("close", () => {
      closed += 1;
    });
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, closed: () => closed };
}

const stream = (url: string, more: Partial<HttpRequest> = {}, client: Http = nodeHttp()) =>
  client.stream({ method: "GET", url, reach: "any", timeoutMs: 60_000, bytesMax: 1000, ...more });

const failing = (code: string, message: RegExp) =>
  expect.toSatisfy((error) => error instanceof Fault && error.code === code && message.test(error.message));

test("a stream gives what has come while the rest has not", async () => {
  const go = Promise.withResolvers<void>();
  const { url } = await serve(async (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/plain" }).write("first");
    await go.promise;
    response.end("second");
  });
  const { status, headers, body } = await stream(url);
  expect([status, headers["content-type"]]).toEqual([200, "text/plain"]);
  const texts: string[] = [];
  for await (const chunk of body) {
    texts.push(Buffer.from(chunk).toString());
    go.resolve();
  }
  expect(texts).toEqual(["first", "second"]);
});

test("a stream that falls silent ends, before its head and after", async () => {
  const silent = await serve(() => undefined);
  await expect(stream(silent.url, { timeoutMs: 20 })).rejects.toEqual(
    failing("http.failed", /nothing came for 0.02 s/),
  );
  const stuck = await serve((_request, response) => void response.writeHead(200).write("first"));
  const { body } = await stream(stuck.url, { timeoutMs: 200 });
  await expect(Array.fromAsync(body)).rejects.toEqual(failing("http.failed", /./));
});

test("a stream that is too long is refused; it closes its connection, and so do a reader that stops and an abort", async () => {
  const flood = await serve((_request, response) => {
    const write = (): unknown => response.destroyed || response.write("x".repeat(600), () => setImmediate(write));
    write();
  });
  await expect(stream(flood.url).then(({ body }) => Array.fromAsync(body))).rejects.toEqual(
    failing("http.failed", /longer than 1000 bytes/),
  );
  for await (const _chunk of (await stream(flood.url, { bytesMax: 1e9 })).body) break;
  const abort = new AbortController();
  const { body } = await stream(flood.url, { signal: abort.signal, bytesMax: 1e9 });
  const reading = Array.fromAsync(body);
  abort.abort();
  await expect(reading).rejects.toEqual(failing("http.failed", /./));
  await expect.poll(flood.closed).toBe(3);
});

test("P17 a stream reaches no further than a request: not this machine where the web was meant, and not by redirect", async () => {
  const { url } = await serve((_request, response) => void response.writeHead(302, { location: "/b" }).end());
  await expect(stream(url, { reach: "public" })).rejects.toEqual(failing("http.refused", /open Internet/));
  await expect(stream("file:///etc/hosts")).rejects.toEqual(failing("http.refused", /not the web/));
  expect((await stream(url)).status).toBe(302);
});

test("a stream is held to the hosts of the contract", async () => {
  const { url } = await serve((_request, response) => void response.end("ok"));
  const ports = { http: nodeHttp() } as WorldPorts;
  const of = (hosts: string[]) => permitted(ports, { name: "page.read", permissions: { hosts } }).http;
  await expect(stream(url, {}, of(["example.org"]))).rejects.toEqual(failing("skill.misdeclared", /127\.0\.0\.1/));
  await expect(stream(url, {}, of(["*"]))).rejects.toEqual(failing("skill.misdeclared", /127\.0\.0\.1/));
  expect((await stream(url, {}, of(["127.0.0.1"]))).status).toBe(200);
  // Those that were judged, wherever they are, and no others.
  const judged = (hosts: string[]) =>
    permitted(
      ports,
      { name: "page.read", permissions: { hosts: ["judged"] } },
      { config: {} as Config, scope: { hosts } },
    );
  expect((await stream(url, {}, judged(["127.0.0.1"]).http)).status).toBe(200);
  await expect(stream(url, {}, judged(["example.org"]).http)).rejects.toEqual(
    failing("skill.misdeclared", /127\.0\.0\.1/),
  );
});
