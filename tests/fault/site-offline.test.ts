import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import { manifestName, SiteFiles } from "@mh/host/serve/http/site-files.ts";
import { siteRoute } from "@mh/host/serve/http/site-route.ts";
import { Hono } from "hono";
import { expect, onTestFinished } from "vitest";
import { freePort } from "../support/free-port.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { live, openPage, phone, signedIn } from "../support/site-browser.ts";
import { governed, linkOf, upHome } from "../support/site-up.ts";
import type { Mh } from "./mh.ts";

const withWorker = { ...phone, serviceWorkers: "allow" } as const;

const asks = async (mh: Mh) => {
  expect((await mh.start(["grant", "give", "agent:clerk", "mail.send"])).code).toBe(0);
  const request = { to: ["bob@new.example"], subject: "Numbers", body: "Recall is 0.79." };
  expect((await mh.start(["act", "mail.send", JSON.stringify(request), "--as", "agent:clerk"])).code).toBe(4);
};

inBrowser("H22 without the daemon the page opens, answers nothing, and keeps a note that is sent once", async () => {
  using mh = await upHome(asks);
  await using visit = await signedIn(browser, linkOf(mh), withWorker);
  const { page, context } = visit;
  await governed(page);
  await openPage(page, "/approvals");
  const deny = page.getByRole("button", { name: "Deny" });
  await expect.poll(() => deny.getAttribute("aria-disabled")).toBe("false");
  expect(mh.run(["daemon", "stop"]).code).toBe(0);
  await page.getByText("No word from mh since").waitFor();
  // What was loaded is read, and answers nothing.
  await page.locator(".card", { hasText: "bob@new.example" }).waitFor();
  expect(await deny.getAttribute("aria-disabled")).toBe("true");
  await deny.click({ force: true });

  await page.goto(new URL("/", page.url()).href);
  await page.getByText("No word from mh").first().waitFor();
  await page.getByRole("button", { name: "Remember something" }).tap();
  await page.getByLabel("What to remember").fill("Marta likes 7:30 meetings");
  await page.locator("#remember").getByRole("button", { name: "Remember", exact: true }).tap();
  await page.getByText("1 note waits in this browser").first().waitFor();
  const second = await context.newPage();
  await second.goto(page.url());
  await page.reload();
  for (const each of [page, second]) await each.getByText("1 note waits in this browser").first().waitFor();
  await page.getByRole("button", { name: "STOP" }).tap();
  await page.getByText("mh stop").first().waitFor();

  expect(mh.run(["daemon", "start"]).code).toBe(0);
  for (const each of [page, second]) {
    await live(each);
    await each.locator(".banner").first().waitFor({ state: "detached" });
  }
  const { out } = mh.run(["audit", "tail", "--json"]);
  const kept = out.split("\n").filter((line) => /"phase":"outcome"/.test(line) && /memory\.capture/.test(line));
  expect(kept.map((line) => /"status":"(\w+)"/.exec(line)?.[1])).toEqual(["done"]);
  expect(mh.run(["search", "Marta 7:30"]).out).toContain("Marta likes 7:30 meetings");
  expect(out).not.toMatch(/approval\.deny|kernel\.stop/);
});

/** The built site at an address of its own, with as much of a daemon as a page needs to think itself live. */
async function served() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-site-"));
  fs.cpSync(path.join(import.meta.dirname, "..", "..", "dist", "site"), folder, { recursive: true });
  const app = new Hono().use(siteRoute(new SiteFiles(folder)) as never);
  app.get("/v1/events", (c) => {
    const stream = new ReadableStream({
      start: (each) => each.enqueue(new TextEncoder().encode('event: ready\ndata: {"after":0,"head":0}\n\n')),
    });
    return c.body(stream, 200, { "content-type": "text/event-stream" });
  });
  app.post("/v1/command", (c) => c.json({ status: "denied", reason: "none here", id: "1" }, 403));
  const listen = (port: number) =>
    new Promise<ServerType>((up) => {
      const fetch = (request: Request) => app.fetch(request, { note: {} });
      const server = serve({ fetch, port, hostname: "127.0.0.1" }, () => up(server));
    });
  let build = fs.readFileSync(path.join(folder, "build.txt"), "utf8").slice(0, 16);
  let server = await listen(await freePort());
  const { port } = server.address() as { port: number };
  const down = () => {
    (server as import("node:http").Server).closeAllConnections();
    return new Promise<void>((done) => void server.close(() => done()));
  };
  onTestFinished(async () => {
    await down();
    fs.rmSync(folder, { recursive: true });
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    down,
    async up() {
      server = await listen(port);
    },
    /** Builds it anew: every page says so, and its worker is another. */
    rebuild(name: string) {
      const manifest = path.join(folder, manifestName);
      const described = JSON.parse(fs.readFileSync(manifest, "utf8"));
      for (const [at, file] of Object.entries<{ file: string; hash: string; encodings: string[] }>(described.files)) {
        if (!/\.(html|js|txt)$/.test(file.file)) continue;
        const whole = path.join(folder, file.file);
        const text = fs.readFileSync(whole, "utf8").replaceAll(build, name);
        fs.writeFileSync(whole, text.replace("<title>", `<title>${name} `));
        Object.assign(file, { hash: `${name}${at}`, encodings: [] });
      }
      build = name;
      fs.writeFileSync(manifest, JSON.stringify(described));
      fs.utimesSync(manifest, new Date(), new Date(Date.now() + 5_000));
    },
  };
}

