import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { makeHost, type TestHost, testClock } from "@mh/testing";
import { expect, test } from "vitest";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { filesWith } from "../find-bytes.ts";

/** The settings of a home whose owner is reached by what `notify` says. */
async function settings(home: TestHost, notify: object, more: object = {}): Promise<void> {
  const config = { owner: "Ada", timeZone: "Europe/Berlin", secrets: { store: "keyfile" }, notify, ...more };
  await home.own("config.write", { text: JSON.stringify(config) });
}

async function keep(home: TestHost, name: string, value: string): Promise<void> {
  await home.own("secret.set", { name, offer: offerSecret(home.root, home.environment, value).id });
}

const json = ({ body }: { body: Buffer }) => JSON.parse(body.toString("utf8")) as Record<string, unknown>;
const titles = (server: Endpoint) => server.received.map((request) => json(request).title);
const objects = (home: TestHost) => fs.readdirSync(home.file("logs/objects"));

const quietHours = { from: "22:00", to: "07:00" };
/** 23:30 on a winter's evening in Berlin. */
const night = "2026-03-02T22:30:00Z";
const morning = "2026-03-03T06:00:00.000Z";

test("with no channel set up nobody is told, and the fault says how to set one up", async () => {
  await using home = await makeHost();
  for (const args of [{ title: "Hi" }, { title: "Hi", channel: "signal" }, { title: "Hi", channel: "webPush" }]) {
    const outcome = await home.act(owner, "notify.send", args);
    expect(outcome).toMatchObject({ status: "failed", fault: { code: "notify.no-channel" } });
    expect(JSON.stringify(outcome)).toContain("mh config edit");
  }
});

test("an empty title, a URL that is no web address, and a channel that there is not are refused", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  await settings(home, { ntfy: { url: server.url, topic: "ada" } });
  const refused = [
    { title: "\n\u202e\u0007 " },
    { title: "x", url: "javascript:alert(1)" },
    { title: "x", channel: "fax" },
  ];
  for (const args of refused) {
    const outcome = await home.act(owner, "notify.send", args);
    expect(outcome).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  }
  expect(server.received).toEqual([]);
});

test("ntfy gets a notification as JSON: no title gets into a header, and what plays tricks is removed", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  await settings(home, { ntfy: { url: server.url, topic: "ada", secret: "ntfy" } });
  await keep(home, "ntfy", "tk_AbC123\n");
  const notification = {
    title: "Grüße 🎉\r\nX-Evil: 1\u202egpj",
    body: "one\r\ntwo\u0000\u001b[31m",
    url: "https://example.org/é",
    urgency: "high" as const,
  };
  expect(await home.own("notify.send", notification)).toEqual({
    held: null,
    deliveries: [{ channel: "ntfy", how: "sent" }],
  } satisfies ValueFor<"notify.send">);
  const [request] = server.received;
  expect(request && json(request)).toEqual({
    topic: "ada",
    title: "Grüße 🎉 X-Evil: 1gpj",
    message: "one\ntwo[31m",
    priority: 4,
    click: "https://example.org/%C3%A9",
  });
  expect(request && { method: request.method, path: request.path }).toEqual({ method: "POST", path: "/" });
  expect(Object.keys(request?.headers ?? {}).sort()).toEqual(
    ["accept-encoding", "authorization", "connection", "content-length", "content-type", "host"].filter(
      (name) => request?.headers[name],
    ),
  );
  expect(request?.headers.authorization).toBe("Bearer tk_AbC123");
});

test("a token that would end its header is refused, and quoted nowhere", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  await settings(home, { ntfy: { url: server.url, topic: "ada", secret: "ntfy" } });
  await keep(home, "ntfy", "tk_AbC\r\nX-Evil: 1");
  const outcome = await home.act(owner, "notify.send", { title: "Hi" });
  expect(outcome).toMatchObject({ status: "failed", fault: { code: "notify.failed" } });
  expect(JSON.stringify(outcome)).not.toMatch(/tk_AbC|X-Evil/);
  expect(server.received).toEqual([]);
});

