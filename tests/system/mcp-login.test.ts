import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { type AuthorizationServer, authorizationServer, browse } from "../support/authorization-server.ts";
import { type RemoteMcpServer, remoteServer } from "../support/remote-mcp-server.ts";

interface Signing extends AsyncDisposable {
  home: TestHost;
  remote: RemoteMcpServer;
  as: AuthorizationServer;
}

/** A home, a server that lets nobody in without a token of that authorization server, and that. */
async function signing(metadata: Record<string, unknown> = {}): Promise<Signing> {
  const [home, remote, as] = [await makeHost(), await remoteServer(), await authorizationServer()];
  const { origin } = new URL(remote.url);
  remote.before = (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/.well-known/oauth-protected-resource"))
      return Response.json({ resource: remote.url, authorization_servers: [as.origin], ...metadata });
    const given = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
    if (as.tokens.get(given) === remote.url) return undefined;
    const challenge = `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp", scope="read"`;
    return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
  };
  await home.own("config.write", {
    text: JSON.stringify({ owner: "Ada", secrets: { store: "keyfile" }, mcpServers: { wiki: { url: remote.url } } }),
  });
  return {
    ...{ home, remote, as },
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await remote.close();
      await as[Symbol.asyncDispose]();
    },
  };
}

const failure = (outcome: Outcome): string =>
  outcome.status === "failed" ? `${outcome.fault.code} ${outcome.fault.message}` : outcome.status;
const begin = ({ home, as }: Signing, more: object = {}) =>
  home.own("mcp.sign-in", { server: "wiki", issuer: as.origin, origins: [as.origin], ...more });
const tryBegin = async ({ home, as }: Signing, more: object = {}) =>
  failure(await home.act(owner, "mcp.sign-in", { server: "wiki", issuer: as.origin, origins: [as.origin], ...more }));

async function signIn(all: Signing) {
  const { stage, url } = await begin(all);
  const done = all.home.own("mcp.signed-in", { stage });
  const came = await browse(url);
  return { ...(await done), came };
}

async function greet({ home }: Signing): Promise<string> {
  const outcome = await home.act(owner, "mcp-wiki.greet", { name: "Ada" });
  return outcome.status === "done" ? (outcome.value as { text: string }).text : failure(outcome);
}

async function allow({ home }: Signing): Promise<void> {
  const { stage, hash } = await home.own("mcp.look", { server: "wiki" });
  await home.own("mcp.allow", { stage, hash });
}

/** Every file of a home that holds a text. */
const holding = (home: TestHost, text: string): string[] =>
  fs
    .readdirSync(home.root, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => fs.readFileSync(file).includes(text));

test("P19 signing in gives a token for that server alone, kept as a secret, renewed, taken back and forgotten", async () => {
  await using all = await signing();
  const { home, as, remote } = all;
  expect(failure(await home.act(owner, "mcp.look", { server: "wiki" }))).toMatch(
    /^mcp\.failed wiki wants you to sign in first\. `mh mcp login wiki`/,
  );
  expect(await home.own("mcp.discover", { server: "wiki" })).toEqual({
    ...{ resource: remote.url, issuers: [as.origin], scopes: ["read"], origins: [] },
  });
  // Nothing was asked of the authorization server before its name was approved.
  expect(as.seen).toEqual([]);
  expect((await home.own("mcp.discover", { server: "wiki", issuer: as.origin })).origins).toEqual([as.origin]);
  const { came, ...done } = await signIn(all);
  expect(done).toMatchObject({ server: "wiki", issuer: as.origin, scopes: ["read"] });
  expect(came.text).toContain("You may close this page");
  expect(as.asked[0]?.get("resource")).toBe(remote.url);
  await allow(all);
  const [access] = [...as.tokens.keys()];
  expect(await greet(all)).toBe("Hello Ada, by Bearer [secret mcp-login.wiki.access]");

  // Renewed before it ends, and when the server takes it no more; the old refresh token is spent.
  home.clock.forward(3_600_000);
  expect(await greet(all)).toMatch(/^Hello Ada/);
  expect(as.asked.map((body) => [body.get("grant_type"), body.get("resource")])).toEqual([
    ["authorization_code", remote.url],
    ["refresh_token", remote.url],
  ]);
  as.tokens.clear();
  expect(await greet(all)).toMatch(/^Hello Ada/);
  // Two at once renew once.
  as.tokens.clear();
  const asked = as.asked.length;
  expect(await Promise.all([greet(all), greet(all)])).toEqual([
    expect.stringMatching(/^Hello/),
    expect.stringMatching(/^Hello/),
  ]);
  expect(as.asked.length).toBe(asked + 1);

  const tokens = [...as.tokens.keys(), ...as.refreshTokens, access ?? ""];
  expect(tokens.flatMap((token) => holding(home, token))).toEqual([]);
  expect((await home.own("mcp.sign-out", { server: "wiki" })).revoked).toBe("yes");
  expect([as.tokens.size, as.refreshTokens.size]).toEqual([0, 0]);
  expect((await home.own("secret.list", {})).names).not.toContainEqual(expect.stringContaining("mcp-login"));
  expect(await greet(all)).toMatch(/^mcp\.failed wiki wants you to sign in first/);
});

