import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OutputFile, Plugin } from "esbuild";

/** Cedar's memory with rules in it. */
export interface PreparedRules {
  schema: string;
  policySets: string[];
  memoryBytes: number;
  /** The length of the table in which Cedar holds values of JavaScript; its memory says which places are free. */
  references: number;
  /** Offsets and lengths: where to put the contents. */
  runs: [number, number][];
  /** Base64. */
  contents: string;
}

const root = join(import.meta.dirname, "..");
export const cedarFolder = join(root, "node_modules", "@cedar-policy", "cedar-wasm", "nodejs");

/**
 * Cedar's own JavaScript as a module: its functions as `library`, and `renewed`, which puts a fresh instance in the place
 * of `wasm`. `path` is the expression for the place of its binary.
 */
export async function readLibrary(path: string): Promise<string> {
  const source = await readFile(join(cedarFolder, "cedar_wasm.js"), "utf8");
  const place = /^const wasmPath = .*;$/m;
  const exported = /^exports\.(\w+) = \1;$/gm;
  const instance = "new WebAssembly.Instance(wasmModule, __wbg_get_imports()).exports;";
  const views = ["cachedDataViewMemory0", "cachedUint8ArrayMemory0"];
  for (const expected of [place, /require\('fs'\)/, ...[`let wasm = ${instance}`, ...views].map(lineWith)])
    if (!expected.test(source)) throw new Error(`Cedar has changed: it has no ${expected} any more.`);
  const module = source
    .replace(place, () => `const wasmPath = ${path};`)
    .replace("require('fs')", () => `process.getBuiltinModule("node:fs")`)
    .replace(exported, "");
  const names = [...source.matchAll(exported)].map(([, name]) => name);
  return `${module}
export const library = { ${names.join(", ")} };
export { wasm };
function renewed() {
  wasm = ${instance}
  ${views.map((view) => `${view} = null;`).join(" ")}
  wasm.__wbindgen_start();
}
`;
}

const lineWith = (text: string): RegExp => new RegExp(`^(let )?${text.replaceAll(/[.()]/g, "\\$&")}`, "m");

/** Bundles Cedar with the shipped rules parsed; the memory that holds them is a file of its own. */
export function preparedCedar(dist: string): { plugin: Plugin; file: OutputFile } {
  const { contents, ...prepared } = prepare();
  const memory = Buffer.from(contents, "base64");
  const name = `chunks/rules-${createHash("sha256").update(memory).digest("hex").slice(0, 8)}.bin`;
  const binaryBytes = statSync(join(cedarFolder, "cedar_wasm_bg.wasm")).size;
  const plugin: Plugin = {
    name: "prepared-cedar",
    setup(build) {
      build.onLoad({ filter: /packages[\\/]core[\\/]src[\\/]policy[\\/]cedar\.ts$/ }, async () => ({
        contents: [
          'import * as nodeFs from "node:fs";',
          'import { createRequire } from "node:module";',
          'import { dirname, join } from "node:path";',
          await readLibrary(
            'join(dirname(createRequire(import.meta.url).resolve("@cedar-policy/cedar-wasm/nodejs")), "cedar_wasm_bg.wasm")',
          ),
          `const { policySets, schema, memoryBytes, references, runs } = ${JSON.stringify(prepared)};`,
          restore(`new URL("./${name.slice("chunks/".length)}", import.meta.url)`, binaryBytes),
        ].join("\n"),
        loader: "js",
      }));
    },
  };
  return { plugin, file: { path: join(dist, name), contents: memory, text: "", hash: "" } };
}

/** Another binary than the build's would not know this memory. */
const restore = (file: string, binaryBytes: number): string => `
if (wasmBytes.length !== ${binaryBytes}) throw new Error("Cedar was exchanged after mh was built. Build mh again.");
const kept = nodeFs.readFileSync(${file});
function restore() {
  wasm.memory.grow((memoryBytes - wasm.memory.buffer.byteLength) / 65536);
  wasm.__wbindgen_externrefs.grow(references - wasm.__wbindgen_externrefs.length);
  const memory = new Uint8Array(wasm.memory.buffer);
  let taken = 0;
  for (const [from, length] of runs) {
    memory.set(kept.subarray(taken, taken + length), from);
    taken += length;
  }
}
restore();
export function renewBy() {}
export const isRenewable = () => true;
export function renew() {
  renewed();
  restore();
}
export const prepared = { schema, policySets: new Set(policySets) };
`;

/** In a process of its own, which runs our sources. */
function prepare(): PreparedRules {
  const folder = mkdtempSync(join(tmpdir(), "mh-build-"));
  try {
    const file = join(folder, "prepared.json");
    const script = join(root, "tools", "prepared-rules.ts");
    execFileSync(process.execPath, ["--conditions=mh-source", script, file], { stdio: "inherit" });
    return JSON.parse(readFileSync(file, "utf8")) as PreparedRules;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
