import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as https from "node:https";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { agent } from "@mh/contract/values/principal.ts";
import { dial } from "@mh/host/connect/dial.ts";
import { socketPath } from "@mh/host/places.ts";
import { EventFeed } from "@mh/host/serve/event-feed.ts";
import { makeApp } from "@mh/host/serve/http/app.ts";
import { isSame } from "@mh/host/serve/http/authenticate.ts";
import { usualLimits } from "@mh/host/serve/http/limits.ts";
import { serve } from "@mh/host/serve/socket/serve.ts";
import { expect, test, vi } from "vitest";
import { rawly, type ServedHome, serveHome, statusIn, token } from "../serve-home.ts";

const isCi = process.env.CI === "true";
const canMakeCertificates = spawnSync("openssl", ["version"]).status === 0;
const authorization = `Authorization: Bearer ${token}`;
const capture = (text: string) => ({ skill: "memory.capture", args: { text } });
const memories = async ({ home }: ServedHome) =>
  (await home.own<{ memories: { content: string }[] }>("memory.list")).memories.map(({ content }) => content).sort();

/** A query of the owner's, with the headers as they are given. */
function query(...headers: readonly string[]): string {
  const body = '{"skill":"memory.stats"}';
  const usual = [
    authorization,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  return `${["POST /v1/query HTTP/1.1", ...headers, ...usual].join("\r\n")}\r\n\r\n${body}`;
}

test("P4 only names that are allowed are answered, however this machine's address is spelled", async () => {
  await using served = await serveHome({ settings: { hosts: ["mh.example.org", "box.local:8443"] } });
  const { port } = served.http;
  const refused = [
    ...["evil.example", `evil.example:${port}`, `127.0.0.1.nip.io:${port}`, `localhost.:${port}`, `127.0.0.1.:${port}`],
    ...[
      `2130706433:${port}`,
      `0x7f000001:${port}`,
      `0177.0.0.1:${port}`,
      `127.1:${port}`,
      `0:${port}`,
      `0.0.0.0:${port}`,
    ],
    ...[`127.0.0.2:${port}`, `[::ffff:127.0.0.1]:${port}`, `[0:0:0:0:0:0:0:1]:${port}`, `::1:${port}`, `[::1`],
    ...[
      "127.0.0.1",
      "localhost",
      `localhost:${port + 1}`,
      `localhost:0${port}`,
      `localhost:${port}.`,
      `user@localhost:${port}`,
    ],
    ...[
      `localhost:${port}@evil.example`,
      `localhost:${port},evil.example`,
      `localhost:${port} evil.example`,
      "null",
      "",
    ],
    ...["mh.example.org.", "sub.mh.example.org", "mh.example.org:1", "box.local", `xn--lcalhost-i4a:${port}`],
  ];
  for (const host of refused) {
    expect([host, statusIn(await rawly(port, query(`Host: ${host}`)))]).toEqual([host, 421]);
  }
  const answered = [
    ...[`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, `LocalHost:${port}`],
    ...["mh.example.org", `MH.example.org:${port}`, "box.local:8443"],
  ];
  for (const host of answered) {
    expect([host, statusIn(await rawly(port, query(`Host: ${host}`)))]).toEqual([host, 200]);
  }
});

test("P4 a request with no Host, with two, or with a whole URL for a target is refused", async () => {
  await using served = await serveHome();
  const { port } = served.http;
  const ours = `Host: 127.0.0.1:${port}`;
  const targets = [
    `http://127.0.0.1:${port}/health`,
    "http://evil.example/health",
    "//evil.example/health",
    "*",
    "health",
  ];
  const answers: Record<string, string> = {
    none: await rawly(port, query()),
    "HTTP/1.0 without": await rawly(port, "GET /health HTTP/1.0\r\n\r\n"),
    twice: await rawly(port, query(ours, "Host: evil.example")),
    "twice the same": await rawly(port, query(ours, ours.toLowerCase())),
    "two origins": await rawly(port, query(ours, `Origin: http://127.0.0.1:${port}`, "Origin: http://evil.example")),
    "two tokens": await rawly(port, query(ours, "Authorization: Bearer wrong")),
    ...Object.fromEntries(
      await Promise.all(
        targets.map(async (target) => [
          target,
          await rawly(port, `GET ${target} HTTP/1.1\r\n${ours}\r\nConnection: close\r\n\r\n`),
        ]),
      ),
    ),
  };
  expect(Object.entries(answers).map(([name, answer]) => [name, statusIn(answer)])).toEqual([
    ["none", 421],
    ["HTTP/1.0 without", 421],
    ...["twice", "twice the same", "two origins", "two tokens", ...targets].map((name) => [name, 400]),
  ]);
});

test("P3 a page of another origin is refused with the right token, whatever it asks and however", async () => {
  await using served = await serveHome({ settings: { hosts: ["mh.example.org"] } });
  const { port } = served.http;
  const ours = `Host: 127.0.0.1:${port}`;
  const refused = [
    ...[
      "http://evil.example",
      "null",
      "",
      "http://127.0.0.1",
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}/`,
    ],
    ...[`http://localhost:${port}`, `http://127.0.0.1:${port}.evil.example`, "file://", "http://mh.example.org"],
  ].map((origin) => `Origin: ${origin}`);
  const across = ["cross-site", "same-site", "Same-Origin", "anything"].map((site) => `Sec-Fetch-Site: ${site}`);
  for (const header of [...refused, ...across]) {
    const statuses = [
      statusIn(await rawly(port, query(ours, header))),
      ...(await Promise.all(
        ["/v1/events", "/health", "/", "/metrics", "/openapi.json"].map(async (target) =>
          statusIn(
            await rawly(
              port,
              `GET ${target} HTTP/1.1\r\n${ours}\r\n${header}\r\n${authorization}\r\nConnection: close\r\n\r\n`,
            ),
          ),
        ),
      )),
    ];
    expect([header, ...statuses]).toEqual([header, ...statuses.map(() => 403)]);
  }
  const allowed = [
    [ours, `Origin: http://127.0.0.1:${port}`, "Sec-Fetch-Site: same-origin"],
    [`Host: localhost:${port}`, `Origin: http://localhost:${port}`],
    ["Host: mh.example.org", "Origin: https://mh.example.org"],
    [ours, "Sec-Fetch-Site: none"],
  ];
  for (const headers of allowed) {
    expect([headers, statusIn(await rawly(port, query(...headers)))]).toEqual([headers, 200]);
  }
});

test("P3 nothing is ever shared with another origin, and no preflight is granted", async () => {
  await using served = await serveHome();
  const { port } = served.http;
  const preflight = [
    "OPTIONS /v1/command HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    "Origin: http://evil.example",
    "Access-Control-Request-Method: POST",
    "Access-Control-Request-Headers: authorization,content-type",
    "Connection: close",
  ].join("\r\n");
  const upgrade = [
    "GET /v1/events HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    "Origin: http://evil.example",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ].join("\r\n");
  const answers = [await rawly(port, `${preflight}\r\n\r\n`), await rawly(port, `${upgrade}\r\n\r\n`)];
  expect(answers.map(statusIn)).toEqual([405, 403]);
  for (const answer of [...answers, await rawly(port, query(`Host: 127.0.0.1:${port}`))]) {
    expect(answer).not.toMatch(/access-control/i);
    expect(answer).toContain("cross-origin-resource-policy: same-origin");
  }
});

test("P5 a command comes as JSON that says so, or not at all", async () => {
  await using served = await serveHome();
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "",
  ];
  for (const type of [...types, "text/plain; application/json", "application/json; charset=utf-7"]) {
    const answer = await served.post("/v1/command", capture("forged"), { "content-type": type });
    expect([type, answer.status]).toEqual([type, 415]);
  }
  const zipped = await served.post("/v1/command", capture("forged"), { "content-encoding": "gzip" });
  const asGet = await served.fetch(`/v1/command?skill=memory.capture&args=${encodeURIComponent('{"text":"forged"}')}`);
  expect([zipped.status, asGet.status, await memories(served)]).toEqual([415, 404, []]);
  const right = await served.post("/v1/command", capture("meant"), {
    "content-type": "Application/JSON; charset=UTF-8",
  });
  expect([right.status, await memories(served)]).toEqual([200, ["meant"]]);
});

test("P6 an address that others can reach is refused without TLS, and any address without a token", async () => {
  const tries = [
    ...["0.0.0.0", "::", "192.168.1.5", "8.8.8.8", "::ffff:0.0.0.0", "fe80::1", "128.0.0.1"].map((bind) => ({
      bind,
    })),
    ...["", "*", "mh.example.org", "127.1", "2130706433", "0x7f.1", "127.0.0.1 "].map((bind) => ({ bind })),
    ...[{ bind: "0.0.0.0", tls: { cert: "none.pem", key: "none.pem" } }],
  ];
  for (const settings of tries) {
    await expect(serveHome({ settings }), settings.bind).rejects.toMatchObject({ code: "daemon.refused" });
  }
  await using served = await serveHome();
  const { serveHttp } = await import("@mh/host/serve/http/serve-http.ts");
  for (const weak of ["", "changeme", "x".repeat(31)]) {
    const settings = { bind: "127.0.0.1", port: 0, hosts: [] };
    const start = serveHttp({
      ...{ host: served.home.host, settings, version: "1", token: weak, callerByToken: () => undefined },
      log: undefined as never,
    });
    await expect(start, weak).rejects.toMatchObject({ code: "daemon.refused" });
  }
  const taken = serveHome({ settings: { port: served.http.port } });
  await expect(taken).rejects.toMatchObject({ code: "daemon.refused", message: expect.stringContaining("EADDRINUSE") });
});

test.skipIf(!canMakeCertificates && !isCi)(
  "P6 with TLS an address that others can reach is served, and only with TLS",
  async () => {
    using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-tls-"));
    const tls = { cert: path.join(folder.path, "cert.pem"), key: path.join(folder.path, "key.pem") };
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const made = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      tls.key,
      "-out",
      tls.cert,
    ];
    execFileSync("openssl", ["req", "-x509", ...made, ...subject], { stdio: "ignore" });
    await using served = await serveHome({ settings: { bind: "0.0.0.0", tls } });
    const { port, url } = served.http;
    expect(url).toBe(`https://127.0.0.1:${port}`);
    const ask = (origin: string) => askTls({ port, ca: fs.readFileSync(tls.cert), origin });
    expect([await ask(`https://localhost:${port}`), await ask(`http://localhost:${port}`)]).toEqual([200, 403]);
    expect(await rawly(port, query(`Host: localhost:${port}`))).toBe("");
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    // The home's own socket has no handshake.
    await using _socket = await serve(served.home.host, served.http.take);
    const local = await rawly(
      socketPath(served.home.root),
      "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    expect(statusIn(local)).toBe(200);
    await expect(serveHome({ settings: { bind: "0.0.0.0", tls: { ...tls, key: tls.cert } } })).rejects.toMatchObject({
      code: "daemon.refused",
    });
  },
);

function askTls({ port, ca, origin }: { port: number; ca: Buffer; origin: string }): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, origin };
  return new Promise((resolve, reject) => {
    const request = https.get(
      { host: "localhost", family: 4, port, path: "/metrics", ca, agent: false, headers },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    request.on("error", reject);
  });
}

test("a token counts in the Authorization header and nowhere else", async () => {
  await using served = await serveHome({ limits: { wrongTokensPerMinute: 100 } });
  const { url } = served.http;
  const ask = async (target: string, headers: Record<string, string> = {}) =>
    (await fetch(`${url}${target}`, { headers })).status;
  const protectedPaths = ["/v1/events", "/metrics", "/openapi.json", "/v1/command", "/nothing/here"];
  for (const target of protectedPaths) expect([target, await ask(target)]).toEqual([target, 401]);
  const wrong = [
    ...[token, `Basic ${btoa(`mh:${token}`)}`, "Bearer", "Bearer ", `Bearer ${token}x`, `Bearer ${token.slice(0, -1)}`],
    ...[`Bearer ${token} ${token}`, `Bearer ${token.toUpperCase()}`, `Bearer ${"x".repeat(5000)}`, `Token ${token}`],
  ];
  for (const each of wrong) expect([each, await ask("/metrics", { authorization: each })]).toEqual([each, 401]);
  expect(await ask("/metrics", { cookie: `token=${token}; mh=${token}` })).toBe(401);
  expect(await ask(`/metrics?token=${token}`)).toBe(400);
  expect(await ask(`/v1/events?access_token=${token}`)).toBe(400);
  expect(await ask(`/v1/events?token=${token}`, { authorization: `Bearer ${token}` })).toBe(400);
  expect(await ask("/metrics", { authorization: `bearer ${token}` })).toBe(200);
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: "ok", version: "1.2.3" });
});

