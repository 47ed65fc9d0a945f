// What the server is made of and says of itself: routes, schemas, traces, its log and metrics.
import * as fs from "node:fs";
import * as path from "node:path";
import { EventFeed } from "@mh/host/serve/event-feed.ts";
import { makeApp } from "@mh/host/serve/http/app.ts";
import { usualLimits } from "@mh/host/serve/http/limits.ts";
import { expect, test, vi } from "vitest";
import { rawly, serveHome, token } from "../serve-home.ts";
import { capture } from "../support/http-asks.ts";

test("P19 the log and the metrics tell of commands, and of nothing that was in them", async () => {
  const secret = "canary-5f2d8e";
  await using served = await serveHome();
  const { home, metrics, http } = served;
  await served.post("/v1/command", { ...capture(`the word is ${secret}`), words: secret });
  await served.post("/v1/command", { skill: secret, args: { [secret]: secret } });
  await served.fetch(`/${secret}?${secret}=${secret}`);
  await fetch(`${http.url}/v1/events?token=${secret}`, { headers: { authorization: `Bearer ${secret}` } });
  await rawly(
    http.port,
    `GET /${secret} HTTP/1.1\r\nHost: ${secret}\r\nCookie: ${secret}\r\nConnection: close\r\n\r\n`,
  );
  const broken = vi.spyOn(home.host, "begin").mockImplementationOnce(() => {
    throw new Error(`cannot read ${secret}`);
  });
  const failed = await served.post("/v1/command", capture("x"));
  broken.mockRestore();
  expect([failed.status, await failed.text()]).toEqual([500, expect.not.stringContaining(secret)]);
  const text = fs.readFileSync(home.file("logs/run/daemon.ndjson"), "utf8");
  const scraped = await (await served.fetch("/metrics")).text();
  for (const leak of [secret, token]) expect([text.includes(leak), scraped.includes(leak)]).toEqual([false, false]);
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.find(({ skill }) => skill === "memory.capture")).toMatchObject({
    ...{ route: "/v1/command", status: 200, who: "owner", outcome: "done", via: "http" },
    ...{ trace: expect.stringMatching(/^[0-9a-f]{32}$/), command: expect.any(String) },
  });
  expect(lines.find(({ error }) => error)).toMatchObject({ error: { name: "Error", stack: expect.anything() } });
  expect(fs.statSync(home.file("logs/run/daemon.ndjson")).mode & 0o077).toBe(0);
  expect(scraped).toContain('mh_commands_total{skill="memory.capture",status="done"} 1');
  expect(scraped).toContain('mh_commands_total{skill="unknown",status="failed"} 1');
  expect(scraped).toContain('mh_command_seconds_count{skill="memory.capture"} 1');
  expect(metrics.registry.getMetricsAsArray().map(({ name }) => name)).toContain("process_resident_memory_bytes");
});

test("K15 there are these routes, and only these files reach a skill, through the kernel", async () => {
  await using served = await serveHome();
  const { host } = served.home;
  using feed = new EventFeed(host, 10);
  const tokens = { token, callerByToken: () => undefined, deviceById: () => undefined };
  const parts = { host, feed, tokens, version: "1", metrics: served.metrics, limits: usualLimits, address: "" };
  const { routes } = makeApp({ ...parts, log: undefined as never });
  const named = routes.filter(({ path }) => path !== "/*").map(({ method, path }) => `${method} ${path}`);
  expect(named).toEqual([
    ...[
      "GET /health",
      "POST /v1/session",
      "POST /v1/challenge",
      "POST /v1/press",
      "POST /v1/command",
      "POST /v1/query",
    ],
    ...["POST /v1/check", "GET /v1/runs/:id", "DELETE /v1/runs/:id", "ALL /mcp", "POST /v1/followers/:name"],
    ...["GET /v1/events", "GET /metrics", "GET /openapi.json"],
  ]);
  const folder = path.join(import.meta.dirname, "../../packages/host/src/serve");
  const ways = ["http", "mcp"].flatMap((way) =>
    fs.readdirSync(path.join(folder, way)).map((name) => path.join(way, name)),
  );
  const reaching = ways.filter((name) => {
    return (
      !name.endsWith(".test.ts") &&
      /\.act\(|\.begin\(|\.run\(|\.apply\(/.test(fs.readFileSync(path.join(folder, name), "utf8"))
    );
  });
  // A door of MCP gives commands as its client; what speaks MCP has a door, and no way beside it.
  expect(reaching).toEqual([
    ...[
      "http/command-route.ts",
      "http/press-route.ts",
      "http/session-route.ts",
      "mcp/call-tool.ts",
      "mcp/http-door.ts",
      "mcp/mcp-server.ts",
    ],
    ...["mcp/serve-stdio.ts", "mcp/socket-door.ts"],
  ]);
});

test("an answer goes on with the caller's trace, or begins one", async () => {
  await using served = await serveHome();
  const traceOf = async (sent?: string, target = "/health") => {
    const answer = await served.fetch(target, sent ? { headers: { traceparent: sent } } : {});
    return answer.headers.get("traceparent") ?? "";
  };
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const span = "00f067aa0ba902b7";
  expect(await traceOf(`00-${trace}-${span}-01`)).toMatch(new RegExp(`^00-${trace}-(?!${span})[0-9a-f]{16}-01$`));
  const unusable = [
    undefined,
    "",
    "x",
    `00-${"0".repeat(32)}-${span}-01`,
    `00-${trace}-${"0".repeat(16)}-01`,
    `${trace}`,
  ];
  for (const sent of unusable) {
    const made = await traceOf(sent, "/nowhere");
    expect(made).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(made).not.toContain(trace);
  }
});

test("/openapi.json knows every skill's arguments, and which of them only read", async () => {
  await using served = await serveHome();
  const document = (await (await served.fetch("/openapi.json")).json()) as {
    openapi: string;
    components: { schemas: Record<string, unknown> };
    paths: Record<string, { post?: { requestBody: { content: Record<string, { schema: { oneOf: unknown[] } }> } } }>;
  };
  const skills = served.home.host.registry.all();
  const missing = skills.filter(({ contract }) => !document.components.schemas[`${contract.name}.input`]);
  const choices = (route: string) =>
    document.paths[route]?.post?.requestBody.content["application/json"]?.schema.oneOf.length;
  expect([document.openapi, missing, choices("/v1/command"), choices("/v1/query")]).toEqual([
    "3.1.0",
    [],
    skills.length,
    skills.filter(({ kind }) => kind === "query").length,
  ]);
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name,
  );
  expect(references.filter((name) => !document.components.schemas[name as string])).toEqual([]);
});
