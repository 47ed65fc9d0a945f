import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Hono } from "hono";
import { expect, onTestFinished, test } from "vitest";
import { manifestName, SiteFiles, type SiteManifest } from "./site-files.ts";
import { siteRoute } from "./site-route.ts";

const html = { type: "text/html; charset=utf-8", hash: "h1", isFixed: false, scripts: ["abc="], styles: [] };

function site(files: Record<string, string>, described: SiteManifest["files"]) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-site-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  fs.writeFileSync(path.join(folder, manifestName), JSON.stringify({ sources: "s", files: described }));
  const app = new Hono().use(siteRoute(new SiteFiles(folder)) as never);
  const ask = (at: string, headers: Record<string, string> = {}, method = "GET") =>
    app.fetch(new Request(`http://127.0.0.1${at}`, { method, headers }), { note: {} });
  return { folder, ask };
}

const pages = () =>
  site(
    { "index.html": "<p>hi</p>", "index.html.br": "BR", "index.html.gz": "GZ", "a.js": "1", "secret.txt": "no" },
    {
      "/": { ...html, file: "index.html", encodings: ["br", "gz"] },
      "/assets/a.js": { file: "a.js", type: "text/javascript; charset=utf-8", hash: "h2", isFixed: true },
    },
  );

test("P2 a page runs its own scripts and those that the build hashed, and nothing inline beside", async () => {
  const { ask } = pages();
  const answer = await ask("/");
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect([answer.status, await answer.text()]).toEqual([200, "<p>hi</p>"]);
  expect(policy).toContain("script-src 'self' 'sha256-abc='");
  for (const part of [
    "default-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "connect-src 'self'",
  ])
    expect(policy).toContain(part);
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
});

test("what a browser can read compressed comes so, and what it has already does not come again", async () => {
  const { ask } = pages();
  const encoded = async (accept: string) => {
    const answer = await ask("/", { "accept-encoding": accept });
    return [answer.headers.get("content-encoding"), await answer.text()];
  };
  expect(await encoded("gzip, deflate, br, zstd")).toEqual(["br", "BR"]);
  expect(await encoded("gzip, br;q=0")).toEqual(["gzip", "GZ"]);
  expect(await encoded("identity")).toEqual([null, "<p>hi</p>"]);
  const again = await ask("/", { "if-none-match": '"h1"' });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await ask("/")).headers.get("cache-control")).toBe("private, no-cache");
  expect((await ask("/assets/a.js")).headers.get("cache-control")).toContain("immutable");
});

test("P16 nothing is served but what the build listed, by its own path and by GET", async () => {
  const { ask } = pages();
  const asked = [
    "/secret.txt",
    "/site.json",
    "/../site.json",
    "/%2e%2e/site.json",
    "/index.html",
    "/assets/",
    "/constructor",
  ];
  for (const each of asked) expect([each, (await ask(each)).status]).toEqual([each, 404]);
  expect((await ask("/", {}, "POST")).status).toBe(404);
});

test("a new build is served from the next request on", async () => {
  const { ask, folder } = pages();
  expect((await ask("/new")).status).toBe(404);
  fs.writeFileSync(path.join(folder, "new.html"), "new");
  const manifest = path.join(folder, manifestName);
  fs.writeFileSync(manifest, JSON.stringify({ sources: "t", files: { "/new": { ...html, file: "new.html" } } }));
  fs.utimesSync(manifest, new Date(), new Date(Date.now() + 5000));
  expect(await (await ask("/new")).text()).toBe("new");
});