test("tokens are compared by their hashes, in a time that says nothing of where they differ", () => {
  const pairs = ["", token, `${token}x`, token.slice(0, -1), `x${token.slice(1)}`, "é", "x".repeat(100_000)];
  for (const a of pairs) for (const b of pairs) expect(isSame(a, b)).toBe(a === b);
  const source = fs.readFileSync(
    path.join(import.meta.dirname, "../../packages/host/src/serve/http/authenticate.ts"),
    "utf8",
  );
  expect(source).toContain("timingSafeEqual(hash(");
  expect(source).not.toMatch(/token\b[^;\n]*===|===[^;\n]*token\b/i);
});

test("who tries tokens is told to wait, and the owner is not locked out by it", async () => {
  await using served = await serveHome({ limits: { wrongTokensPerMinute: 3 } });
  const guess = () => fetch(`${served.http.url}/metrics`, { headers: { authorization: "Bearer guess" } });
  const guesses = [await guess(), await guess(), await guess(), await guess(), await guess()];
  expect(guesses.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429]);
  expect(Number(guesses[3]?.headers.get("retry-after"))).toBeGreaterThan(50);
  expect((await served.fetch("/metrics")).status).toBe(200);
});

test("an outcome is told in HTTP's words, and stands whole in the body", async () => {
  await using served = await serveHome();
  served.home.rule("hard.cedar", '@id("no-sending") forbid (principal, action == mh::Action::"send", resource);');
  const ends = [
    [capture("Met Sarah"), 200, "done"],
    [{ skill: "outbox.append", args: { text: "x", effect: "send" } }, 403, "denied"],
    [{ skill: "memory.nothing" }, 404, "failed"],
    [{ skill: "memory.capture", args: { text: "x", more: 1 } }, 400, "failed"],
    [{ skill: "approval.show", args: { id: "none" } }, 404, "failed"],
  ] as const;
  for (const [body, status, end] of ends) {
    const answer = await served.post("/v1/command", body);
    const outcome = (await answer.json()) as { status: string; id: string };
    expect([body, answer.status, outcome.status, typeof outcome.id]).toEqual([body, status, end, "string"]);
  }
  const malformed = [
    ...[{}, [], null, "x", { skill: 1 }, { skill: "memory.capture", args: [] }, { ...capture("x"), as: "agent:x" }],
    ...[{ ...capture("x"), id: "1" }, { ...capture("x"), principal: "owner" }, { skill: "x".repeat(201) }],
  ];
  for (const body of malformed) {
    const answer = await served.post("/v1/command", body);
    expect([body, answer.status, await answer.json()]).toMatchObject([
      body,
      400,
      { fault: { code: "protocol.invalid" } },
    ]);
  }
  expect(await memories(served)).toEqual(["Met Sarah"]);
});

