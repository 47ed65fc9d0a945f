import * as crypto from "node:crypto";
import * as path from "node:path";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { owner } from "@mh/contract/values/principal.ts";
import type { PushSubscription } from "@mh/contract/values/push.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makeCertificates } from "../certificates.ts";
import { endpoint, type Received } from "../endpoint.ts";
import { filesWith } from "../find-bytes.ts";
import { makeBrowser } from "../support/push-browser.ts";

/** Who sent it, by a token whose signature is checked with the key beside it (RFC 8292). */
function senderOf({ headers }: Received): { key: string; claims: Record<string, unknown>; isSigned: boolean } {
  const [, token = "", key = ""] = /^vapid t=([^,]+), k=(\S+)$/.exec(headers.authorization ?? "") ?? [];
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const [x, y] = [point.subarray(1, 33).toString("base64url"), point.subarray(33).toString("base64url")];
  const jwk = crypto.createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const signed = Buffer.from(`${head}.${claims}`);
  const isSigned = crypto.verify(
    "sha256",
    signed,
    { key: jwk, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  return { key, claims: JSON.parse(Buffer.from(claims, "base64url").toString()), isSigned };
}

/** A home with a push service of its own, trusted by the certificate authority that its settings name. */
async function makePushing() {
  const stack = new AsyncDisposableStack();
  const home = stack.use(await makeHost());
  const { caFile, key, cert } = makeCertificates(path.dirname(home.root));
  const server = stack.use(await endpoint({ key, cert }));
  server.answer = () => ({ status: 201 });
  const notify = { webPush: { contact: "mailto:ada@example.com", hosts: ["localhost"] } };
  await home.own("config.write", { text: JSON.stringify({ notify, network: { caFile }, timeZone: "Europe/Berlin" }) });
  return { home, server, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function addDevice(
  home: TestHost,
  name: string,
  subscription: PushSubscription,
): Promise<ValueFor<"device.add">> {
  const device = await home.own("device.add", { name });
  const outcome = await home.act(`owner/${name}`, "device.subscribe", { device: name, subscription });
  expect(outcome.status).toBe("done");
  return device;
}

test("a notification reaches a device's browser, encrypted for it alone and signed by this home", async () => {
  await using pushing = await makePushing();
  const { home, server } = pushing;
  const { publicKey } = await home.own("device.key", {});
  const browser = makeBrowser(server);
  await addDevice(home, "phone", browser.subscription);
  const notification = { title: "Grüße 🎉", body: "Tea at four", url: "https://x.example/", urgency: "high" };
  const outcome = await home.act(owner, "notify.send", notification);
  expect(outcome).toMatchObject({
    status: "done",
    value: { held: null, deliveries: [{ channel: "webPush", device: "phone", how: "sent" }] },
  });
  const [request] = server.received;
  if (!request) throw new Error("nothing came");
  const { title, body, url: navigate } = notification;
  expect(browser.read(request)).toEqual({
    ...{ web_push: 8030, notification: { title, body, navigate, tag: outcome.id, lang: "en", silent: false } },
  });
  expect(() => makeBrowser(server).read(request)).toThrow();
  const sender = senderOf(request);
  const { exp, ...claims } = sender.claims;
  expect({ ...sender, claims }).toEqual({
    ...{ key: publicKey, isSigned: true },
    claims: { aud: server.url, sub: "mailto:ada@example.com" },
  });
  expect(Number(exp) * 1000 - Date.now()).toBeLessThanOrEqual(24 * 3_600_000);
  expect([request.headers.ttl, request.headers.urgency]).toEqual(["86400", "high"]);
  expect(request.headers.topic).toMatch(/^[\w-]{32}$/);

  await home.reopen();
  expect(await home.own("device.key", {})).toEqual({ publicKey });
  await home.own("notify.send", { title: "x".repeat(300), body: `"é\n`.repeat(3000) });
  const [, long] = server.received;
  expect(long?.body.length).toBeLessThanOrEqual(4096);
  expect(long && browser.read(long)).toMatchObject({ notification: { title: "x".repeat(300) } });
});

test("a subscription that ended is removed, and the others still get theirs", async () => {
  await using pushing = await makePushing();
  const { home, server } = pushing;
  const [phone, tablet] = [makeBrowser(server, "/gone"), makeBrowser(server, "/there")];
  await addDevice(home, "phone", phone.subscription);
  await addDevice(home, "tablet", tablet.subscription);
  server.answer = ({ path: at }) => ({ status: at === "/gone" ? 410 : 201 });
  const { deliveries } = await home.own("notify.send", { title: "One" });
  expect(deliveries.map(({ device, how }) => [device, how])).toEqual([
    ["phone", "failed"],
    ["tablet", "sent"],
  ]);
  const first = server.received.splice(0);
  await home.own("notify.send", { title: "Two" });
  // Devices are written to side by side: which one the service hears first is not promised.
  expect(first.map((request) => request.path).sort()).toEqual(["/gone", "/there"]);
  expect(server.received.map((request) => request.path)).toEqual(["/there"]);
  const { devices } = await home.own("device.list", {});
  expect(devices.map(({ name, isSubscribed }) => [name, isSubscribed])).toEqual([
    ["phone", false],
    ["tablet", true],
  ]);
});

test("a device that unsubscribed or was revoked gets nothing more, and its subscription is erased", async () => {
  await using pushing = await makePushing();
  const { home, server } = pushing;
  const [phone, tablet] = [makeBrowser(server, "/phone"), makeBrowser(server, "/tablet")];
  await addDevice(home, "phone", phone.subscription);
  await addDevice(home, "tablet", tablet.subscription);
  await home.own("device.revoke", { device: "phone" });
  await home.own("notify.send", { title: "One" });
  expect((await home.act("owner/tablet", "device.unsubscribe", { device: "tablet" })).status).toBe("done");
  expect(await home.act(owner, "notify.send", { title: "Two" })).toMatchObject({ status: "failed" });
  expect(server.received.map((request) => request.path)).toEqual(["/tablet"]);
  await home.close();
  for (const { subscription } of [phone, tablet]) expect(filesWith(home.root, subscription.keys.auth)).toEqual([]);
});

test("a device subscribes itself only, to a push service over https, with keys that are keys", async () => {
  await using pushing = await makePushing();
  const { home, server } = pushing;
  const { subscription } = makeBrowser(server);
  await addDevice(home, "phone", subscription);
  await home.own("device.add", { name: "tablet" });
  const refused = [
    await home.act("owner/tablet", "device.subscribe", { device: "phone", subscription }),
    await home.act("owner/tablet", "device.unsubscribe", { device: "phone" }),
    await home.act(owner, "device.subscribe", {
      device: "phone",
      subscription: { ...subscription, endpoint: "http://localhost/" },
    }),
    await home.act(owner, "device.subscribe", {
      device: "phone",
      subscription: { ...subscription, keys: { ...subscription.keys, auth: "AAAA" } },
    }),
  ];
  expect(refused.map((end) => end.status === "failed" && end.fault.code)).toEqual(refused.map(() => "args.invalid"));
  const unknown = await home.act(owner, "device.subscribe", { device: "watch", subscription });
  expect(unknown).toMatchObject({ status: "failed", fault: { code: "device.not-found" } });
});