test("a server that echoes the token brings it neither into the fault nor into the home", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  server.answer = ({ headers }) => ({ status: 401, body: `refused: ${headers.authorization}` });
  await settings(home, { ntfy: { url: server.url, topic: "ada", secret: "ntfy" } });
  await keep(home, "ntfy", "tk_CanaryCanary");
  const outcome = await home.act(owner, "notify.send", { title: "Hi" });
  expect(JSON.stringify(outcome)).toContain("mh secret set ntfy");
  expect(JSON.stringify(outcome)).not.toContain("Canary");
  await home.close();
  expect(filesWith(home.root, "tk_CanaryCanary")).toEqual([]);
});

test("one channel that fails does not keep back the others, and the answer names both", async () => {
  await using good = await endpoint();
  await using bad = await endpoint();
  await using home = await makeHost();
  bad.answer = () => ({ status: 503 });
  await settings(home, {
    ntfy: { url: good.url, topic: "ada" },
    signal: { url: bad.url, from: "+15550100", to: "+15550101" },
  });
  const { deliveries } = await home.own("notify.send", { title: "Hi" });
  expect(deliveries).toEqual([
    { channel: "ntfy", how: "sent" },
    { channel: "signal", how: "failed", why: "signal-cli answered 503: it has trouble of its own." },
  ]);
  await home.own("notify.send", { title: "Only there", channel: "ntfy" });
  expect([good.received.length, bad.received.length]).toEqual([2, 1]);
});

test("the same command rings once, however often it is sent", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  await settings(home, { ntfy: { url: server.url, topic: "ada" } });
  const once = { id: home.host.newId() };
  const ends = [
    await home.act(owner, "notify.send", { title: "Hi" }, once),
    await home.act(owner, "notify.send", { title: "Hi" }, once),
  ];
  await home.reopen();
  ends.push(await home.act(owner, "notify.send", { title: "Hi" }, once));
  expect(ends.map(({ status }) => status)).toEqual(["done", "done", "done"]);
  expect(titles(server)).toEqual(["Hi"]);
});

test("H14 in quiet hours only what is urgent rings; the rest is held over a restart and goes out once, after them", async () => {
  await using server = await endpoint();
  await using home = await makeHost({ clock: testClock(night) });
  await settings(home, { ntfy: { url: server.url, topic: "ada" } }, { quietHours });
  const held = { held: morning, deliveries: [] } satisfies ValueFor<"notify.send">;
  expect(await home.own("notify.send", { title: "Newsletter of the quince society", urgency: "low" })).toEqual(held);
  expect(await home.own("notify.send", { title: "Backup done", body: "All of it" })).toEqual(held);
  await home.own("notify.send", { title: "Water!", urgency: "high" });
  expect(titles(server)).toEqual(["Water!"]);

  await home.reopen();
  const waiting = { sent: 0, failed: 0, lost: 0, waiting: 2, until: morning } satisfies ValueFor<"notify.flush">;
  expect(await home.own("notify.flush", {})).toEqual(waiting);
  home.clock.set("2026-03-03T05:59:59Z");
  expect(await home.own("notify.flush", {})).toEqual(waiting);
  home.clock.set(morning);
  const both = await Promise.all([home.own("notify.flush", {}), home.own("notify.flush", {})]);
  expect(both.reduce((sum, { sent }) => sum + sent, 0)).toBe(2);
  await home.reopen();
  expect(await home.own("notify.flush", {})).toMatchObject({ sent: 0, waiting: 0, until: null });
  expect(titles(server)).toEqual(["Water!", "Newsletter of the quince society", "Backup done"]);
  await home.close();
  expect(filesWith(home.root, "quince society")).toEqual([]);
});

test("H14 what is held survives the loss of the index", async () => {
  await using server = await endpoint();
  await using home = await makeHost({ clock: testClock(night) });
  await settings(home, { ntfy: { url: server.url, topic: "ada" } }, { quietHours });
  await home.own("notify.send", { title: "Backup done" });
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  home.clock.set(morning);
  expect(await home.own("notify.flush", {})).toMatchObject({ sent: 1 });
  expect(titles(server)).toEqual(["Backup done"]);
});