test("the same id is done once, and answered alike", async () => {
  await using served = await serveHome();
  const body = { ...capture("once"), id: served.home.host.newId() };
  const [first, second] = [await served.post("/v1/command", body), await served.post("/v1/command", body)];
  expect(await second.json()).toEqual(await first.json());
  const other = await served.post("/v1/command", { ...capture("another"), id: body.id });
  expect([other.status, await memories(served)]).toEqual([409, ["once"]]);
});

test("a query only reads: what does more is refused there, and not done", async () => {
  await using served = await serveHome();
  for (const skill of ["memory.capture", "kernel.stop", "outbox.append", "grant.give"]) {
    const answer = await served.post("/v1/query", { skill, args: { text: "x" } });
    expect([skill, answer.status, await answer.json()]).toMatchObject([
      skill,
      400,
      { fault: { code: "protocol.invalid" } },
    ]);
  }
  expect([fs.existsSync(served.home.file("run/STOP")), served.home.outbox(), await memories(served)]).toEqual([
    false,
    [],
    [],
  ]);
  const stats = await served.post("/v1/query", { skill: "memory.stats" });
  expect([stats.status, await stats.json()]).toMatchObject([200, { status: "done", value: { kinds: {} } }]);
});

test("a device acts as the owner under its own name, until its token is taken away", async () => {
  const phone = "phone-token-0123456789abcdef0123456789abcdef";
  const devices = new Map([[phone, { kind: "device" as const, id: "d1", name: "phone" }]]);
  await using served = await serveHome({ devices, limits: { heartbeatMs: 20 } });
  const headers = { authorization: `Bearer ${phone}` };
  expect((await served.post("/v1/command", capture("from afar"), headers)).status).toBe(200);
  const captured = [...served.home.host.replay({ pattern: "memory.captured" })].map(({ principal }) => principal);
  expect(captured).toEqual(["owner/phone"]);
  const open = await served.fetch("/v1/events", { headers });
  devices.delete(phone);
  expect(await open.text()).toContain("event: forbidden\n");
  expect((await served.post("/v1/command", capture("again"), headers)).status).toBe(401);
});

