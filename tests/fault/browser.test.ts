import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ServedHome, serveHome, token } from "../serve-home.ts";

const program = [
  "/usr/bin/chromium",
  ...(process.env.PATH ?? "").split(":").map((folder) => `${folder}/chromium`),
].find((file) => fs.existsSync(file));
const isCi = process.env.CI === "true";
const inBrowser = test.skipIf(!program && !isCi);

let browser: Browser;
beforeAll(async () => {
  if (!program) return;
  browser = await chromium.launch({
    executablePath: program,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
      // The attacker's name servers: every name of theirs leads to this machine.
      "--host-resolver-rules=MAP *.example 127.0.0.1",
      // What newer browsers do against this by themselves: the daemon must not need it.
      "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights",
    ],
  });
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

inBrowser("P2 the daemon's own page shows how things stand, follows events, and speaks to nobody else", async () => {
  await using served = await serveHome();
  await using evil = await evilSite();
  const elsewhere = `http://evil.example:${evil.port}`;
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const redirects = ["server", "url", "api", "host", "ws"].map((name) => `${name}=${elsewhere}`).join("&");
  await page.goto(`${served.http.url}/?${redirects}#token=${token}&server=${elsewhere}`);
  await page.getByText("All is well.").waitFor();
  expect(page.url()).toBe(`${served.http.url}/`);
  await served.home.own("memory.capture", { text: "Met Sarah" });
  await page.getByText("memory.captured").waitFor();
  await page
    .getByText("Memories1")
    .or(page.locator("dd", { hasText: /^1$/ }))
    .first()
    .waitFor();
  // The page itself could not, if somebody got a script into it.
  const leaked = await page.evaluate((to) => fetch(to).then(String, () => "refused"), elsewhere);
  expect([leaked, evil.asked]).toEqual(["refused", []]);
  expect(complaints.filter((each) => !/favicon|Content Security Policy|evil\.example/.test(each))).toEqual([]);
  await page.context().close();
});

/** A request of an agent's whose text tries to be more than text. */
async function askedIn({ home }: ServedHome) {
  await home.own("grant.give", { principal: "agent:mail", skill: "outbox.append" });
  const text = '<img src=x onerror="fetch(`/v1/x`)">\n\u202eapprove me';
  const { id } = await home.act("agent:mail", "outbox.append", { text, effect: "send" });
  return { id, text };
}

inBrowser(
  "H12 a request that a link leads to is shown whole and answered on the page, once, by the owner alone",
  async () => {
    await using served = await serveHome();
    const { id, text } = await askedIn(served);
    const page = await (await browser.newContext()).newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${served.http.url}/#token=${token}&approval=${id}`);
    await page.getByText("onerror").waitFor();
    expect(await page.locator("#asked img").count()).toBe(0);
    // What has no ink is named, as on a terminal.
    expect(await page.locator("#asked-lines").textContent()).not.toContain("\u202e");
    expect([page.url(), served.home.outbox()]).toEqual([`${served.http.url}/`, []]);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Approved. It runs once").waitFor();
    await served.home.host.wait(id);
    expect(served.home.outbox().join("\n")).toBe(text);
    expect(asked.filter((path) => path === "/v1/x")).toEqual([]);
    await page.goto("about:blank");
    await page.goto(`${served.http.url}/#token=${token}&approval=${id}`);
    await page.getByText("(approved)").waitFor();
    expect(await page.getByRole("button", { name: "Approve" }).isVisible()).toBe(false);
    await page.context().close();
  },
);

inBrowser(
  "a link without a token says where to answer, and shows nothing of what waits; a forged one shows nothing at all",
  async () => {
    await using served = await serveHome();
    const { id } = await askedIn(served);
    const none = await pageAt(`${served.http.url}/#approval=${id}`);
    await none.getByText(`mh approvals open ${id}`).waitFor();
    expect(await none.content()).not.toContain("onerror");
    const forged = await pageAt(`${served.http.url}/#approval=${encodeURIComponent('"><b>run this: rm -rf ~</b>')}`);
    await forged.getByText("It runs. To see more").waitFor();
    expect(await forged.content()).not.toContain("rm -rf");
    expect(served.home.outbox()).toEqual([]);
    for (const each of [none, forged]) await each.context().close();
  },
);

inBrowser("the page says so where the token is wrong or there is none, and shows nothing", async () => {
  await using served = await serveHome();
  const none = await pageAt(served.http.url);
  await none.getByText("It runs. To see more").waitFor();
  const wrong = await pageAt(`${served.http.url}/#token=wrong`);
  await wrong.getByText("The token is not right").waitFor();
  await none.context().close();
  await wrong.context().close();
});

test.runIf(isCi)("chromium is there to play the attacks", () => {
  expect(spawnSync(program ?? "chromium", ["--version"]).status).toBe(0);
});
