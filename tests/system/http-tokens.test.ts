// Whose a request is: the owner's token, a device's, and a code that signs a browser in.
import * as fs from "node:fs";
import * as path from "node:path";
import { isSame } from "@mh/host/serve/http/same.ts";
import { makeCode } from "@mh/host/serve/http/sign-in.ts";
import { expect, test } from "vitest";
import { serveHome, token } from "../serve-home.ts";
import { capture } from "../support/http-asks.ts";

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
  const folder = path.join(import.meta.dirname, "../../packages/host/src/serve/http");
  const read = (name: string) => fs.readFileSync(path.join(folder, name), "utf8");
  expect(read("same.ts")).toContain("timingSafeEqual(hash(");
  for (const source of [read("authenticate.ts"), read("sign-in.ts")])
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

test("a code signs one browser in, once; its session is the owner's and is renewed", async () => {
  await using served = await serveHome();
  const sign = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${served.http.url}/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const code = makeCode(token, Date.now());
  const answer = await sign({ code });
  const session = (await answer.json()) as { token: string; until: string };
  expect([answer.status, answer.headers.get("set-cookie"), session.token.includes(token)]).toEqual([200, null, false]);
  const bearer = { authorization: `Bearer ${session.token}` };
  const asked = await fetch(`${served.http.url}/v1/events?after=-1`, { headers: bearer });
  expect(asked.status).toBe(200);
  await asked.body?.cancel();
  expect((await sign({ code })).status).toBe(401);
  expect((await sign({ code: makeCode("another-token-0123456789abcdef", Date.now()) })).status).toBe(401);
  expect((await sign({})).status).toBe(401);
  expect((await sign({}, bearer)).status).toBe(200);
  // A page of another site gets nothing, though it had the code.
  const fresh = makeCode(token, Date.now());
  expect((await sign({ code: fresh }, { origin: "http://evil.example" })).status).toBe(403);
  expect((await sign({ code: fresh })).status).toBe(200);
});

test("guessed codes are slowed down", async () => {
  await using served = await serveHome({ limits: { wrongTokensPerMinute: 2 } });
  const ends: number[] = [];
  for (let n = 0; n < 4; n += 1) {
    const body = JSON.stringify({ code: `mho_${n}` });
    const headers = { "content-type": "application/json" };
    ends.push((await fetch(`${served.http.url}/v1/session`, { method: "POST", headers, body })).status);
  }
  expect(ends).toEqual([401, 401, 429, 429]);
});