test("K2 STOP over HTTP ends a batch in under a second, and stands whatever becomes of the command", async () => {
  await using served = await serveHome();
  const { home } = served;
  await home.own("grant.give", { principal: agent("runaway"), skill: "memory.capture" });
  const denials: number[] = [];
  let n = 0;
  const batch = (async () => {
    for (; denials.length === 0; n += 1) {
      const { status } = await home.act(agent("runaway"), "memory.capture", { text: `note ${n}` });
      if (status === "denied") denials.push(performance.now());
    }
  })();
  await expect.poll(() => n).toBeGreaterThan(10);
  const asked = performance.now();
  const answer = await served.post("/v1/command", { skill: "kernel.stop" });
  await batch;
  expect([answer.status, await answer.json()]).toMatchObject([200, { status: "done", value: { stopped: true } }]);
  expect((denials[0] ?? Number.POSITIVE_INFINITY) - asked).toBeLessThan(1000);
  await home.own("kernel.resume", {});
  home.rule("hard.cedar", '@id("no-admin") forbid (principal, action == mh::Action::"admin", resource);');
  expect((await served.post("/v1/command", { skill: "kernel.stop" })).status).toBe(403);
  expect(fs.existsSync(home.file("run/STOP"))).toBe(true);
});

test("a body is a mebibyte at most, whatever it says of itself, and no bomb", async () => {
  await using served = await serveHome();
  const { port } = served.http;
  const head = (...more: readonly string[]) =>
    `${["POST /v1/command HTTP/1.1", `Host: 127.0.0.1:${port}`, authorization, "Content-Type: application/json", ...more].join("\r\n")}\r\n\r\n`;
  const claims = await rawly(port, head("Content-Length: 99999999999"), "{");
  const chunk = `${(2 ** 16).toString(16)}\r\n${" ".repeat(2 ** 16)}\r\n`;
  const chunked = await rawly(port, head("Transfer-Encoding: chunked"), ...Array.from({ length: 40 }, () => chunk));
  const both = await rawly(port, head("Transfer-Encoding: chunked", "Content-Length: 5"), "0\r\n\r\n");
  expect([claims, chunked, both].map(statusIn)).toEqual([413, 413, 400]);
  const json = (text: string) =>
    served.fetch("/v1/command", { method: "POST", headers: { "content-type": "application/json" }, body: text });
  const fitting = JSON.stringify(capture("x")).padEnd(2 ** 20);
  const bombs = [`${fitting} `, `{"skill":"memory.capture","args":${"[".repeat(200_000)}`, "\xff\xfe", '{"skill":'];
  const deep = `{"skill":"memory.capture","args":{"text":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`;
  const statuses = await Promise.all([...bombs, deep].map(async (text) => (await json(text)).status));
  expect(statuses).toEqual([413, 400, 400, 400, 400]);
  expect([(await json(fitting)).status, await memories(served)]).toEqual([200, ["x"]]);
});