test("a sign-in that is not renewed is said to be over, with what to do", async () => {
  await using all = await signing();
  await signIn(all);
  await allow(all);
  all.as.tokens.clear();
  all.as.refreshTokens.clear();
  expect(await greet(all)).toMatch(/^mcp\.failed wiki did not renew your sign-in\. `mh mcp login wiki`/);
});

test("P19 a token goes to no other address: neither where the settings lead now, nor where the server sends", async () => {
  await using all = await signing();
  const { home, remote } = all;
  await signIn(all);
  await allow(all);
  const other = await remoteServer();
  const text = (server: object) =>
    home.own("config.write", {
      text: JSON.stringify({ owner: "Ada", secrets: { store: "keyfile" }, mcpServers: { wiki: server } }),
    });
  await text({ url: other.url });
  expect(failure(await home.act(owner, "mcp.look", { server: "wiki" }))).toMatch(
    /^mcp\.failed You signed in to wiki at another address, and its tokens go nowhere else/,
  );
  // Nor by its name, in a setting of another server.
  await text({ url: other.url, headers: { authorization: "Bearer {{secret:mcp-login.wiki.access}}" } });
  expect(failure(await home.act(owner, "mcp.look", { server: "wiki" }))).toMatch(
    /which is mh's own and given to nobody/,
  );
  expect(other.seen).toEqual([]);
  await text({ url: remote.url });
  const before = remote.before;
  remote.before = () => new Response(null, { status: 307, headers: { location: other.url } });
  expect(await greet(all)).toMatch(/^mcp\.failed/);
  expect(other.seen).toEqual([]);
  remote.before = before;
  expect(await greet(all)).toMatch(/^Hello/);
  await other.close();
});

test("P19 mix-up: an answer of another authorization server is refused before its code is looked at", async () => {
  await using all = await signing();
  for (const iss of ["https://honest.example", ""]) {
    all.as.onRedirect = (back) => {
      if (iss === "") back.searchParams.delete("iss");
      else back.searchParams.set("iss", iss);
      return back;
    };
    const { stage, url } = await begin(all);
    const done = all.home.act(owner, "mcp.signed-in", { stage });
    await browse(url);
    expect(failure(await done)).toMatch(
      /^mcp\.failed wiki could not be signed in to: the answer is not from where you were sent/,
    );
  }
  // A refusal by another one is none, and nothing of what it says is shown.
  all.as.onRedirect = (back) => {
    const query = { error: "access_denied", error_description: "call 555", iss: "https://honest.example" };
    const state = back.searchParams.get("state") ?? "";
    return new URL(`${back.origin}${back.pathname}?${new URLSearchParams({ ...query, state })}`);
  };
  const { stage, url } = await begin(all);
  const refused = all.home.act(owner, "mcp.signed-in", { stage });
  await browse(url);
  expect(failure(await refused)).toMatch(/the answer is not from where you were sent\. `mh mcp login wiki`/);
  // One that says it is somebody else.
  all.as.metadata = { issuer: "https://honest.example" };
  expect(await tryBegin(all)).toMatch(/^mcp\.failed wiki could not be signed in to: Issuer mismatch/);
  expect(all.as.asked).toEqual([]);
});

test("an authorization server that leads to places which were not approved, or does not protect the way back, is refused", async () => {
  await using all = await signing();
  await using other = await authorizationServer();
  for (const endpoint of ["authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"]) {
    all.as.metadata = { [endpoint]: `${other.origin}/x` };
    expect(await tryBegin(all)).toContain(`leads to ${other.origin}, which you did not approve`);
  }
  all.as.metadata = { token_endpoint: "http://evil.example/token" };
  expect(await tryBegin(all)).toContain("evil.example is not reached by https");
  for (const methods of [undefined, ["plain"]]) {
    all.as.metadata = { code_challenge_methods_supported: methods };
    expect(await tryBegin(all)).toContain("does not protect the way back (PKCE)");
  }
  all.as.metadata = {};
  // Its own open redirect is not followed.
  all.as.before = (request) =>
    new URL(request.url).pathname === "/register"
      ? new Response(null, { status: 307, headers: { location: `${other.origin}/register` } })
      : undefined;
  expect(await tryBegin(all)).toMatch(/^mcp\.failed wiki could not be signed in to: .*leads elsewhere/);
  expect(await tryBegin(all, { issuer: other.origin, origins: [other.origin] })).toContain("does not name");
  expect(other.seen).toEqual([]);
  all.as.before = () => undefined;
  // What is approved beside it is asked.
  all.as.metadata = { revocation_endpoint: `${other.origin}/revoke` };
  expect((await all.home.own("mcp.discover", { server: "wiki", issuer: all.as.origin })).origins).toEqual([
    all.as.origin,
    other.origin,
  ]);
  expect(await tryBegin(all, { origins: [all.as.origin, other.origin] })).toBe("done");
});