test("H14 what no channel takes after quiet hours waits for the next time, and is given up after a week", async () => {
  await using server = await endpoint();
  await using home = await makeHost({ clock: testClock(night) });
  await settings(home, { ntfy: { url: server.url, topic: "ada" } }, { quietHours });
  await home.own("notify.send", { title: "Backup done" });
  const before = objects(home).length;
  home.clock.set(morning);
  server.answer = () => ({ status: 500 });
  const failed = { status: "failed", fault: { code: "notify.failed" } };
  expect(await home.act(owner, "notify.flush")).toMatchObject(failed);
  expect(await home.act(owner, "notify.flush")).toMatchObject(failed);
  expect(objects(home)).toHaveLength(before);
  home.clock.forward(8 * 24 * 3_600_000);
  expect(await home.act(owner, "notify.flush")).toMatchObject(failed);
  expect(objects(home)).toHaveLength(before - 1);
  server.answer = () => ({ status: 200 });
  expect(await home.own("notify.flush", {})).toMatchObject({ sent: 0, waiting: 0 });
});

test("H14 a flush that is cut off has sent what it sent: only the rest goes out the next time", async () => {
  await using server = await endpoint();
  await using home = await makeHost({ clock: testClock(night) });
  await settings(home, { ntfy: { url: server.url, topic: "ada" } }, { quietHours });
  await home.own("notify.send", { title: "One" });
  home.clock.forward(1000);
  await home.own("notify.send", { title: "Two" });
  home.clock.set(morning);
  const reached = Promise.withResolvers<void>();
  server.answer = (request) => {
    if (json(request).title === "One") return { status: 200 };
    reached.resolve();
    return new Promise(() => undefined);
  };
  const flushing = home.act(owner, "notify.flush");
  await reached.promise;
  await home.close();
  expect(await flushing).toMatchObject({ status: "interrupted" });
  await home.reopen();
  server.answer = () => ({ status: 200 });
  expect(await home.own("notify.flush", {})).toMatchObject({ sent: 1, waiting: 0 });
  expect(titles(server)).toEqual(["One", "Two", "Two"]);
});

test("H16 an agent that declares it may notify its owner; others may not, and a URL that came from elsewhere asks", async () => {
  await using server = await endpoint();
  await using home = await makeHost({ declared: new Map([[agent("mail"), ["notify.send"]]]) });
  await settings(home, { ntfy: { url: server.url, topic: "ada" } });
  const notification = { title: "Urgent mail from Sarah", urgency: "high" };
  expect(await home.act(agent("unknown"), "notify.send", notification)).toMatchObject({ status: "denied" });
  expect(await home.act(agent("mail"), "notify.send", notification)).toMatchObject({
    status: "parked",
    layer: "capability",
  });
  await home.own("grant.give", { principal: agent("mail"), skill: "notify.send" });
  const lure = { ...notification, url: "https://evil.example/login" };
  expect(await home.act(agent("mail"), "notify.send", lure)).toMatchObject({ status: "parked", layer: "provenance" });
  await home.own("trust.set", { principal: agent("mail"), level: "observe" });
  expect(await home.act(agent("mail"), "notify.send", notification)).toMatchObject({ status: "denied" });
  expect(server.received).toEqual([]);
  await home.own("trust.set", { principal: agent("mail"), level: "suggest" });
  expect(await home.act(agent("mail"), "notify.send", notification)).toMatchObject({ status: "done" });
  expect(titles(server)).toEqual(["Urgent mail from Sarah"]);
});

test("a rule of the owner's can forbid a server that notifications go to", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  await settings(home, { ntfy: { url: server.url, topic: "ada" } });
  const rule = `forbid (principal, action == mh::Action::"notify", resource) when { context.hosts.contains("127.0.0.1") };`;
  home.rule("hosts.cedar", `@id("no-local")\n@title("Not there")\n${rule}`);
  expect(await home.act(owner, "notify.send", { title: "Hi" })).toMatchObject({ status: "denied" });
  expect(server.received).toEqual([]);
});

test("Pushover gets a form; its token comes from the secrets", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  await settings(home, { pushover: { user: "uUser", secret: "pushover", url: `${server.url}/` } });
  const missing = await home.act(owner, "notify.send", { title: "Hi" });
  expect(missing).toMatchObject({ status: "failed", fault: { code: "notify.failed" } });
  expect(JSON.stringify(missing)).toContain("mh secret set pushover");
  await keep(home, "pushover", "aToken");
  await home.own("notify.send", {
    title: "Tea & cake",
    body: "ü".repeat(1000),
    urgency: "low",
    url: "https://x.example/",
  });
  const [request] = server.received;
  expect(request && [request.method, request.path, request.headers["content-type"]]).toEqual([
    ...["POST", "/1/messages.json", "application/x-www-form-urlencoded"],
  ]);
  expect(Object.fromEntries(new URLSearchParams(request?.body.toString("utf8")))).toEqual({
    token: "aToken",
    user: "uUser",
    title: "Tea & cake",
    message: `${"ü".repeat(510)}…`,
    priority: "-1",
    url: "https://x.example/",
  });
});