test("who sends a request forever, or headers without end, is hung up on", async () => {
  await using served = await serveHome({ limits: { headersTimeoutMs: 150, requestTimeoutMs: 300 } });
  const { port } = served.http;
  const begun = `POST /v1/command HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${authorization}\r\n`;
  const slowHeaders = await rawly(port, begun);
  const slowBody = await rawly(port, `${begun}Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{`);
  const longHeaders = await rawly(port, `${begun}X-Long: ${"x".repeat(20_000)}\r\n\r\n`);
  expect([slowHeaders, slowBody, longHeaders].map(statusIn)).toEqual([408, 408, 431]);
});

test("S2 the home's socket speaks JSON lines and HTTP, the latter with a token and for nobody but programs", async () => {
  await using served = await serveHome();
  const { home, http } = served;
  const bound = await serve(home.host, http.take);
  const name = socketPath(home.root);
  const connection = await dial(home.root, home.environment);
  const act = { n: 7, do: "act", id: home.host.newId(), ...capture("by line") } as const;
  expect(await connection?.request(act)).toMatchObject({ outcome: { status: "done" } });
  await connection?.[Symbol.asyncDispose]();
  const body = JSON.stringify(capture("by HTTP"));
  const ask = (...headers: readonly string[]) => {
    const all = ["POST /v1/command HTTP/1.1", "Host: localhost", "Content-Type: application/json", ...headers];
    return rawly(name, `${all.join("\r\n")}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`, body);
  };
  for (const header of [
    "Origin: http://localhost",
    "Sec-Fetch-Site: same-origin",
    "X-Forwarded-For: 1.2.3.4",
    "Via: 1.1 x",
  ]) {
    expect([header, statusIn(await ask(header))]).toEqual([header, 403]);
  }
  expect([statusIn(await ask("Authorization: Bearer wrong")), statusIn(await ask())]).toEqual([401, 401]);
  expect(await memories(served)).toEqual(["by line"]);
  const answer = await ask(authorization.trim());
  expect([statusIn(answer), answer.includes('"status":"done"')]).toEqual([200, true]);
  expect(await memories(served)).toEqual(["by HTTP", "by line"]);
  const idle = net.connect(name);
  await new Promise((resolve) => idle.once("connect", resolve));
  const ended = new Promise((resolve) => idle.once("close", resolve));
  await http.close();
  await bound[Symbol.asyncDispose]();
  await ended;
});

