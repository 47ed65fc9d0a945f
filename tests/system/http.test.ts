// Commands and queries over HTTP: what comes as one, how it ends, and how much of it is read.
import * as fs from "node:fs";
import * as net from "node:net";
import { agent } from "@mh/contract/values/principal.ts";
import { dial } from "@mh/host/connect/dial.ts";
import { socketPath } from "@mh/host/places.ts";
import { serve } from "@mh/host/serve/socket/serve.ts";
import { expect, test } from "vitest";
import { rawly, serveHome, statusIn } from "../serve-home.ts";
import { authorization, capture, memories } from "../support/http-asks.ts";

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