test("a server that points elsewhere for how one signs in, or speaks for another, is not followed", async () => {
  await using inner = await authorizationServer();
  for (const [metadata, why] of [
    [{ resource: "https://other.example/mcp" }, "speaks for other.example/mcp, which is not itself"],
    [{ authorization_servers: ["http://auth.example"] }, "auth.example is not reached by https"],
    [{ authorization_servers: [7] }, "cannot be read"],
  ] as const) {
    await using all = await signing(metadata);
    const [issuer = ""] = (metadata as { authorization_servers?: readonly unknown[] }).authorization_servers ?? [
      all.as.origin,
    ];
    const args = { server: "wiki", ...(typeof issuer === "string" && { issuer }) };
    expect(failure(await all.home.act(owner, "mcp.discover", args))).toContain(why);
  }
  await using all = await signing();
  const before = all.remote.before;
  all.remote.before = (request) => {
    if (request.method !== "POST") return before(request);
    const header = `Bearer resource_metadata="${inner.origin}/latest/meta-data"`;
    return new Response(null, { status: 401, headers: { "www-authenticate": header } });
  };
  expect(failure(await all.home.act(owner, "mcp.discover", { server: "wiki" }))).toContain(
    "which is not its own address",
  );
  expect(inner.seen).toEqual([]);
});

test("a server elsewhere may not name an authorization server in this network", async () => {
  const asked: string[] = [];
  await using inner = await authorizationServer();
  const body = Buffer.from(
    JSON.stringify({ resource: "https://wiki.example/mcp", authorization_servers: [inner.origin] }),
  );
  const http = {
    async request({ url, reach }: { url: string; reach: string }) {
      asked.push(`${reach} ${url}`);
      return { status: url.endsWith("/mcp") && !url.includes("well-known") ? 401 : 200, headers: {}, body };
    },
  };
  await using home = await makeHost({ http: http as never });
  await home.own("config.write", {
    text: JSON.stringify({ owner: "Ada", mcpServers: { wiki: { url: "https://wiki.example/mcp" } } }),
  });
  await home.own("mcp.discover", { server: "wiki" });
  await home.act(owner, "mcp.discover", { server: "wiki", issuer: inner.origin });
  // The port refuses such an address where it is asked for the open Internet alone.
  expect(asked.filter((each) => each.includes("127.0.0.1")).every((each) => each.startsWith("public "))).toBe(true);
  expect(asked.some((each) => each.startsWith("public http://127.0.0.1"))).toBe(true);
});

test("only the browser that was sent is the answer: a wrong state, a stolen code, a second answer are none", async () => {
  await using all = await signing();
  const { home, as } = all;
  const { stage, url } = await begin(all);
  const back = new URL(new URL(url).searchParams.get("redirect_uri") ?? "");
  expect(back.hostname).toBe("127.0.0.1");
  const done = home.act(owner, "mcp.signed-in", { stage });
  const knock = (query: string, init: RequestInit = {}) =>
    fetch(`${back.origin}${query}`, init).then(({ status }) => status);
  expect(await knock("/callback?code=stolen&state=wrong")).toBe(400);
  expect(await knock("/callback?code=stolen")).toBe(400);
  expect(await knock("/other")).toBe(404);
  expect(await knock("/callback?code=stolen", { method: "POST" })).toBe(404);
  expect(as.asked).toEqual([]);
  // A code of another attempt, under the right state: it is bound to that attempt's secret.
  const other = await begin(all);
  const stolen = new URL((await fetch(other.url, { redirect: "manual" })).headers.get("location") ?? "");
  const state = new URL(url).searchParams.get("state") ?? "";
  const query = new URLSearchParams({ code: stolen.searchParams.get("code") ?? "", state, iss: as.origin });
  expect(await knock(`/callback?${query}`)).toBe(200);
  expect(failure(await done)).toMatch(/^mcp\.failed wiki could not be signed in to/);
  expect(as.tokens.size).toBe(0);
  // The attempt is over, and so is its port.
  await expect(fetch(back)).rejects.toThrow();
  expect(failure(await home.act(owner, "mcp.signed-in", { stage }))).toMatch(/^mcp\.failed Nobody signs in/);
});

test("nobody but the owner signs in or out", async () => {
  await using all = await signing();
  await signIn(all);
  for (const principal of [agent("a"), "mcp:wiki", "client:x"] as const)
    for (const [skill, args] of [
      ["mcp.discover", { server: "wiki" }],
      ["mcp.sign-in", { server: "wiki", issuer: all.as.origin, origins: [all.as.origin] }],
      ["mcp.signed-in", { stage: crypto.randomUUID() }],
      ["mcp.sign-out", { server: "wiki" }],
    ] as const)
      expect([skill, (await all.home.act(principal, skill, args)).status]).toEqual([skill, "denied"]);
  expect(all.as.revoked).toEqual([]);
});