test("what was asked is answered before the server ends, and nothing is asked of it after", async () => {
  await using served = await serveHome();
  const reader = await served.fetch("/v1/events");
  const asked = Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => served.post("/v1/command", capture(`note ${n}`))),
  );
  await expect.poll(() => memories(served)).not.toEqual([]);
  await served.http.close();
  const statuses = (await asked).map((end) => (end.status === "fulfilled" ? end.value.status : 0));
  const answered = statuses.filter((status) => status === 200).length;
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBe((await memories(served)).length);
  expect(await reader.text()).toContain("event: closing\n");
  await expect(fetch(`${served.http.url}/health`)).rejects.toThrow();
});

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

test("K15 there are these routes, and only three of them reach a skill, through the kernel", async () => {
  await using served = await serveHome();
  const { host } = served.home;
  using feed = new EventFeed(host, 10);
  const tokens = { token, callerByToken: () => undefined };
  const parts = { host, feed, tokens, version: "1", metrics: served.metrics, limits: usualLimits, address: "" };
  const { routes } = makeApp({ ...parts, log: undefined as never });
  const named = routes.filter(({ path }) => path !== "/*").map(({ method, path }) => `${method} ${path}`);
  expect(named).toEqual([
    ...[
      "GET /",
      "GET /page.css",
      "GET /approval.js",
      "GET /page.js",
      "GET /health",
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
    ...["http/command-route.ts", "mcp/call-tool.ts", "mcp/http-door.ts", "mcp/mcp-server.ts"],
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

test("P2 the page takes nothing of its address but a token, and may speak to nobody but its own origin", async () => {
  await using served = await serveHome();
  const answer = await fetch(`${served.http.url}/?server=http://evil.example`);
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  for (const part of [
    "default-src 'none'",
    "connect-src 'self'",
    "script-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ])
    expect(policy).toContain(part);
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  const html = await answer.text();
  expect(html).not.toMatch(/<script[^>]*>[^<]|\son\w+=|style=/);
  const script = await (await fetch(`${served.http.url}/page.js`)).text();
  expect(script).not.toMatch(/location\.search|searchParams|innerHTML|localStorage|cookie|eval\(|https?:\/\//);
});
