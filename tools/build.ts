// Bundles the CLI into dist/. `bin/mh` runs this whenever a source has changed since dist/.stamp.
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from "esbuild";
import { asciiText } from "./ascii-text.ts";
import { buildSite } from "./build-site.ts";
import { builtins } from "./builtins.ts";
import { preparedCedar } from "./cedar-library.ts";
import { external } from "./external.ts";
import { languageModel } from "./language-model.ts";
import { type PackSettings, packChunks } from "./pack-chunks.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const stamp = join(dist, ".stamp");
// tools/package.ts and tools/package-libraries.ts look after their own.
const packed = ["package/", "packages/"].map((name) => join(dist, name));
const compileCache = join(root, ".node", "compile-cache");
const entry = "mh.js";
const sources = "packages/cli/src";

const laterLoaded: Plugin = {
  name: "later-loaded",
  setup(build) {
    build.onResolve({ filter: /^\.\/main\.ts$/ }, () => ({ path: "./main.js", external: true }));
    // The list of commands names their files; only main.js loads one.
    build.onResolve({ filter: /./ }, ({ kind, path, importer }) =>
      kind === "dynamic-import" && !importer.endsWith("/mh.ts") ? { path, external: true } : undefined,
    );
  },
};

// A daemon loads its chunks late, so the files of earlier builds outlive the build that replaced them.
const keepReplacedMs = 7 * 24 * 60 * 60 * 1000;
// File systems stamp files with a clock that may lag the real one by a tick; an edit in that tick must count as newer.
const clockTickMs = 10;

const loadLean = "packages/host/src/home/load-lean.ts";
/** What is loaded together; doctor and the tour open homes, the rest of the commands leave that to the client. */
const packing: PackSettings = {
  // What says how the rest is to be loaded must not come with the rest.
  client: [...["main", "parser", "connect", "commands/capture"].map((name) => `${sources}/${name}.ts`), loadLean],
  // Half of what a command costs that asks the daemon.
  notForClient: ["node_modules/zod/"],
  home: ["packages/host/src/home/local-client.ts"],
  isLight: (entry) => entry.startsWith(sources) && !/\/(doctor|tour|daemon-run)\.ts$/.test(entry),
  heavy: ["packages/core/src/policy/cedar.ts"],
  libraryBytes: 100_000,
};

const startedAt = new Date(Date.now() - clockTickMs);
const replaced = await previousOutputs();
await mkdir(dist, { recursive: true });
const [outputs, site] = await Promise.all([bundle(), buildSite(root, dist)]);
await keepForLateReaders(replaced);
// Chunks first, the entry last: whoever starts in the middle gets the old program whole or the new one whole.
for (const file of outputs.filter((output) => basename(output.path) !== entry)) await writeWhole(file);
for (const file of site.write) await writeWhole(file);
for (const file of outputs.filter((output) => basename(output.path) === entry)) await writeWhole(file);
await writeStamp();
await sweep();

/**
 * The entry, which answers help and status, is one file, and so is what runs in the sandbox, where no other file
 * is; all the rest is cut into chunks, each loaded when it is needed.
 */
async function bundle(): Promise<OutputFile[]> {
  const cedar = preparedCedar(dist);
  const rest = await bundled({
    entryPoints: { main: `${sources}/main.ts` },
    target: "node24",
    splitting: true,
    plugins: [cedar.plugin, builtins, languageModel(root)],
    packing,
  });
  const first = await bundled({
    entryPoints: { mh: `${sources}/mh.ts` },
    // Any Node that there may be must read it as far as to say that it is too old.
    target: "node16",
    banner: { js: "#!/usr/bin/env node" },
    plugins: [laterLoaded, builtins],
  });
  const folder = "packages/host/src/sandbox";
  const workers = {
    ...{ worker: "entry.ts", relay: "relay-entry.ts", watchdog: "watchdog-entry.ts" },
    parser: "parser/parser-entry.ts",
  };
  const inside = await Promise.all(
    Object.entries(workers).map(([name, file]) =>
      bundled({ entryPoints: { [name]: `${folder}/${file}` }, target: "node24" }),
    ),
  );
  return [...rest, cedar.file, ...inside.flat(), ...first];
}