inBrowser("an old worker serves no page of an old build to a new daemon, and an old page does not stay", async () => {
  const site = await served();
  const context = await browser.newContext(withWorker);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(site.url);
  await page.evaluate(`localStorage.setItem("mh-session", JSON.stringify({ token: "t" }))`);
  await governed(page);
  const titles = () => page.evaluate(`fetch("/").then((a) => a.text()).then((t) => /<title>(\\w+)/.exec(t)[1])`);
  // Of the daemon, not of what was kept.
  site.rebuild("secondsecondseco");
  expect(await titles()).toBe("secondsecondseco");
  // Offline, and then back with another build: the page that was kept is gone as soon as it is live.
  await page.goto(site.url);
  await expect.poll(() => page.evaluate("caches.keys()")).toEqual(["mh-secondsecondseco"]);
  await site.down();
  await page.reload();
  expect(await titles()).toBe("secondsecondseco");
  await page.evaluate("window.isOld = true");
  site.rebuild("thirdthirdthird3");
  await site.up();
  await expect.poll(() => page.evaluate("window.isOld").catch(() => true)).toBe(undefined);
  // The page that came in its place may still be leading on.
  await expect.poll(() => titles().catch(() => undefined)).toBe("thirdthirdthird3");
});

inBrowser("P2 the page and its worker hold to their policies, and the page can be installed", async () => {
  using mh = await upHome();
  await using visit = await signedIn(browser, linkOf(mh), withWorker);
  const { page, complaints } = visit;
  await governed(page);
  const worker = await page.request.get(new URL("/worker.js", page.url()).href);
  expect(worker.headers()["content-security-policy"]).toMatch(/^default-src 'none'; connect-src 'self'; /);
  expect(worker.headers()["cache-control"]).toBe("private, no-cache");
  // No other script may become a worker: the policy of this page makes one address, whatever it is given.
  const other = page.evaluate(`navigator.serviceWorker.register("/assets/x.js").then(() => "taken", () => "refused")`);
  expect(await other).toBe("refused");
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
  expect(complaints.filter((each) => !/TrustedScriptURL/.test(each))).toEqual([]);
});

inBrowser(
  "H22 what is typed beside a memory stays while it cannot be read again, and goes with a memory that is forgotten",
  async () => {
    let id = "";
    using mh = await upHome((each) => {
      id = JSON.parse(each.run(["capture", "Tom met Sarah in Lisbon.", "--json"]).out).id;
    });
    await using visit = await signedIn(browser, linkOf(mh));
    const { page } = visit;
    await openPage(page, `/memory?m=${id}`);
    await page.getByRole("button", { name: "Link…" }).click();
    const type = page.locator(".inspect form input.mono");
    await type.fill("travels-with");
    let isLost = true;
    await page.route("**/v1/command", (route) =>
      isLost && route.request().postData()?.includes("memory.show") ? route.abort() : route.continue(),
    );
    const edit = (text: string) => expect(mh.run(["act", "memory.edit", JSON.stringify({ id, text })]).code).toBe(0);
    edit("Tom met Sarah in Porto.");
    await page.locator(".inspect").getByText("The daemon cannot be reached", { exact: false }).waitFor();
    expect(await type.inputValue()).toBe("travels-with");
    isLost = false;
    edit("Tom met Sarah in Faro.");
    await page.locator(".inspect").getByText("Faro", { exact: false }).first().waitFor();
    expect(await type.inputValue()).toBe("travels-with");
    expect(mh.run(["memory", "forget", id, "--yes"]).code).toBe(0);
    await page.locator(".inspect").getByText("Faro", { exact: false }).first().waitFor({ state: "detached" });
  },
);
