// Who is answered at all: names, origins, and addresses that others reach.
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as https from "node:https";
import * as os from "node:os";
import * as path from "node:path";
import { socketPath } from "@mh/host/places.ts";
import { serve } from "@mh/host/serve/socket/serve.ts";
import { expect, test } from "vitest";
import { rawly, serveHome, statusIn, token } from "../serve-home.ts";
import { authorization, query } from "../support/http-asks.ts";

const isCi = process.env.CI === "true";
const canMakeCertificates = spawnSync("openssl", ["version"]).status === 0;

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
