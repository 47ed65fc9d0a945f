// Builds the site into static files: pages with the hashes of what stands in them, all of it compressed once and for all.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { manifestName, type SiteManifest, workerName } from "../packages/host/src/serve/http/site-files.ts";

interface Built {
  path: string;
  contents: Uint8Array;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};
const compressed = new Set([".html", ".css", ".js", ".svg", ".webmanifest", ".txt"]);

/**
 * What is to be written into `dist/site`, its manifest last, and the paths of all that belongs to it. Nothing is to be
 * written where the site was built from just these sources before.
 */
export async function buildSite(root: string, dist: string): Promise<{ write: Built[]; all: string[] }> {
  const folder = join(dist, "site");
  const sources = await hashOfSources(root);
  const before = await readFile(join(folder, manifestName), "utf8").then(
    (text) => JSON.parse(text) as SiteManifest,
    () => undefined,
  );
  if (before?.sources === sources) return { write: [], all: pathsOf(folder, before) };
  const out = await mkdtemp(join(dist, "site-"));
  try {
    await astroBuild(root, out, sources);
    await buildWorker(root, out, sources);
    await writeFile(join(out, buildName), sources);
    const files = await filesIn(out);
    const manifest: SiteManifest = { sources, files: {} };
    const write: Built[] = [];
    for (const name of files) {
      const contents = await readFile(join(out, name));
      const encoded = encodings(name, contents);
      manifest.files[askedFor(name)] = describe(name, contents, Object.keys(encoded) as ("br" | "gz")[]);
      write.push({ path: join(folder, name), contents });
      for (const [ending, bytes] of Object.entries(encoded))
        write.push({ path: join(folder, `${name}.${ending}`), contents: bytes });
    }
    write.push({ path: join(folder, manifestName), contents: Buffer.from(JSON.stringify(manifest)) });
    return { write, all: pathsOf(folder, manifest) };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Says which build this is, so that a page of another one notices. */
const buildName = "build.txt";

async function astroBuild(root: string, out: string, sources: string): Promise<void> {
  const astro = join(root, "node_modules", "astro", "bin", "astro.mjs");
  const env = {
    ...process.env,
    // What ships is the same whatever the shell that builds it, or the test, is set to.
    NODE_ENV: "production",
    MH_SITE_OUT: out,
    MH_SITE_BUILD: sources,
    ASTRO_TELEMETRY_DISABLED: "1",
    NODE_OPTIONS: "",
  };
  const args = [astro, "build", "--root", join(root, "apps", "site"), "--silent"];
  await promisify(execFile)(process.execPath, args, { cwd: root, env }).catch(
    (error: { stdout: string; stderr: string }) => {
      console.error(error.stdout, error.stderr);
      throw error;
    },
  );
}

/** The service worker knows its build by name, and which files belong to it. */
async function buildWorker(root: string, out: string, sources: string): Promise<void> {
  const files = (await filesIn(out)).sort();
  const paths = (isFixed: boolean) => files.filter((name) => name.startsWith("assets/") === isFixed).map(askedFor);
  await build({
    entryPoints: [join(root, "apps", "site", "worker", "worker.ts")],
    outfile: join(out, workerName),
    bundle: true,
    minify: true,
    // A module worker would not be taken by every browser that takes workers.
    format: "iife",
    target: "es2022",
    define: {
      BUILD: JSON.stringify(sources.slice(0, 16)),
      PAGES: JSON.stringify(paths(false)),
      FIXED: JSON.stringify(paths(true)),
    },
    logLevel: "warning",
  });
}

/** Changes of whatever the site is made from: its own files, the contracts, and the versions of libraries. */
async function hashOfSources(root: string): Promise<string> {
  const hash = createHash("sha256");
  const places = ["apps/site", "packages/contract/src"];
  const own = ["package-lock.json", "tools/build-site.ts"];
  const found = await Promise.all(
    places.map(async (place) => (await filesIn(join(root, place))).map((name) => join(place, name))),
  );
  const sources = found.flat().filter((name) => !/(^|\/)(\.astro|node_modules)\/|\.test\.ts$/.test(name));
  for (const name of [...sources, ...own].sort()) {
    const contents = await readFile(join(root, name));
    hash.update(`${name}\0${contents.length}\0`).update(contents);
  }
  return hash.digest("hex");
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

/** `approvals.html` is what a browser asks for as `/approvals`. */
function askedFor(name: string): string {
  if (name === "index.html") return "/";
  return `/${name.replace(/\.html$/, "")}`;
}

function describe(name: string, contents: Buffer, encodings: ("br" | "gz")[]): SiteManifest["files"][string] {
  const type = types[extname(name)];
  if (!type) throw new Error(`${name}: say in tools/build-site.ts of which type it is.`);
  const html = extname(name) === ".html" ? contents.toString() : "";
  return {
    ...{ file: name, type, hash: sha256(contents, "base64url"), isFixed: name.startsWith("assets/"), encodings },
    ...(html && { scripts: inline(html, "script"), styles: inline(html, "style") }),
  };
}

/** Hashes of what stands inside such elements, for the page's Content Security Policy. */
function inline(html: string, element: "script" | "style"): string[] {
  const found = html.matchAll(new RegExp(`<${element}(?![^>]*\\ssrc=)[^>]*>([\\s\\S]*?)</${element}>`, "g"));
  return [...new Set([...found].map(([, text = ""]) => sha256(text, "base64")))];
}

const sha256 = (data: string | Buffer, as: "base64" | "base64url"): string =>
  createHash("sha256").update(data).digest(as);

function encodings(name: string, contents: Buffer): Record<string, Buffer> {
  if (!compressed.has(extname(name)) || contents.length < 500) return {};
  return {
    br: brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: contents.length } }),
    gz: gzipSync(contents, { level: 9 }),
  };
}

function pathsOf(folder: string, { files }: SiteManifest): string[] {
  const names = Object.values(files).flatMap(({ file, encodings = [] }) => [
    file,
    ...encodings.map((ending) => `${file}.${ending}`),
  ]);
  return [...names, manifestName].map((name) => join(folder, name));
}