async function bundled({ packing, ...options }: BuildOptions & { packing?: PackSettings }): Promise<OutputFile[]> {
  const all = {
    absWorkingDir: root,
    outdir: dist,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    format: "esm",
    platform: "node",
    // `module` is esbuild's own, which it drops where others are named.
    conditions: ["mh-source", "module"],
    external,
    sourcemap: "linked",
    legalComments: "external",
    minifySyntax: true,
    logLevel: "warning",
    // A module that takes another's place, as Cedar's does, must have all its names.
    logOverride: { "import-is-undefined": "error" },
    ...options,
    metafile: true as const,
    write: false as const,
  } satisfies BuildOptions & { metafile: true; write: false };
  const result = await build(all).catch(() => process.exit(1)); // esbuild has already shown what is wrong, and where
  refuseLateCommonJs(result.metafile);
  const files = packing ? await packChunks(result.outputFiles, result.metafile, packing, all) : result.outputFiles;
  return files.map(inAscii).map(withRequire);
}

/** `await import()` of a CommonJS library has its named exports in Node, but not in a bundle: it would fail only there. */
function refuseLateCommonJs({ inputs }: Metafile): void {
  for (const [importer, { imports }] of Object.entries(inputs)) {
    for (const { kind, path } of imports) {
      if (kind !== "dynamic-import" || inputs[path]?.format !== "cjs") continue;
      console.error(`${importer} imports ${path} late, and that is CommonJS.`);
      console.error("Import it statically in a module of our own, and import that one late.");
      process.exitCode = 1;
    }
  }
  if (process.exitCode) process.exit();
}

/** In a source map the lines stay true, and columns behind such a character do not. */
function inAscii(file: OutputFile): OutputFile {
  if (!file.path.endsWith(".js") || !/[^\0-\x7f]/.test(file.text)) return file;
  return { ...file, contents: Buffer.from(asciiText(file.text)) };
}

// CommonJS libraries still call require() for Node's own modules. Only the one chunk that does pays for it (about 1 ms),
// and on its first line, so that the source map stays true.
function withRequire(file: OutputFile): OutputFile {
  if (!file.path.endsWith(".js") || !file.text.includes("Dynamic require of")) return file;
  const shim = 'import { createRequire as mhRequire } from "node:module"; const require = mhRequire(import.meta.url); ';
  return { ...file, contents: Buffer.concat([Buffer.from(shim), file.contents]) };
}

async function previousOutputs(): Promise<string[]> {
  const text = await readFile(stamp, "utf8").catch(() => "");
  return text.split("\n").filter(Boolean);
}

async function keepForLateReaders(paths: string[]): Promise<void> {
  const now = new Date();
  for (const path of paths) await utimes(join(dist, path), now, now).catch(() => undefined);
}

async function writeWhole(file: Pick<OutputFile, "path" | "contents">): Promise<void> {
  const temporary = `${file.path}.${process.pid}.tmp`;
  await mkdir(join(file.path, ".."), { recursive: true });
  await writeFile(temporary, file.contents);
  await rename(temporary, file.path);
}

async function writeStamp(): Promise<void> {
  const temporary = `${stamp}.${process.pid}.tmp`;
  const names = current().map((path) => relative(dist, path));
  await writeFile(temporary, `${names.join("\n")}\n`);
  await utimes(temporary, startedAt, startedAt);
  await rename(temporary, stamp);
}

/** The paths of all that this build made, or found made already. */
function current(): string[] {
  return [...outputs.map((file) => file.path), ...site.all];
}

async function sweep(): Promise<void> {
  const kept = new Set(current());
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  for (const file of entries.filter((item) => item.isFile())) {
    const path = join(file.parentPath, file.name);
    if (path === stamp || kept.has(path) || packed.some((folder) => path.startsWith(folder))) continue;
    if (Date.now() - (await stat(path)).mtimeMs > keepReplacedMs) await rm(path);
  }
  await rm(compileCache, { recursive: true, force: true });
}