test("Signal is reached by signal-cli's JSON-RPC, and an error in the body is one", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  await settings(home, { signal: { url: server.url, from: "+15550100", to: "+15550101" } });
  const ends: unknown[] = [];
  for (const body of [
    JSON.stringify({ jsonrpc: "2.0", error: { code: -32602, message: "Unregistered user" }, id: "1" }),
    JSON.stringify({ jsonrpc: "2.0", result: { results: [{ type: "NETWORK_FAILURE" }] }, id: "1" }),
    "<html>A router</html>",
  ]) {
    server.answer = () => ({ status: 200, body });
    ends.push(await home.act(owner, "notify.send", { title: "-Hi" }));
  }
  expect(ends.map((end) => (end as { fault: { message: string } }).fault.message)).toEqual([
    expect.stringContaining("Unregistered user"),
    expect.stringContaining("NETWORK_FAILURE"),
    expect.stringContaining("Is the address right?"),
  ]);
  const done = { jsonrpc: "2.0", result: { timestamp: 1, results: [{ type: "SUCCESS" }] } };
  server.answer = (request) => ({ status: 200, body: JSON.stringify({ ...done, id: json(request).id }) });
  const { id } = await home.act(owner, "notify.send", { title: "-Hi", body: "there", url: "https://x.example/" });
  const last = server.received.at(-1);
  expect(last && [last.method, last.path]).toEqual(["POST", "/api/v1/rpc"]);
  expect(last && json(last)).toEqual({
    ...{ jsonrpc: "2.0", id, method: "send" },
    params: { account: "+15550100", recipient: ["+15550101"], message: "-Hi\nthere\nhttps://x.example/" },
  });
});

test.skipIf(process.platform !== "linux")(
  "the desktop's own program gets title and text as they are, without a shell, and never as options",
  async () => {
    await using first = await makeHost();
    const folder = path.dirname(first.root);
    await first.close();
    const argv = path.join(folder, "argv");
    const bin = path.join(folder, "bin");
    fs.mkdirSync(bin);
    const script = `#!/bin/sh\nprintf '%s\\0' "$@" > '${argv}'\n`;
    fs.writeFileSync(path.join(bin, "notify-send"), script, { mode: 0o755 });
    const environment = { HOME: folder, PATH: bin, DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere" };
    await using home = await makeHost({ root: first.root, environment });
    await home.own("notify.send", { title: "--help $(id)", body: "-x <b>'bold'</b> & `id`", urgency: "high" });
    expect(fs.readFileSync(argv, "utf8").split("\0").slice(0, -1)).toEqual([
      ...["--app-name=mh", "--urgency=critical", "--", "--help $(id)", "-x &lt;b&gt;'bold'&lt;/b&gt; &amp; `id`"],
    ]);
    fs.writeFileSync(path.join(bin, "notify-send"), "#!/bin/sh\necho 'no bus' >&2\nexit 1\n", { mode: 0o755 });
    const outcome = await home.act(owner, "notify.send", { title: "Hi" });
    expect(outcome).toMatchObject({ status: "failed", fault: { code: "notify.failed" } });
    expect(JSON.stringify(outcome)).toContain("no bus");
  },
);

test("the log says which channels took a notification, and nothing of what it said", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  await settings(home, { ntfy: { url: server.url, topic: "ada" } });
  const words = `canary-${crypto.randomUUID()}`;
  const { id } = await home.act(owner, "notify.send", { title: words, body: words });
  await home.close();
  expect(filesWith(home.root, words)).toEqual([]);
  expect(filesWith(home.file("logs"), `"channels":[{"channel":"ntfy","how":"sent"}]`)).not.toEqual([]);
  expect(filesWith(home.file("logs"), id)).not.toEqual([]);
});
