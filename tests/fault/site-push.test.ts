import type { CDPSession, Page, Worker } from "playwright-core";
import { expect } from "vitest";
import { makeCertificates } from "../certificates.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { makeBrowser } from "../support/push-browser.ts";
import { live, phone } from "../support/site-browser.ts";
import { governed, upHome } from "../support/site-up.ts";
import type { Mh } from "./mh.ts";

/** Side by side with this process, which is the push service: a command that blocked it would wait for ever. */
const act = async (mh: Mh, skill: string, args: object, ...more: string[]) => {
  const { code, out, err } = await mh.start(["act", skill, JSON.stringify(args), "--json", ...more]);
  if (code !== 0 && code !== 4) throw new Error(`${skill}: ${code} ${out} ${err}`);
};
const say = async (mh: Mh, ...args: string[]) => (await mh.start(args)).out;

/** A home that reaches a push service of this test's by TLS, and asks about what a helper remembers. */
async function configured(mh: Mh & { port: number }) {
  const tls = makeCertificates(mh.config);
  const webPush = { contact: "mailto:ada@example.com", hosts: ["localhost"] };
  const whole = { daemon: { port: mh.port }, network: { caFile: tls.caFile }, notify: { desktop: false, webPush } };
  await act(mh, "config.write", { text: JSON.stringify(whole) });
  await act(mh, "grant.give", { principal: "agent:helper", skill: "memory.capture" });
  const rule = `@id("ask") @title("Ask about what a helper remembers")
forbid (principal == mh::Principal::"agent:helper", action, resource) unless { context.approved };`;
  await act(mh, "policy.write", { name: "ask.cedar", text: rule });
  return tls;
}

/** A phone that was paired at home, its page open and governed by the worker. */
async function pairedPhone(mh: Mh): Promise<{ page: Page; worker: Worker; session: CDPSession; id: string }> {
  const { address, token, id } = JSON.parse(await say(mh, "device", "add", "phone", "--json"));
  const context = await browser.newContext({ ...phone, serviceWorkers: "allow", locale: "en-GB" });
  const { origin } = new URL(address);
  await context.grantPermissions(["notifications"], { origin });
  const page = await context.newPage();
  await page.goto(`${address}#token=${token}`);
  await live(page);
  await governed(page);
  const [worker] = context.serviceWorkers();
  if (!worker) throw new Error("there is no service worker");
  const session = await context.newCDPSession(page);
  return { page, worker, session, id };
}

/** Hands pushes to the worker, as the browser does when its push service brings one. */
async function pushes(session: CDPSession, page: Page): Promise<(data: string) => Promise<unknown>> {
  const { promise, resolve } = Promise.withResolvers<string>();
  session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    const found = registrations.find(({ isDeleted }) => !isDeleted);
    if (found) resolve(found.registrationId);
  });
  // It tells of registrations once.
  await session.send("ServiceWorker.enable");
  const registrationId = await promise;
  const { origin } = new URL(page.url());
  return (data) => session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
}

/** What is shown, as the worker knows it. */
const shown = (worker: Worker) =>
  worker.evaluate(async () => {
    const all = await (globalThis as unknown as ServiceWorkerScope).registration.getNotifications();
    return all.map(({ title, body, tag, actions }) => ({
      title,
      body,
      tag,
      actions: actions?.map((each) => each.action),
    }));
  });

interface ServiceWorkerScope {
  registration: {
    getNotifications(): Promise<{ title: string; body: string; tag: string; actions?: { action: string }[] }[]>;
  };
}

/** A tap: the browser's own event, whose end is waited for. */
const tap = (worker: Worker, action: string): Promise<void> =>
  worker.evaluate(`(async () => {
    const [notification] = await self.registration.getNotifications();
    let done;
    const event = new NotificationEvent("notificationclick", { notification, action: ${JSON.stringify(action)} });
    event.waitUntil = (promise) => { done = promise; };
    self.dispatchEvent(event);
    await done;
  })()`);

const payloadAt = async (server: Endpoint, read: (request: Endpoint["received"][number]) => unknown, n: number) => {
  await expect.poll(() => server.received.length).toBeGreaterThan(n);
  const request = server.received[n];
  if (!request) throw new Error("nothing came");
  return JSON.stringify(read(request));
};

inBrowser(
  "H25 a push comes to the worker, is shown, and is answered by a tap without a token; a late tap says so",
  async () => {
    await using stack = new AsyncDisposableStack();
    let server: Endpoint | undefined;
    using mh = await upHome(async (each) => {
      server = stack.use(await endpoint(await configured(each)));
      server.answer = () => ({ status: 201 });
    });
    if (!server) throw new Error("no push service");
    const { page, worker, session, id: device } = await pairedPhone(mh);
    const deliver = await pushes(session, page);
    const subscriber = makeBrowser(server);
    await act(mh, "device.subscribe", { device, subscription: subscriber.subscription, words: true });
    const asked = async () => JSON.parse(await say(mh, "approvals", "--json")).approvals as { id: string }[];

    const captured = async () => {
      const lines = (await say(mh, "audit", "tail", "--json")).split("\n");
      const ended = lines.filter((line) => /"phase":"outcome"/.test(line) && /memory\.capture/.test(line));
      return ended.map((line) => /"status":"(\w+)"/.exec(line)?.[1] ?? line);
    };

    await act(mh, "memory.capture", { text: "Sarah likes tea" }, "--as", "agent:helper");
    await deliver(await payloadAt(server, subscriber.read, 0));
    await expect
      .poll(() => shown(worker))
      .toMatchObject([
        { title: "mh has a question", body: expect.stringContaining("Sarah likes tea?"), actions: ["approve", "deny"] },
      ]);
    await tap(worker, "approve");
    expect(await shown(worker)).toEqual([]);
    expect(await asked()).toEqual([]);
    await expect.poll(captured).toEqual(["done"]);

    // Answered at home meanwhile: the tap is refused, and says so; what it would have done is not done.
    await act(mh, "memory.capture", { text: "Tom likes coffee" }, "--as", "agent:helper");
    const [waits] = await asked();
    const messages = () => server?.received.map((each) => JSON.stringify(subscriber.read(each))) ?? [];
    const isSecond = (each: string) => each.includes("Tom likes coffee");
    // Pushes of another kind may come before it.
    await expect.poll(() => messages().some(isSecond)).toBe(true);
    const second = messages().find(isSecond) ?? "";
    await deliver(second);
    await expect.poll(async () => (await shown(worker)).length).toBe(1);
    await say(mh, "approvals", "deny", waits?.id ?? "");
    await tap(worker, "deny");
    expect(await shown(worker)).toMatchObject([{ title: "Your answer was refused", body: "It was answered before" }]);
    expect(await say(mh, "channel", "list")).toMatch(/webPush[\s\S]*refused {2}1 × button: answered before/);

    // Without the daemon an answer is not kept for later.
    await deliver(second);
    await expect.poll(async () => (await shown(worker)).map(({ title }) => title)).toEqual(["mh has a question"]);
    await say(mh, "daemon", "stop");
    await tap(worker, "deny");
    expect(await shown(worker)).toMatchObject([{ title: "Your answer did not arrive" }]);
    // What is no message of ours is shown as nothing but that something came.
    await deliver(`{"notification":{"title":"<b>Pay</b>","navigate":"javascript:alert(1)"}}`);
    await expect
      .poll(async () => (await shown(worker)).map(({ title }) => title))
      .toContain("mh has something for you");
    await page.context().close();
  },
);
